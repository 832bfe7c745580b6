#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Where the program runs: roots with nothing in them, a chroot, an image, thousands of mounts; and
# as a part of sbx-box.
. tests/shell/lib.sh
need_root
attackers

# A root with our program and a payload, and nothing else: no shell, no /proc, no /dev.
s=$T/scratch
mkdir "$s" "$s/old"
for program in sbx-ns mounts inventory files leave; do
	cp "$T/bin/$program" "$s"
done
echo untouched >"$s/file"
# scratch SCRIPT WORD...: there as a container has it, a mount point, with what the script makes
# first.
scratch()
{
	scratch_script=$1
	shift
	run unshare --mount --propagation private /bin/sh -c 'mount --rbind "$1" "$1" && cd "$1" &&
		'"$scratch_script"' && shift && pivot_root . old && exec ./leave "$@"' sh "$s" "$@"
}

scratch : /sbx-ns --version
like "an image with nothing else in it: it starts" "$out" 'sbx-ns *'
scratch : /sbx-ns -- /files others 3
is "without /proc no user namespace can be mapped" "$st" 125
like "which is told, with what would do" "$err" '*needs /proc*--user inherit*'
scratch : /sbx-ns --user inherit -- /files others 3
is "nor is there a place for /dev" "$st" 125
like "which is told" "$err" '*cannot find in the box /dev*'
scratch : /sbx-ns --user inherit --no-dev -- /files others 3
is "without either it works" "$st $out" "1 held no other descriptor: Bad file descriptor"
scratch : /sbx-ns --user inherit --no-dev -- /files write /file
is "and is read-only" "$st $out" "1 held /file: Read-only file system"
scratch : /sbx-ns --user inherit --no-dev --rw / -- /files write /file
is "planted: where it is not" "$st" 0
echo untouched >"$s/file"
scratch : /sbx-ns --user inherit --no-dev --rw /file -- /files write /file
is "one file can be" "$st" 0
echo untouched >"$s/file"
mkdir "$s/proc" "$s/dev" "$s/run" "$s/mnt"
scratch : /sbx-ns --user inherit --no-dev --proc -- /inventory
is "an empty /proc is place enough for one of its own" "$st" 0
with_proc='mount -t proc none proc'
scratch "$with_proc" /sbx-ns --no-dev -- /files write /file
is "with /proc: by default" "$st $out" "1 held /file: Read-only file system"
scratch "$with_proc" /sbx-ns -- /files write /file
is "where the host has no devices there are none to be had" "$st" 125
like "which is told" "$err" '*cannot clone the mount at /dev/null*'
scratch "$with_proc && mount --rbind /dev dev" /sbx-ns --proc -- /inventory
is "with both it is a box" "$st" 0
like "of every namespace" "$out" '*namespace user new*namespace mnt new*namespace pid new*'

# Without /proc nothing is known of the root but that it may be the kernel's first, which cannot be
# pivoted: it is covered, and left by chroot. What lies below stays out of reach.
while read -r title words; do
	# shellcheck disable=SC2086 # a list
	scratch : /sbx-ns --user inherit --no-dev --tmp /mnt -- /mounts nested $words
	like "a covered root: $title" "$st $out" '1 held*'
done <<'END'
remount remount /
setattr setattr /
umount umount /
move move / /mnt
tmp umount /mnt
look uncover / mnt
pivot pivot /mnt
chroot chroot /mnt /file
END
run "$ns" --print-facts
echo "$out" >"$T/facts"
echo root_initramfs >>"$T/facts"
run "$ns" --facts "$T/facts" --plan -- /bin/true
like "on an initramfs the plan says chroot" "$out" '*box *chroot*'
case $out in
*pivot_root* | *umount-old*) fail "and nothing is pivoted" "$out" ;;
*) pass "and nothing is pivoted" ;;
esac

# A plain chroot: mounts could not be kept from the host.
run chroot "$s" /sbx-ns -- /inventory
is "a plain chroot without /proc" "$st$out" 125
run chroot "$s" /sbx-ns --user inherit --no-dev -- /inventory
is "and without a user namespace" "$st$out" 125
like "is told" "$err" '*cannot cut mount propagation: Invalid argument'
mount -t proc none "$s/proc"
run chroot "$s" /sbx-ns -- /inventory
is "with /proc" "$st$out" 125
like "the reason is given" "$err" '*is no mount point here (a plain chroot)*'
umount "$s/proc"
run chroot "$s" /sbx-ns --user inherit --mount inherit --pid inherit --net inherit --ipc inherit \
	--uts inherit --cgroup inherit --time inherit -- /files others 3
is "what needs no view works there" "$st" 1

# ---- many mounts ---------------------------------------------------------------------------------

mkdir "$T/src" "$T/many"
echo x >"$T/src/file"
seq 0 1999 | (cd "$T/many" && xargs mkdir)
set --
own=
i=0
while [ $i -lt 2000 ]; do
	set -- "$@" --bind "$T/src" "$T/many/$i"
	own="$own --bind $T/src /mnt/d/$i"
	i=$((i + 1))
done
for who in root nobody; do
	run as $who "$ns" "$@" -- /bin/sh -c 'cat "$1"/*/file | wc -l' sh "$T/many"
	is "$who: 2000 binds" "$st $out$err" "0 2000"
	# shellcheck disable=SC2086 # a list
	run as $who "$ns" --tmp /mnt $own -- /bin/sh -c 'cat /mnt/d/*/file | wc -l'
	is "$who: 2000 with mount points of the box's own" "$st $out$err" "0 2000"
done
run "$ns" --check "$@" "$@" -- /bin/true
is "none twice" "$st" 125
set --
i=0
while [ $i -lt 17 ]; do
	set -- "$@" --bind / "/mnt/$i"
	i=$((i + 1))
done
run "$ns" --tmp /mnt "$@" -- /bin/true
is "the root is bound 16 times at most" "$st" 125
like "which is told" "$err" '*bound more than 16 times*'
# on a host that has many itself
run unshare --mount --propagation private /bin/sh -c 'cd "$1"; i=0; while [ $i -lt 300 ]; do
	mount --bind src many/$i; i=$((i + 1)); done; shift; exec "$@"' sh "$T" \
	"$ns" --proc -- /bin/sh -c 'grep -c "/many/.* ro," /proc/self/mountinfo'
is "every mount of a host with hundreds is read-only" "$out" 300

# ---- as a part of sbx-box ------------------------------------------------------------------------

ln -s sbx-box "$T/bin/link"
mkdir "$T/links"
ln -s "$box" "$T/links/sbx-ns"
for who in root nobody; do
	status "$who: sbx-box ns" 42 as $who "$box" ns -- /bin/sh -c 'exit 42'
	status "$who: sbx-box sbx-ns" 42 as $who "$box" sbx-ns -- /bin/sh -c 'exit 42'
	status "$who: through a link of its name" 42 as $who "$T/links/sbx-ns" -- /bin/sh -c \
		'exit 42'
	as $who "$box" ns -- "$T/bin/files" from 0 tmp 0<&- >"$T/said"
	is "$who: closed descriptors are no way out here either" $? 1
done
status "another name" 125 "$T/bin/link" -- /bin/true
finish
