#!/bin/sh
# Attacks on the host's files, each once more where a hole was left.
. tests/shell/lib.sh
need_root
attackers
files=$T/bin/files

# What root and nobody own on the host, each in a directory of its own; and where both may write.
for who in root nobody; do
	mkdir -p "$T/$who/sub"
	echo untouched >"$T/$who/file"
	echo untouched >"$T/$who/sub/file"
	cp "$files" "$T/$who/first"
	cp "$files" "$T/$who/second"
done
chown -R 65534:65534 "$T/nobody"
mkdir "$T/open"
chmod 1777 "$T/open"

# whole WHO: what the attacker could have changed is as it was.
whole()
{
	is "$1: the file is as it was" "$(cat "$T/$1/file" "$T/$1/sub/file")" "untouched
untouched"
	is "$1: and alone" "$(cd "$T/$1" && echo *)" "file first second sub"
}

for who in root nobody; do
	own=$T/$who
	held "$who: writing to a file of its own" as $who "$ns" -- "$files" write "$own/file"
	held "$who: making one" as $who "$ns" -- "$files" create "$own/new"
	held "$who: making one where everybody may" as $who "$ns" -- "$files" create "$T/open/new"
	held "$who: changing its mode" as $who "$ns" -- "$files" mode "$own/file"
	held "$who: through the root of a process" \
		as $who "$ns" --proc -- "$files" roots "$own/file"
	held "$who: below what is writable, where that is not" \
		as $who "$ns" --rw "$own" --ro "$own/sub" -- "$files" write "$own/sub/file"
	held "$who: beside what is writable" \
		as $who "$ns" --rw "$own/sub" -- "$files" write "$own/file"
	held "$who: the program it is executed from" \
		as $who "$ns" --proc -- "$own/first" exe "$own/second"
	held "$who: what PID 1 would tell" as $who "$ns" --proc -- "$files" links 1
	whole $who

	hole "$who: outside" as $who "$files" write "$own/file"
	hole "$who: making one" as $who "$ns" --rw "$T/open" -- "$files" create "$T/open/$who"
	hole "$who: changing the mode" as $who "$ns" --rw "$own" -- "$files" mode "$own/file"
	hole "$who: through the root of a process" as $who "$files" roots "$own/file"
	hole "$who: below what is writable" \
		as $who "$ns" --rw "$own" -- "$files" write "$own/sub/file"
	hole "$who: --rw /" as $who "$ns" --rw / -- "$files" write "$own/file"
	hole "$who: a bind elsewhere" as $who "$ns" --tmp /mnt --bind "$own" /mnt/there -- \
		"$files" write /mnt/there/file
	hole "$who: the program, outside" as $who "$own/first" exe "$own/second"
	hole "$who: the program, where it is writable" \
		as $who "$ns" --proc --rw "$own" -- "$own/first" exe "$own/second"
	start $who sleep 600
	hole "$who: what a process of its own tells" as $who "$files" links "$started"
	kill "$started"
done
rm -rf "$T/open"

# Without a PID namespace of the box the host's processes are in reach, but not by /proc.
for who in root nobody; do
	held "$who: through the root of a host's process" as $who "$ns" --pid inherit -- \
		/bin/sh -c "\"$files\" write /proc/$$/root$T/$who/file"
done

# By design: what the caller opened keeps the mount it was opened on, and can be opened once more
# for writing where there is a /proc.
for who in root nobody; do
	held "$who: a read-only descriptor of a file, again for writing" \
		as $who "$ns" --keep-fd 5 -- "$files" reopen 5 5<"$T/$who/file"
	hole "$who: with --proc it can (by design)" \
		as $who "$ns" --proc --keep-fd 5 -- "$files" reopen 5 5<"$T/$who/file"
done

# ---- devices -------------------------------------------------------------------------------------

null=$(stat -c '%a %U %G %t:%T' /dev/null)
for who in root nobody; do
	for mode in '' --no-dev; do
		# shellcheck disable=SC2086 # an option or none
		held "$who${mode:+, $mode}: changing the mode of /dev/null" \
			as $who "$ns" $mode -- "$files" mode /dev/null
		for device in /dev/kmsg /dev/mem /dev/vda /dev/loop0 /dev/fuse /dev/net/tun; do
			# shellcheck disable=SC2086
			held "$who${mode:+, $mode}: opening $device" \
				as $who "$ns" $mode -- "$files" open $device
		done
	done
	for place in /dev/shm/node /dev/node /mnt/node /node; do
		held "$who: making a block device at $place" \
			as $who "$ns" --tmp /mnt -- "$files" node $place 7 0
	done
done
is "the host's /dev/null is as it was" "$(stat -c '%a %U %G %t:%T' /dev/null)" "$null"
mknod "$T/root/zero" c 1 5
hole "a device of the host" "$files" open "$T/root/zero"
held "in what is writable no device works" "$ns" --rw "$T/root" -- "$files" open "$T/root/zero"
hole "its mode, where it is writable" "$ns" --rw "$T/root" -- "$files" mode "$T/root/zero"
hole "making a block device" "$files" node "$T/root/node" 7 0
[ ! -e /dev/kmsg ] || hole "the kernel's log device" "$files" open /dev/kmsg

# ---- the kernel's knobs --------------------------------------------------------------------------

knob=/proc/sys/vm/swappiness
for who in root nobody; do
	for name in $knob /proc/sys/kernel/hostname /proc/sys/user/max_user_namespaces; do
		held "$who: writing to $name" as $who "$ns" --proc -- "$files" same "$name"
	done
	held "$who: /proc/sysrq-trigger" as $who "$ns" --proc -- "$files" open /proc/sysrq-trigger
	held "$who: open_by_handle_at" as $who "$ns" -- "$files" handle "$T/$who/file"
	if [ "$(cat /proc/sys/kernel/dmesg_restrict)" = 1 ]; then
		held "$who: the kernel's log" as $who "$ns" -- "$files" log
	else
		skip "$who: the kernel's log" "the host shows it to everybody"
	fi
done
hole "a knob" "$files" same $knob
hole "open_by_handle_at" "$files" handle "$T/root/file"
hole "the kernel's log" "$files" log

# ---- what swaps names while we mount -------------------------------------------------------------

mountinfo()
{
	cut -d ' ' -f 3- /proc/self/mountinfo
}

mkdir -p "$T/w/a" "$T/src" "$T/victim"
echo source >"$T/src/mark"
echo victim >"$T/victim/mark"
ln -s "$T/victim" "$T/w/link"
before=$(mountinfo)
run "$ns" --bind "$T/src" "$T/w/link" -- /bin/cat "$T/w/link/mark" "$T/victim/mark"
is "a link at a bind's destination leads inside the box only" "$out" "source
source"
is "the host's files are as they were" "$(cat "$T/victim/mark")" victim
ln -s ../../../../../../../../.. "$T/w/up"
run "$ns" --bind "$T/src" "$T/w/up/mnt" -- /bin/cat /mnt/mark
is "a link upwards ends at the box's root" "$out" source
ln -s /proc/self/cwd "$T/w/magic"
status "a magic link is not followed" 125 \
	"$ns" --mount new --bind "$T/src" "$T/w/magic" -- /bin/true
ln -s loop "$T/w/loop"
status "nor one that leads to itself" 125 "$ns" --bind "$T/src" "$T/w/loop" -- /bin/true
is "nothing was mounted on the host" "$(mountinfo)" "$before"

"$T/bin/race" "$T/w/a" "$T/w/link" >"$T/race" &
racer=$!
until_true grep -q swapping "$T/race"
bad=
seen=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 \
	33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60; do
	run "$ns" --rw "$T/w" --tmp "$T/w/a" --bind "$T/src" "$T/w/a/point" -- \
		/bin/sh -c "cat $T/*/point/mark $T/w/*/point/mark 2>&1"
	case $st in
	0 | 1) seen=$seen. ;;
	125) seen=${seen}x ;;
	*) bad="$bad$i: $st $err
" ;;
	esac
done
kill "$racer"
wait "$racer" 2>/dev/null
is "sixty boxes while the destination is swapped: set up, or refused" "$bad" ""
echo "# $seen"
is "nothing was mounted on the host" "$(mountinfo)" "$before"
# Who wins the race between the mount of --tmp and the mount point in it gets that made, empty,
# where the box may write and the racer too.
for i in a link; do
	# after an odd number of swaps the directory has the other's name
	[ -L "$T/w/$i" ] || rmdir "$T/w/$i/point" 2>/dev/null
done
is "nothing was made on the host that the racer could not have made itself" \
	"$(cd "$T" && find w victim src | sort)" "src
src/mark
victim
victim/mark
w
w/a
w/link
w/loop
w/magic
w/up"
is "planted: a mount on the host would be seen" \
	"$(mount --bind "$T/src" "$T/victim" && mountinfo | grep -c "$T/victim"
	umount "$T/victim")" 1
finish
