#!/bin/sh
# Attacks on the view itself: by CAP_SYS_ADMIN, which the payload has not, and by a user namespace
# of its own, in which it would have it. Each once more where a hole was left.
. tests/shell/lib.sh
need_root
attackers
mounts=$T/bin/mounts
for who in root nobody; do
	mkdir "$T/$who"
	echo untouched >"$T/$who/file"
done
chown -R 65534:65534 "$T/nobody"

mountinfo()
{
	cut -d ' ' -f 3- /proc/self/mountinfo
}
before=$(mountinfo)
limit=$(cat /proc/sys/user/max_user_namespaces)

# planted WHO TITLE COMMANDS WORD...: the attack with capabilities, in mount namespaces that end
# with it; the commands lay out what it needs.
planted()
{
	planted_who=$1 planted_title=$2 planted_first=$3
	shift 3
	planted_user=
	[ "$planted_who" = root ] || planted_user='--user --map-root-user'
	# shellcheck disable=SC2086 # a list
	hole "$planted_who: $planted_title" as "$planted_who" unshare $planted_user --mount \
		/bin/sh -c "$planted_first"'
exec "$@"' sh "$mounts" "$@"
}

# attacks FUNCTION...: each attack of the list, as "FUNCTION... TITLE WORD...".
attacks()
{
	"$@" "a mount namespace of its own" unshare
	"$@" "making the root writable" remount /
	"$@" "the same by mount_setattr" setattr /
	"$@" "making /dev writable" remount /dev
	"$@" "making /run writable" remount /run
	"$@" "making the system's files writable" setattr "$T"
	"$@" "uncovering /run" umount /run
	"$@" "uncovering /proc" umount /proc
	"$@" "uncovering /dev" umount /dev
	"$@" "moving what covers /run" move /run /mnt
	"$@" "looking below what covers /run" uncover / run
	"$@" "a new root" pivot /dev/shm
	"$@" "leaving by chroot" chroot /tmp "$T/$who/file"
	"$@" "a /proc of its own" proc /mnt self/comm
	"$@" "the host's control groups" groups /mnt cgroup2 '' cgroup.procs
	"$@" "the host's control groups of version 1" groups /mnt cgroup memory cgroup.procs
	"$@" "binding a directory elsewhere" bind /etc /mnt
	"$@" "mounting" tmpfs /mnt
}

# refused PREFIX OPTIONS TITLE WORD...
refused()
{
	refused_title="$1$3" refused_options=$2
	shift 3
	# shellcheck disable=SC2086 # a list
	held "$who: $refused_title" as $who "$ns" $refused_options -- "$mounts" "$@"
}

# The same after making a user namespace.
nested()
{
	nested_title=$3 nested_prefix=$1 nested_options=$2
	shift 3
	refused "$nested_prefix" "$nested_options" "$nested_title" nested "$@"
}

for who in root nobody; do
	attacks refused '' ''
	attacks refused 'with --proc: ' --proc
	attacks nested 'nested: ' ''
	attacks nested 'nested, with --proc: ' --proc

	readonly='mount -t tmpfs none /mnt; mount -o remount,bind,ro /mnt'
	planted $who "a mount namespace of its own" '' unshare
	planted $who "making the root writable" "$readonly" remount /mnt
	planted $who "by mount_setattr" "$readonly" setattr /mnt
	planted $who "uncovering" "$readonly" umount /mnt
	planted $who "moving" "$readonly" move /mnt /srv
	[ $who = nobody ] || planted $who "looking below" "$readonly" uncover / mnt
	planted $who "a new root" "mount -t tmpfs none /mnt" pivot /mnt
	planted $who "leaving by chroot" '' chroot /tmp "$T/$who/file"
	planted $who "a /proc of its own" '' proc /mnt self/comm
	planted $who "binding" '' bind /etc /mnt
	planted $who "mounting" '' tmpfs /mnt
done
if [ -e /sys/fs/cgroup/cgroup.procs ] || grep -q ' cgroup2 ' /proc/self/mountinfo; then
	planted root "the host's control groups" '' groups /mnt cgroup2 '' cgroup.procs
	hole "root: nested, where that is possible: the host's control groups" \
		"$ns" --user inherit -- "$mounts" nested groups /mnt cgroup2 '' cgroup.procs
else
	skip "planted: the host's control groups" "none of version 2"
fi

# With --user inherit the host's namespace is the payload's, and a nested one can be made, as the
# receipt says. What the box hides stays hidden all the same.
who=root
run "$ns" --receipt --user inherit -- /bin/true
like "the receipt of --user inherit tells of nesting" "$err" \
	'*nesting *open *a user namespace can be made, with every capability in it*'
for options in '--user inherit' '--user inherit --proc'; do
	while read -r title words; do
		# shellcheck disable=SC2086 # lists
		nested 'nested, --user inherit: ' "$options" "$title" $words
	done <<END
root remount /
setattr setattr /
dev remount /dev
run remount /run
below setattr $T
uncover-run umount /run
uncover-proc umount /proc
uncover-dev umount /dev
move move /run /mnt
look uncover / run
pivot pivot /dev/shm
chroot chroot /tmp $T/root/file
proc proc /mnt self/comm
END
done
hole "nested, --user inherit: mounting for itself" \
	"$ns" --user inherit -- "$mounts" nested tmpfs /mnt

# Where /proc/sys is read-only, as in many containers, the limit cannot be set; the receipt tells.
run unshare --mount /bin/sh -c 'mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
exec "$@"' sh "$ns" --receipt -- /bin/true
is "where /proc/sys is read-only a box can be made" "$st" 0
like "and the receipt tells what is missing" "$err" '*nesting *dropped *'
run "$ns" --receipt -- /bin/true
like "else it is enforced" "$err" '*nesting *enforced *'
is "the host's limit is what it was" "$(cat /proc/sys/user/max_user_namespaces)" "$limit"

is "nothing was mounted on the host" "$(mountinfo)" "$before"
is "nothing was written" "$(cat "$T/root/file" "$T/nobody/file")" "untouched
untouched"
finish
