#!/bin/busybox sh
# shellcheck shell=dash disable=SC2016 # scripts for other shells
# sbx where "/" is the initramfs itself and the first process a few lines of shell: nothing can be
# pivoted away, there is no systemd, and what is below the box's root is the machine.
. tests/shell/lib.sh

# this shell takes its own setpriv for that
as_nobody()
{
	/bin/setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

escape=$T/bin/escape
cp build/vm/escape "$T/bin"

# What is out: a file that no box shows, in /run and in the folder that /run is mounted over.
mount --bind / /mnt
touch /run/outside /mnt/run/outside
umount /mnt
mkdir /data /box

# ---- where we are ------------------------------------------------------------------------------

like "/ is the first root" "$(head -n 1 /proc/self/mountinfo)" "1 1 * / / rw - rootfs *"
is "the first process is a shell" "$(readlink /proc/1/exe)" /bin/busybox
is "no systemd" "$(ls -d /run/systemd 2>/dev/null)" ""
is "ordinary users may make user namespaces" "$(cat /proc/sys/kernel/unprivileged_userns_clone)" 1

# ---- the plan ----------------------------------------------------------------------------------

run "$ns" --plan -- true
is "--plan ends with 0" "$st" 0
like "the plan changes the root by chroot" "$out" "*
box   chroot
*"
is "and by nothing else" "$(echo "$out" | grep -c -e pivot_root -e umount-old)" 0
is "the machine's proc and sysfs, which stay below, are covered" \
	"$(echo "$out" | grep -E '^box +open /' | tr -s ' ' | cut -d ' ' -f 3)" "/proc
/sys"
run "$ns" --print-facts
like "the facts say so" "$out" "*
root_initramfs
*"

# ---- what a payload sees -----------------------------------------------------------------------

# What it can do, a word each; the same for every user.
cat >"$T/look" <<'END'
touch /here 2>/dev/null && echo root-written
touch /tmp/here 2>/dev/null && echo tmp-written
touch /dev/here 2>/dev/null && echo dev-written
touch /run/here 2>/dev/null && echo run-written
touch /sys/fs/cgroup/cgroup.procs 2>/dev/null && echo cgroup-written
mkdir /sys/fs/cgroup/here 2>/dev/null && echo cgroup-made
echo 1 >/dev/null || echo null-refused
echo 1 >/dev/full && echo full-not-full
head -c 1 /dev/zero >/dev/null || echo zero-refused
echo 1 >/dev/shm/here || echo shm-refused
mknod /dev/shm/console c 5 1 2>/dev/null && echo device-made
echo "dev: $(echo /dev/*)"
echo "proc: $(echo /proc/*)"
echo "run: $(echo /run/*)"
END
saw="dev: /dev/fd /dev/full /dev/null /dev/ptmx /dev/pts /dev/random /dev/shm /dev/stderr \
/dev/stdin /dev/stdout /dev/tty /dev/urandom /dev/zero
proc: /proc/*
run: /run/*"

run "$ns" -- sh "$T/look"
is "root: a read-only root, an own /dev, no /proc, no /run" "$out" "$saw"
run as_nobody "$ns" -- sh "$T/look"
is "an ordinary user: the same" "$out" "$saw"
run "$ns" --user inherit -- sh "$T/look"
is "without a user namespace: the same" "$out" "$saw"
is "nothing was written outside" \
	"$(ls -d /here /tmp/here /dev/here /run/here /sys/fs/cgroup/here 2>/dev/null)" ""
status "root: the payload's status" 42 "$ns" -- sh -c 'exit 42'
status "root: its signal" 137 "$ns" -- sh -c 'kill -9 $$'
status "an ordinary user: the payload's status" 42 as_nobody "$ns" -- sh -c 'exit 42'
status "a program that is not there" 127 "$ns" -- /nowhere
run "$ns" --proc -- sh -c '
	echo /proc/[0-9]*
	grep -E "^(Cap(Prm|Eff|Amb)|NoNewPrivs)" /proc/self/status'
is "--proc: two processes, no capability" "$out" "/proc/1 /proc/2
CapPrm:	0000000000000000
CapEff:	0000000000000000
CapAmb:	0000000000000000
NoNewPrivs:	1"
run as_nobody "$ns" --proc -- sh -c 'id -u; cat /proc/self/uid_map; echo /proc/[0-9]*'
is "an ordinary user keeps its id, and only that" "$(echo "$out" | tr -s ' ')" "65534
 65534 65534 1
/proc/1 /proc/2"
run "$ns" --hostname inside -- sh -c 'hostname; ip -o link | cut -d : -f 2'
is "an own hostname and network" "$out" "inside
 lo"
is "outside they stay" "$(hostname)" vm

# ---- no way back -------------------------------------------------------------------------------

# held TITLE COMMAND...: every attempt to get out failed.
held()
{
	held_title=$1
	shift
	run "$@" "$escape"
	like "$held_title" "$st: $out$err" "0: * held, 0 outside"
}

held "root: no way back" "$ns" --
held "root with --proc: no way back" "$ns" --proc --
held "without a user namespace: no way back" "$ns" --proc --user inherit --
held "without an init of ours: no way back" "$ns" --proc --no-init --
held "an ordinary user: no way back" as_nobody "$ns" --proc --
run "$ns" --user inherit -- "$escape"
is "the attempts are made with and without namespaces of one's own" "$out" "34 held, 0 outside"
run "$ns" --ro /run -- "$escape"
like "it is seen when a box shows the machine's /run" "$out" "stand still: OUTSIDE*"
run "$ns" --rw / -- "$escape"
like "it is seen when a box's root is writable" "$out" "stand still: OUTSIDE*"
# The same view made by hand, for somebody who keeps its rights: the attempts are good ones.
run unshare -m sh -c '
	mount --rbind / /box && mount -t tmpfs hide /box/run && mount -o remount,bind,ro /box &&
	cd /box && mount --move . / && exec chroot . "$1"' sh "$escape"
is "they get out of a box whose payload keeps its rights" "$out" "unmount: OUTSIDE
unmount and join: OUTSIDE
pivot: OUTSIDE
pivot onto itself: OUTSIDE
bind without what hides: OUTSIDE
bind and unmount: OUTSIDE
move what hides: OUTSIDE
remount: OUTSIDE
clone one mount: OUTSIDE
processes: OUTSIDE
init can be traced
trace: OUTSIDE
fresh file systems: OUTSIDE
nested: fresh file systems: OUTSIDE
21 held, 13 outside"

# ---- paths -------------------------------------------------------------------------------------

echo host >/data/f
run "$ns" --rw /data --tmp /box --bind /data /mnt -- sh -c '
	echo box >/data/g; echo box >/mnt/h; echo box >/box/i; touch /here; ls /data /mnt /box'
is "--rw, --bind and --tmp are what they say" "$out" "/box:
i

/data:
f
g
h

/mnt:
f
g
h"
like "and nothing else is writable" "$err" "touch: /here: Read-only file system"
is "what was written is outside" "$(ls /data)" "f
g
h"
is "but not what was in memory" "$(ls /box)" ""
status "--rw / makes the root writable" 0 "$ns" --rw / -- touch /written
is "which is the machine's" "$(ls -d /written)" /written
mkdir -p /box/bin /box/dev /box/proc
cp /bin/busybox /box/bin
run "$ns" --root /box --bind /data /proc -- /bin/busybox ls / /proc
is "--root takes a folder" "$out" "/:
bin
dev
proc

/proc:
f
g
h"
rm -r /box/* /data/* /written

# ---- less than that is mounted -----------------------------------------------------------------

# without PLACE COMMAND...: where nothing is mounted there.
without()
{
	unshare -m sh -c 'umount -l "$1" && shift && exec "$@"' sh "$@"
}

# The same as an ordinary user.
nobody_without()
{
	place=$1
	shift
	without "$place" /bin/setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

needs='a new user namespace needs /proc to write its id maps, and none is mounted; mount one'
status "without /proc a user namespace is refused" 125 without /proc "$ns" -- true
is "and it is said what would do" "$err" "sbx-ns: $needs, or take --user inherit"
status "an ordinary user is refused" 125 nobody_without /proc "$ns" -- true
is "and not sent in a circle" "$err" "sbx-ns: $needs"
status "nor helped by --user inherit" 125 nobody_without /proc "$ns" --user inherit -- true
is "which is told" "$err" "sbx-ns: namespaces without a new user namespace need CAP_SYS_ADMIN; \
mount /proc and take --user new"
run without /proc "$ns" --user inherit -- sh "$T/look"
is "without /proc, --user inherit: the same box" "$out" "$saw"
held "without /proc: no way back" without /proc "$ns" --user inherit --
held "without /proc but in the box: no way back" without /proc "$ns" --user inherit --proc --
run without /proc "$ns" --user inherit --receipt -- true
like "and the receipt is the same" "$err" "*
  user            open        inherited
*
  tree            enforced    init's end is the end of every process in the box  (pid namespace)
*
verdict  exit 0*"
status "without /dev an own one cannot be made" 125 without /dev "$ns" -- true
is "and it is said what would do" "$err" "sbx-ns: cannot clone the mount at /dev/null \
(a devtmpfs on /dev, or --no-dev, is due): No such file or directory"
status "--no-dev does without" 42 without /dev "$ns" --no-dev -- sh -c 'exit 42'

# ---- hooks -------------------------------------------------------------------------------------

cat >"$T/hook" <<'END'
#!/bin/sh
read -r request
case $request in
*leave*)
	# out of the session, the group and the parent's sight, deaf, with the pipes in hand; we go
	# on when it is
	exec 3>&1
	: "$(setsid sh -c 'trap "" TERM HUP INT; exec >&3; while :; do sleep 1000; done' &)"
	;;
*hang*)
	trap '' TERM
	while :; do sleep 1000; done
	;;
esac
touch /here 2>/dev/null && written=true
group=$(cat /proc/self/cgroup 2>/dev/null)
echo "{\"allow\": true, \"metadata\": {\"written\": ${written:-false}, \"group\": \"$group\"}}"
END
chmod 755 "$T/hook"
hook_keys="\"command\": \"$T/hook\", \"hook\": \"tool\", \"phases\": [\"before_execution\"],
			\"grace\": \"100ms\""
cat >"$T/hooks.json" <<END
{
	"sandboxes": {
		"spaces": { "level": "namespaced", "mount_proc": true },
		"nothing": { "level": "none" }
	},
	"hooks": {
		"spaces": { $hook_keys, "sandbox": "spaces", "timeout": "1m" },
		"spaces-soon": { $hook_keys, "sandbox": "spaces", "timeout": "3s" },
		"nothing": { $hook_keys, "sandbox": "nothing", "timeout": "1m" },
		"nothing-soon": { $hook_keys, "sandbox": "nothing", "timeout": "3s" }
	}
}
END

# ask NAME WORD COMMAND...: the hook is asked once.
ask()
{
	ask_name=$1
	printf '{"hook": "tool", "phase": "before_execution", "request": "%s"}\n' "$2" >"$T/request"
	shift 2
	run sh -c 'in=$1; shift; exec "$@" <"$in"' sh "$T/request" \
		"$@" "$hook" run -f "$T/hooks.json" --receipt "$ask_name"
}

# The pids of what is of the hook's.
of_hook()
{
	for folder in /proc/[1-9]*; do
		! tr '\0' ' ' <"$folder/cmdline" | grep -q -e "$T/hook" -e 'sleep 1000' ||
			echo "${folder#/proc/}"
	done 2>/dev/null
}

# What is left, once its verdict was given.
remains()
{
	of_hook
	find /sys/fs/cgroup -mindepth 1 -type d
}

ask spaces plain env
is "a hook in namespaces is answered" "$st: $out" \
	'0: {"allow":true,"metadata":{"written":false,"group":"0::/"}}'
ask spaces leave env
is "one that leaves a process behind is, too" "$st: $out" \
	'0: {"allow":true,"metadata":{"written":false,"group":"0::/"}}'
is "and nothing of it remains" "$(remains)" ""
ask spaces-soon hang env
is "one that hangs is ended" "$st" 124
is "and nothing of it remains" "$(remains)" ""

ask nothing plain env
like "a hook at level none is answered, in a group of its own" "$st: $out" \
	'0: {"allow":true,"metadata":{"written":true,"group":"0::/sbx.*"}}'
like "which the receipt names" "$err" "*
  tree            enforced    one kill ends every process of the box  (cgroup.kill)
*"
ask nothing leave env
like "one that leaves a process behind is, too" "$st: $out" '0: {"allow":true,*'
is "and nothing of it remains" "$(remains)" ""
ask nothing-soon hang env
is "one that hangs is ended" "$st" 124
is "and nothing of it remains" "$(remains)" ""
rm /here

# Our caller's group: it has controllers, a limit and a process, so that none may be enabled in it.
mkdir /sys/fs/cgroup/caller
echo 100 >/sys/fs/cgroup/caller/pids.max
cat >"$T/join" <<'END'
echo $$ >/sys/fs/cgroup/caller/cgroup.procs
exec "$@"
END
ask nothing leave sh "$T/join"
like "the group is made in the caller's" "$st: $out" '0: {*"group":"0::/caller/sbx.*"}}'
is "and only the caller's remains" "$(remains)" /sys/fs/cgroup/caller
rmdir /sys/fs/cgroup/caller
rm /here

ask spaces plain unshare -m sh -c 'umount -l /proc && exec "$@"' sh
is "without /proc a hook in namespaces is refused" "$st" 125
like "with the reason, and no option that it does not have" "$err" "sbx-hook: *: $needs"
ask nothing plain unshare -m sh -c 'umount -l /proc && exec "$@"' sh
is "one at level none is answered" "$st: $out" \
	'0: {"allow":true,"metadata":{"written":true,"group":""}}'
like "and the receipt says what is not to be had" "$err" "*
  tree            best-effort *  (subreaper)
*"
ask nothing leave unshare -m sh -c 'umount -l /proc && exec "$@"' sh
like "one that leaves a process behind is answered, too" "$st: $out" '0: {"allow":true,*'
like "and as it can be neither named nor ended, it is told" "$err" \
	"*; processes that could not be ended: 1"
for pid in $(of_hook); do
	kill -KILL "$pid"
done
rm /here
finish
