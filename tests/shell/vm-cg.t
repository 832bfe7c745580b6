#!/bin/sh
# Control groups where all controllers are: limits, places, times, what is told of them, declared
# hooks; and as the first process. What is left when processes of ours are killed or calls of theirs
# fail is vm-cg-faults.t's.
. tests/shell/lib.sh
. tests/shell/vm-lib.sh

# what --io limits
truncate -s 64M "$T/disk"
# Where what is measured goes in step with a disk, whose time is this machine's, the clock does too.
inside "figures of groups" -u -t 900 -m 768 -d "$T/disk" tests/vm/cg-groups.t
others=$(find tests/vm -name 'cg-*.t' ! -name cg-groups.t | sort)
# shellcheck disable=SC2086 # names without spaces
inside "control groups" -s -u -t 900 -m 768 -d "$T/disk" $others

# The first process of a machine that has nothing but a kernel, busybox and sbx-box.
cat >"$T/init" <<'END'
#!/busybox sh
/busybox mkdir /proc /sys
/busybox mount -t proc proc /proc
/busybox mount -t devtmpfs dev /dev
/busybox mount -t sysfs sysfs /sys
/busybox mount -t cgroup2 none /sys/fs/cgroup
exec /sbx-box cg run -m 64M -p 9 -c 0.5 -t 1m --receipt -- $(/busybox cat /chain) \
	/busybox sh /payload
END
chmod 755 "$T/init"
cat >"$T/payload" <<'END'
read -r line </proc/self/cgroup
case $line in 0::/sbx.1.*) line=0::ours ;; esac
echo "pid $$ in ${line#0::}, $(/busybox grep CapEff /proc/self/status)"
/busybox cat /sys/fs/cgroup/sbx.*/memory.max /sys/fs/cgroup/sbx.*/pids.max
exit 42
END
# first TITLE WANT CHAIN: the payload prints that, and the machine ends with its status.
first()
{
	echo "$3" >"$T/chain"
	run scripts/vm -s -f out/sbx-box:/sbx-box -p busybox:/busybox -f "$T/payload:/payload" \
		-f "$T/init:/init" -f "$T/chain:/chain" -1 /init
	is "$1: its status" "$st" 42
	like "$1" "$(echo "$out" | grep -v '^\[')" "$2"
}
first "the first process makes a group, and is where it was" \
	'pid [0-9]* in ours, CapEff:	0000000000000000
67108864
9
*memory.max *enforced *67108864*verdict *exit 42*' ''
first "and a box in it" 'pid 2 in /, CapEff:	0000000000000000
67108864
10
*pids.max *enforced *10*verdict *exit 42*' 'sbx-ns --proc --'
finish
