#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# /dev and /proc of a box.
. tests/shell/lib.sh
need_root

# ---- /dev ----------------------------------------------------------------------------------------

for who in root nobody; do
	for dev in '' --dev; do
		run as $who "$ns" $dev -- /bin/sh -c 'cd /dev; echo *'
		is "$who${dev:+, $dev}: what /dev has" "$out" \
			"fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"
	done
	run as $who "$ns" -- /bin/sh -c \
		'cd /dev; stat -c "%n %F %t:%T" null zero full random urandom tty'
	is "$who: its nodes" "$out" "null character special file 1:3
zero character special file 1:5
full character special file 1:7
random character special file 1:8
urandom character special file 1:9
tty character special file 5:0"
	run as $who "$ns" --proc -- /bin/sh -c 'cd /dev
		for l in fd stdin stdout stderr ptmx; do echo "$l $(readlink $l)"; done
		{ echo through stdout >/dev/stdout; echo through fd 1 >/dev/fd/1
		echo through stderr 2>&1 >/dev/stderr; } | cat'
	is "$who: its links" "$out" "fd /proc/self/fd
stdin /proc/self/fd/0
stdout /proc/self/fd/1
stderr /proc/self/fd/2
ptmx pts/ptmx
through stdout
through fd 1
through stderr"
	run as $who "$ns" -- /bin/sh -c 'echo x >/dev/null && echo null
		[ "$(head -c 3 /dev/zero | od -An -tx1)" = " 00 00 00" ] && echo zero
		[ "$(head -c 64 /dev/urandom | od -An -tx1)" != \
			"$(head -c 64 /dev/urandom | od -An -tx1)" ] && echo urandom
		[ "$(head -c 64 /dev/random | wc -c)" = 64 ] && echo random
		echo x 2>/dev/null >/dev/full || echo full
		cat </dev/null && echo end of null'
	is "$who: they do what they are for" "$out" "null
zero
urandom
random
full
end of null"
	run as $who "$ns" -- /usr/bin/python3 -c '
import os, pty, tty
m, s = pty.openpty()
tty.setraw(s)
print(os.ttyname(s))
os.write(m, b"typed")
print(os.read(s, 5).decode())'
	is "$who: pseudo-terminals are its own, from number 0" "$out" "/dev/pts/0
typed"
	run as $who "$ns" -- /bin/sh -c 'echo shared >/dev/shm/x && cat /dev/shm/x
		head -c 67108865 /dev/zero 2>/dev/null >/dev/shm/full; stat -c %s /dev/shm/full
		cp /bin/true /dev/shm/true && /dev/shm/true || echo does not run'
	is "$who: /dev/shm has 64 MiB, and no programs" "$out" "shared
67104768
does not run"
	run as $who "$ns" -- /bin/sh -c 'for f in /dev/x /dev/pts/x; do true >$f && echo $f; done
		mkdir /dev/d && echo made; rm /dev/null && echo removed
		chmod 600 /dev/null && echo mode'
	is "$who: nothing else goes into /dev, or out" "$out" ""
done
run "$ns" -- /bin/stat -c '%a %u %g' /dev /dev/pts /dev/shm /dev/null /dev/pts/ptmx
is "modes and owners for root" "$out" "755 0 0
755 0 0
1777 0 0
666 0 0
666 0 0"
run "$ns" -- /usr/bin/python3 -c '
import os, pty
m, s = pty.openpty()
st = os.fstat(s)
print("%o %d %d" % (st.st_mode & 0o7777, st.st_uid, st.st_gid))'
is "a terminal of root's belongs to group tty" "$out" "620 0 5"
for who in root nobody; do
	run as $who "$ns" --no-dev -- /bin/sh -c 'ls /dev | wc -l; cat /dev/zero >/dev/null'
	is "$who: --no-dev shows the host's" "$(echo "$out" | head -n 1)" \
		"$(find /dev -mindepth 1 -maxdepth 1 | wc -l)"
	like "$who: of which none can be opened" "$err" "*/dev/null: Permission denied"
done
status "--dev and --no-dev" 125 "$ns" --dev --no-dev -- /bin/true
like "exclude each other" "$err" '*exclude each other*'

# ---- /proc ---------------------------------------------------------------------------------------

for who in root nobody; do
	run as $who "$ns" -- /bin/sh -c 'ls -A /proc; stat -c "%a %F" /proc; true >/proc/x'
	is "$who: without --proc it is empty, and takes nothing" "$out" "555 directory"
	run as $who "$ns" --proc -- /bin/sh -c 'cd /proc; echo [0-9]*; cat 1/comm self/comm'
	is "$who: --proc shows the box's processes, and only those" "$out" "1 2
sbx-ns
cat"
	run as $who "$ns" --proc -- /bin/sh -c 'echo x >/proc/sys/kernel/domainname
		echo 1000 >/proc/self/oom_score_adj; echo x >/proc/self/comm'
	is "$who: nothing in it can be written to" "$(echo "$err" | grep -c Read-only)" 3
	run as $who "$ns" --proc --proc-subset -- /bin/sh -c 'cd /proc; echo *'
	is "$who: --proc-subset shows nothing else" "$out" "1 2 self thread-self"
	run as $who "$ns" --proc -- /bin/cat /proc/self/mounts
	is "$who: it lies over the host's" \
		"$(echo "$out" | awk '$3 == "proc" { print $2, $4 }' | tail -n 1)" \
		"/proc ro,nosuid,nodev,noexec,relatime"
	run as $who "$ns" --proc --no-init -- /bin/sh -c 'echo $$; cd /proc; echo [0-9]*'
	is "$who: --no-init: the payload is PID 1" "$out" "1
1"
done
status "--proc-subset alone" 125 "$ns" --proc-subset -- /bin/true
like "asks for --proc" "$err" '*--proc*is due*'
status "--proc of the host's processes" 125 "$ns" --proc --pid inherit -- /bin/true
like "asks for a PID namespace" "$err" '*--pid new*is due*'
# A proc file system that the host has elsewhere would show the host's processes.
mkdir "$T/proc"
run unshare --mount /bin/sh -c 'mount -t proc none "$1/proc" && shift && exec "$@"' sh "$T" \
	"$ns" --proc -- /bin/sh -c 'echo "$1/proc"/*' sh "$T"
is "another proc of the host is hidden" "$out" "$T/proc/*"
run unshare --mount /bin/sh -c 'mount -t proc none "$1/proc" && shift && exec "$@"' sh "$T" \
	"$ns" --tmp /mnt --bind "$T" /mnt/t -- /bin/sh -c 'echo /mnt/t/proc/*'
is "also where a bind brings it along" "$out" "/mnt/t/proc/*"
run unshare --mount /bin/sh -c 'mount -t proc none "$1/proc" && shift && exec "$@"' sh "$T" \
	"$ns" --bind "$T/proc" /mnt -- /bin/sh -c 'echo /mnt/*'
is "or is one, which is refused" "$st $out" "125 "
like "with the way to another" "$err" \
	"sbx-ns: \"$T/proc\" is the host's proc file system, which no box shows; *--proc*"
run unshare --mount /bin/sh -c 'mount -t proc none "$1/proc" && shift && exec "$@"' sh "$T" \
	"$ns" --ro "$T/proc/1" -- /bin/sh -c "echo $T/proc/1/*"
is "so is a part of one" "$st $out" "125 "
# As nobody, a fresh /proc needs a whole one outside.
run unshare --mount /bin/sh -c 'mount -t tmpfs none /proc/tty && exec "$@"' sh \
	setpriv --reuid 65534 --regid 65534 --clear-groups "$ns" --proc -- /bin/true
is "where the one outside is partly covered, as in a container" "$st" 125
like "nobody is told that" "$err" '*a fresh /proc is refused by the kernel here*'
run unshare --mount /bin/sh -c 'mount -t tmpfs none /proc/tty && exec "$@"' sh \
	setpriv --reuid 65534 --regid 65534 --clear-groups "$ns" -- /bin/sh -c 'exit 7'
is "and has boxes without" "$st" 7
run unshare --mount /bin/sh -c 'umount -l /proc && exec "$@"' sh "$ns" -- /bin/true
is "no /proc outside" "$st" 125
like "is told" "$err" '*a new user namespace needs /proc*'
run unshare --mount /bin/sh -c 'umount -l /proc && exec "$@"' sh \
	"$ns" --user inherit -- /bin/sh -c 'exit 7'
is "and without a user namespace is no trouble" "$st" 7
finish
