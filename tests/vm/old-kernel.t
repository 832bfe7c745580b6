#!/bin/sh
# shellcheck disable=SC2016 # scripts for other shells
# What an older kernel does in its own way, and what else the machine has to have for other tests.
. tests/shell/lib.sh

# both TITLE WANT COMMAND...: the same for root and for an ordinary user.
both()
{
	both_title=$1 both_want=$2
	shift 2
	run "$@"
	is "root: $both_title" "$st: $out" "$both_want"
	run as_nobody "$@"
	is "an ordinary user: $both_title" "$st: $out" "$both_want"
}

like "the kernel is that of Debian 12" "$(uname -r)" "6.1.*"
is "every controller is there and on" "$(cat /sys/fs/cgroup/cgroup.subtree_control)" \
	"cpuset cpu io memory hugetlb pids rdma misc"
mkdir /sys/fs/cgroup/limits
is "and has a file for its limit" \
	"$(cd /sys/fs/cgroup/limits && ls cpuset.cpus cpu.max io.max memory.max pids.max)" \
	"cpu.max
cpuset.cpus
io.max
memory.max
pids.max"
rmdir /sys/fs/cgroup/limits
like "Landlock is on" ",$(cat /sys/kernel/security/lsm)," "*,landlock,*"
mkdir "$T/lower" "$T/upper" "$T/work" "$T/merged"
status "what is a module comes when it is asked for" 0 mount -t overlay \
	-o "lowerdir=$T/lower,upperdir=$T/upper,workdir=$T/work" overlay "$T/merged"
umount "$T/merged"

# ---- namespaces --------------------------------------------------------------------------------

kinds='user mnt pid net ipc uts cgroup time'
inodes='for k in user mnt pid net ipc uts cgroup time; do readlink /proc/self/ns/$k; done'
sh -c "$inodes" >"$T/host"
for who in root nobody; do
	if [ $who = root ]; then
		run "$ns" --proc -- sh -c "$inodes"
	else
		run as_nobody "$ns" --proc -- sh -c "$inodes"
	fi
	is "$who: $(echo "$kinds" | wc -w) namespaces" "$(echo "$out" | wc -l)" 8
	is "$who: none of them is the machine's" "$(echo "$out" | grep -cFx -f "$T/host")" 0
done

# ---- mounts ------------------------------------------------------------------------------------

both "a terminal of its own, though the group of terminals may have no number here" "0: 0
ptmx" "$ns" -- sh -c 'exec 3<>/dev/ptmx && ls /dev/pts'
both "a process file system with processes only" "0: /proc/1
/proc/2
no" "$ns" --proc --proc-subset -- \
	sh -c 'ls -d /proc/[0-9]*; ls /proc/meminfo 2>/dev/null || echo no'
both "a file system in memory, as large as said" "0: 256 blocks of 4096, 512 files, 1775" \
	"$ns" --tmp /mnt:size=1M,mode=1775,nr_inodes=512 -- \
	sh -c 'stat -f -c "%b blocks of %S, %c files, $(stat -c %a /mnt)" /mnt'

words=
for i in $(seq 100); do
	mkdir "$T/lower/$i"
	echo "$i" >"$T/lower/$i/is"
	words="$words --bind $T/lower/$i /mnt/$i"
done
chmod -R a+rX "$T/lower"
# shellcheck disable=SC2086 # a list of words
both "a hundred binds, each on a mount that was just made" "0: 100" \
	"$ns" --tmp /mnt $words -- sh -c 'cat /mnt/*/is | sort -nu | tail -n 1'
both "a bind of a file" "0: 7" "$ns" --tmp /mnt --bind "$T/lower/7/is" /mnt/file -- cat /mnt/file
mount -t tmpfs -o ro locked "$T/merged"
run "$ns" --rw "$T/merged" -- true
is "a mount that is read-only cannot be had writable" "$st" 125
like "which is told" "$err" \
	"sbx-ns: cannot have a writable mount of $T/merged: Read-only file system"
umount "$T/merged"
finish
