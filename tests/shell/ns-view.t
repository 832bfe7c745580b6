#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# The file-system view: read-only with everything below, and what is put into it.
. tests/shell/lib.sh
need_root
attackers

mkdir -p "$T/h/sub/deep" "$T/src/dir" "$T/other"
for f in h/file h/sub/file src/file src/dir/file other/file; do
	echo "$f" >"$T/$f"
done
chmod -R a+rwX "$T/h" "$T/src" "$T/other"

litter()
{
	(cd "$T" && find h src other | sort)
}
before=$(litter)

# on_host WHO MOUNT-COMMANDS WORD...: a box on a host with mounts of its own.
on_host()
{
	host_ids='setpriv --reuid 65534 --regid 65534 --clear-groups'
	[ "$1" = nobody ] || host_ids=
	host_mounts=$2
	shift 2
	# shellcheck disable=SC2086 # a list
	run unshare --mount --propagation "${propagation:-private}" /bin/sh -c "$host_mounts"'
	exec "$@"' sh $host_ids "$@"
}

# ---- read-only with everything below it ----------------------------------------------------------

# In the box: mount points whose options lack a word; what is the box's own and meant so is left
# out.
lacks='awk -v word="$1" "\$6 !~ (\"(^|,)\" word \"(,|$)\") { print \$5 }" /proc/self/mountinfo'
nested='mount -t tmpfs -o mode=1777 one "$1" && mkdir "$1/two" && mount -t tmpfs two "$1/two" &&
	mkdir "$1/two/three" && mount -t tmpfs -o dev,suid,exec three "$1/two/three" &&
	chmod 1777 "$1" "$1/two" "$1/two/three" && mknod -m 666 "$1/two/zero" c 1 5 &&
	cp /usr/bin/id "$1/two/id" && chmod 4755 "$1/two/id"'
for who in root nobody; do
	for propagation in private shared; do
		on_host $who "set -- $T/other \"\$@\"; $nested; shift" \
			"$ns" --proc -- /bin/sh -c "set -- ro; $lacks"
		is "$who, $propagation mounts: every mount is read-only but two of the box's own" \
			"$(echo "$out" | sort | tr '\n' ' ')" "/dev/pts /dev/shm "
	done
	on_host $who "set -- $T/other \"\$@\"; $nested; shift" \
		"$ns" --proc -- /bin/sh -c "set -- nosuid; $lacks; set -- nodev; $lacks"
	is "$who: every one without set-uid programs, and without devices but the seven" \
		"$(echo "$out" | sort | tr '\n' ' ')" \
		"/dev/full /dev/null /dev/pts /dev/random /dev/tty /dev/urandom /dev/zero "
	on_host $who "set -- $T/other \"\$@\"; $nested; shift" "$ns" -- /bin/sh -c '
		for d in "$1" "$1/two" "$1/two/three" / /etc /tmp /dev /run /proc; do
			echo x 2>/dev/null >"$d/new" && echo "wrote $d"
		done
		cat "$1/two/zero" >/dev/null 2>&1 && echo "read a device"
		"$1/two/id" -u' sh "$T/other"
	is "$who: nothing of it takes a file, a device does not open, set-uid does nothing" \
		"$out" "$(as $who id -u)"
	on_host $who "set -- $T/other \"\$@\"; $nested; shift" \
		"$ns" --rw "$T/other" -- /bin/sh -c '
		for d in "$1" "$1/two" "$1/two/three"; do
			echo x >"$d/new" && echo "wrote $d"
		done
		cat "$1/two/zero" >/dev/null 2>&1 && echo "read a device"
		"$1/two/id" -u' sh "$T/other"
	is "planted: $who: --rw is recursive, and still without devices and set-uid" "$out" \
		"wrote $T/other
wrote $T/other/two
wrote $T/other/two/three
$(as $who id -u)"
done
propagation=shared
for options in '' '--user inherit'; do
	# shellcheck disable=SC2086 # a list
	on_host root "cd $T" /bin/sh -c 'mkfifo in out; before=$(cat /proc/self/mountinfo)
		"$@" -- /bin/sh -c "echo ready >out; read -r go <in; ls other" >seen &
		read -r ready <out
		[ "$(cat /proc/self/mountinfo)" = "$before" ] && echo "none came out"
		mount -t tmpfs none other && : >other/late
		echo go >in
		wait $!
		cat seen; rm in out seen' sh "$ns" $options
	is "${options:-by default}: no mount comes out of a box, and none gets in" "$out" \
		"none came out
file"
done
propagation=
is "the host's tree is as it was" "$(litter)" "$before"

# ---- --rw, --ro, --bind --------------------------------------------------------------------------

try='for d; do
	if echo new 2>/dev/null >"$d/new"; then echo "rw ${d##*/}"; rm "$d/new"
	else echo "ro ${d##*/}"; fi
done'
for who in root nobody; do
	run as $who "$ns" --rw "$T/h" -- /bin/sh -c "$try" sh "$T/h" "$T/h/sub" "$T/src"
	is "$who: --rw opens one directory" "$out" "rw h
rw sub
ro src"
	run as $who "$ns" --rw "$T/h" --ro "$T/h/sub" -- /bin/sh -c "$try" sh "$T/h" "$T/h/sub" \
		"$T/h/sub/deep"
	is "$who: --ro closes a part of it" "$out" "rw h
ro sub
ro deep"
	run as $who "$ns" --rw "$T/h" --ro "$T/h/sub" --rw "$T/h/sub/deep" -- /bin/sh -c "$try" sh \
		"$T/h" "$T/h/sub" "$T/h/sub/deep"
	is "$who: in order" "$out" "rw h
ro sub
rw deep"
	run as $who "$ns" --rw "$T/h/sub/deep" --ro "$T/h" -- /bin/sh -c "$try" sh "$T/h/sub/deep"
	is "$who: one that the next covers is refused" "$st $out" "125 "
	is "$who: by both names" "$err" "sbx-ns: \"$T/h/sub/deep\" would be covered by \"$T/h\",\
 which comes later; the other order is due"
	run as $who "$ns" --rw / -- /bin/sh -c "$try" sh "$T/h" /proc /dev /run
	is "$who: --rw / opens what the host has" "$out" "rw h
ro proc
ro dev
ro run"
	run as $who "$ns" --rw "$T/h/file" -- /bin/sh -c 'echo changed >"$1" && cat "$1"' sh \
		"$T/h/file"
	is "$who: --rw of a file" "$out" changed
	is "$who: it is the host's" "$(cat "$T/h/file")" changed
	echo h/file >"$T/h/file"
	run as $who "$ns" --bind "$T/src" "$T/h" -- /bin/sh -c 'cat "$1/file" "$1/dir/file"' sh \
		"$T/h"
	is "$who: --bind of a directory" "$out" "src/file
src/dir/file"
	run as $who "$ns" --bind "$T/src" "$T/h" -- /bin/sh -c "$try" sh "$T/h" "$T/src"
	is "$who: writable as far as the host's mount is, there and only there" "$out" "rw h
ro src"
	run as $who "$ns" --bind "$T/src/file" "$T/h/file" -- /bin/cat "$T/h/file"
	is "$who: --bind of a file" "$out" src/file
	run as $who "$ns" --tmp /mnt --bind "$T/src" /mnt/a/b/dir --bind "$T/src/file" /mnt/c/file \
		--ro "$T/h" -- /bin/cat /mnt/a/b/dir/file /mnt/c/file
	is "$who: mount points are made where the place is the box's own" "$out" "src/file
src/file"
	run as $who "$ns" --bind "$T/src/file" /run/x/y -- /bin/cat /run/x/y
	is "$who: also in /run" "$out" src/file
	run as $who "$ns" --bind "$T/src/file" /dev/x/y -- /bin/cat /dev/x/y
	is "$who: and in /dev" "$out" src/file
	run as $who "$ns" --bind "$T/src/file" /dev/x/y -- /bin/sh -c "$try" sh /dev /dev/x
	is "$who: which nothing else can be put into" "$out" "ro dev
ro x"
	status "$who: nowhere else" 125 \
		as $who "$ns" --rw "$T/h" --bind "$T/src" "$T/h/new/point" -- /bin/true
	like "$who: which is told" "$err" \
		'*h/new/point: nothing is made on the host for it: No such*'
	status "$who: a directory does not go over a file" 125 \
		as $who "$ns" --bind "$T/src" "$T/h/file" -- /bin/true
	status "$who: nor a file over a directory" 125 \
		as $who "$ns" --bind "$T/src/file" "$T/h" -- /bin/true
	status "$who: a source that is absent" 125 as $who "$ns" --ro "$T/absent" -- /bin/true
	like "$who: is named" "$err" \
		"*cannot clone the mount at $T/absent: No such file or directory"
done
is "the host's tree is as it was" "$(litter)" "$before"
run "$ns" --tmp /mnt --bind / /mnt/host -- /bin/sh -c 'cat "/mnt/host$1/file"; ls /mnt/host/proc' \
	sh "$T/src"
is "--bind /: the host once more, without its /proc" "$out" src/file
run "$ns" --tmp /mnt --bind / /mnt/host -- /bin/sh -c "$try" sh "/mnt/host$T/h" "$T/h"
is "writable there, and only there" "$out" "rw h
ro h"
on_host nobody "mount -t tmpfs none $T/other; mount -o remount,bind,ro $T/other" \
	"$ns" --rw "$T/other" -- /bin/true
is "--rw of what is read-only on the host is refused" "$st" 125
like "and said" "$err" "*cannot have a writable mount of $T/other: Read-only file system"
on_host root "mount -t tmpfs none $T/other; mount -o remount,bind,ro $T/other" \
	"$ns" --rw "$T/other" -- /bin/true
is "for root too" "$st" 125

# ---- --tmp ---------------------------------------------------------------------------------------

for who in root nobody; do
	run as $who "$ns" --tmp "$T/h" -- /bin/sh -c 'ls -A "$1"; stat -c "%a %u" "$1"
		echo x >"$1/x" && cat "$1/x"' sh "$T/h"
	is "$who: --tmp is empty, for everybody, and can be written to" "$out" \
		"1777 $(as $who id -u)
x"
	run as $who "$ns" --tmp "$T/h:size=64K,mode=0750,nr_inodes=10" -- /bin/sh -c '
		stat -c %a "$1"
		head -c 65536 /dev/zero >"$1/full" && echo "64K fit"
		head -c 1 /dev/zero >>"$1/full" || echo "and no more"
		rm "$1/full"
		for i in 1 2 3 4 5 6 7 8 9 10 11; do true >"$1/$i" || break; done 2>/dev/null
		ls "$1" | wc -l' sh "$T/h"
	is "$who: its limits are kept" "$out" "750
64K fit
and no more
9"
	run as $who "$ns" --tmp "$T/h" -- /bin/sh -c '
		head -c 67108865 /dev/zero >"$1/full" 2>/dev/null
		stat -c %s "$1/full"; rm "$1/full"
		df -i "$1" | awk "END { print \$2 }"' sh "$T/h"
	is "$who: by itself 64 MiB and 16384 files" "$out" "67108864
16384"
	run as $who "$ns" --tmp "$T/h" -- /bin/sh -c 'cp /usr/bin/id "$1/id" && "$1/id" -u' sh \
		"$T/h"
	is "$who: programs in it run" "$out" "$(as $who id -u)"
	status "$who: --tmp where nothing is" 125 as $who "$ns" --tmp "$T/absent" -- /bin/true
	run as $who "$ns" --tmp "$T/h" --tmp "$T/h/a/b" -- /bin/sh -c "$try" sh "$T/h/a/b" "$T/h/a"
	is "$who: one in another" "$out" "rw b
rw a"
done
is "the host's tree is as it was" "$(litter)" "$before"

# ---- --root --------------------------------------------------------------------------------------

r=$T/image
mkdir -p "$r/bin" "$r/dev" "$r/proc" "$r/run" "$r/etc" "$r/place"
cp build/attack/files "$r/bin/files"
cp /bin/busybox "$r/bin/busybox" 2>/dev/null || cp "$(command -v busybox)" "$r/bin/busybox"
ln -s busybox "$r/bin/sh"
ln -s busybox "$r/bin/ls"
ln -s busybox "$r/bin/cat"
echo image >"$r/etc/name"
chmod -R a+rX "$r"
for who in root nobody; do
	run as $who "$ns" --root "$r" -- /bin/sh -c 'cat /etc/name; echo /*; pwd'
	is "$who: --root" "$out" "image
/bin /dev /etc /place /proc /run
/"
	held "$who: it is read-only" as $who "$ns" --root "$r" -- /bin/files create /place/x
	run as $who "$ns" --root "$r" --proc --chdir /place -- /bin/sh -c 'pwd
		cat /proc/sys/kernel/ostype; echo x >/dev/null && echo "${PWD#/}"'
	is "$who: with all of its own" "$out" "/place
Linux
place"
	run as $who "$ns" --root "$r" --ro "$T" -- /bin/true
	is "$who: what the image has no place for is refused" "$st" 125
	run as $who "$ns" --root "$r" --bind "$T/src" /place -- /bin/cat /place/file
	is "$who: a bind into it is the host's" "$out" src/file
done
rmdir "$r/dev"
status "without a place for /dev" 125 "$ns" --root "$r" -- /bin/sh -c true
like "is told" "$err" '*cannot find in the box /dev: *No such file or directory'
status "--no-dev does without" 0 "$ns" --root "$r" --no-dev -- /bin/sh -c true
rmdir "$r/proc" "$r/run"
status "and so does the rest, where the image has no place for it" 0 \
	"$ns" --root "$r" --no-dev -- /bin/sh -c true
status "but not --proc" 125 "$ns" --root "$r" --no-dev --proc -- /bin/sh -c true
status "--root that is absent" 125 "$ns" --root "$T/absent" -- /bin/true
status "--root that is a file" 125 "$ns" --root "$T/h/file" -- /bin/true
rm "$r/bin/files"

# ---- /run, and where /etc/resolv.conf leads ------------------------------------------------------

# A root whose resolv.conf lies in /run, as systemd-resolved has it.
f=$T/fake
mkdir -p "$f/run/resolve/deep" "$f/etc" "$f/bin" "$f/dev" "$f/proc" "$f/old"
echo nameserver 192.0.2.1 >"$f/run/resolve/deep/stub.conf"
echo secret >"$f/run/socket"
cp "$r/bin/busybox" "$f/bin/busybox"
cp "$ns" "$f/bin/sbx-ns"
ln -s busybox "$f/bin/sh"
ln -s busybox "$f/bin/cat"
ln -s busybox "$f/bin/ls"
ln -s busybox "$f/bin/find"
chmod -R a+rX "$f"
# fake WORD...: with that as the root, a mount point.
fake()
{
	run unshare --mount --propagation private /bin/sh -c 'mount --rbind "$1" "$1" &&
		mount --rbind /dev "$1/dev" && mount --rbind /proc "$1/proc" && cd "$1" &&
		pivot_root . old && cd / && /bin/busybox umount -l /old && shift &&
		exec "$@"' sh "$f" \
		/bin/busybox env -i PATH=/bin "$@"
}
for target in ../run/resolve/deep/stub.conf /run/resolve/deep/stub.conf; do
	ln -sf $target "$f/etc/resolv.conf"
	fake /bin/sbx-ns -- /bin/sh -c 'cat /etc/resolv.conf; find /run; cat /run/socket'
	is "$target: it can be read, and is all that /run has" "$out" "nameserver 192.0.2.1
/run
/run/resolve
/run/resolve/deep
/run/resolve/deep/stub.conf"
done
mkdir "$f/var"
ln -s ../run "$f/var/run"
ln -sf /var/run/resolve/deep/stub.conf "$f/etc/resolv.conf"
fake /bin/sbx-ns -- /bin/sh -c 'cat /etc/resolv.conf && echo x >/etc/resolv.conf'
is "by way of /var/run too; it cannot be written to" "$st $out" "1 nameserver 192.0.2.1"
ln -sf /run/absent "$f/etc/resolv.conf"
fake /bin/sbx-ns -- /bin/sh -c 'ls /run'
is "a link to nowhere is no trouble" "$st $out" "0 "
rm "$f/etc/resolv.conf"
echo nameserver 192.0.2.2 >"$f/etc/resolv.conf"
fake /bin/sbx-ns -- /bin/cat /etc/resolv.conf
is "a file of its own is there anyway" "$out" "nameserver 192.0.2.2"
rm -rf "${f:?}/run"
fake /bin/sbx-ns -- /bin/ls /
is "a host without /run" "$(echo "$out" | tr '\n' ' ')" "bin dev etc old proc var "
run "$ns" --ro /run -- /bin/sh -c 'ls -A /run'
is "/run when it is asked for" "$out" "$(ls -A /run)"

# ---- the working directory -----------------------------------------------------------------------

for who in root nobody; do
	run as $who /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$T/h/sub" "$ns" -- /bin/pwd
	is "$who: the caller's is kept" "$out" "$T/h/sub"
	run as $who /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$T/h/sub" \
		"$ns" --tmp "$T/h" -- /bin/pwd
	is "$who: where the box has it not, it is /" "$out" /
	run as $who "$ns" --chdir "$T/src/dir" -- /bin/cat file
	is "$who: --chdir" "$out" src/dir/file
	status "$who: --chdir to nowhere is refused" 125 as $who "$ns" --chdir /absent -- /bin/true
	like "$who: by name" "$err" '*cannot change the working directory to /absent: No such*'
	status "$who: --chdir to a file too" 125 as $who "$ns" --chdir "$T/h/file" -- /bin/true
done
mkdir "$T/gone"
run /bin/sh -c 'cd "$1" && rmdir "$1" && shift && exec "$@"' sh "$T/gone" "$ns" -- /bin/pwd
is "one that was removed is no trouble" "$st $out" "0 /"
is "the host's tree is as it was" "$(litter)" "$before"
finish
