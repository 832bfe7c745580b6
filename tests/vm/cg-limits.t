#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside Limits that control groups enforce, where
# all controllers are: each is written, read back, in the receipt, and holds; and what ended a
# payload is told by evidence.
. tests/shell/lib.sh
need_root
attackers
cg=$T/bin/sbx-cg
greed=$T/bin/greed
top=/sys/fs/cgroup
parent=$top/t.$$
mkdir "$parent"
trap 'rmdir "$parent" 2>/dev/null; cd /; rm -rf "$T"' EXIT

# told WORDS...: sbx-cg run in $parent; $report has the events, $st the status.
told()
{
	run "$cg" run --parent "$parent" --report 9 "$@" 9>"$T/report"
	report=$(cat "$T/report")
	ended=$(grep '"event":"ended"' "$T/report" || true)
}
# of KEY: the number behind it in the last event.
of()
{
	echo "$ended" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}
empty()
{
	is "$1: no group is left" "$(ls -d "$parent"/*/ 2>/dev/null)" ""
}
# The value of a controller's file where the payload is.
here='read -r line </proc/self/cgroup; cd /sys/fs/cgroup${line#0::}'

# ---- each limit ----------------------------------------------------------------------------------

# written OPTIONS FILE WANT: what the payload finds in its group's file.
written()
{
	# shellcheck disable=SC2086 # a list of words
	told $1 -- sh -c "$here; cat $2"
	is "$1: $2 has it" "$st:$out" "0:$3"
	if [ "$2" != cgroup.max.depth ]; then
		like "$1: in the receipt, as the kernel has it" "$report" \
			"*\"name\":\"$2\",*\"state\":\"enforced\",*\"value\":\"$(echo "$3" | head -n 1)*"
	fi
}
written '-m 64M' memory.max 67108864
written '--memory 64M' memory.swap.max 0
written '-m 64M' memory.oom.group 1
written '-m 64M --no-oom-group' memory.oom.group 0
written '-m 64M --swap 16M' memory.swap.max 16777216
written '--memory-high 32M' memory.high 33554432
written '--memory-low 8M' memory.low 8388608
written '--memory-min 4M' memory.min 4194304
written '-c 0.5' cpu.max '50000 100000'
written '-c 1.5 --cpu-period 50ms' cpu.max '75000 50000'
written '--cpu-weight 250' cpu.weight 250
written '-c 1 --cpu-burst 20ms' cpu.max.burst 20000
written '--cpus 0' cpuset.cpus 0
written '--mems 0' cpuset.mems 0
written '-p 17' pids.max 17
written '--io-weight 300' io.weight 'default 300'
written '--hugetlb 2MB=4M' hugetlb.2MB.max 4194304
written '--set cgroup.max.depth=3' cgroup.max.depth 3
written '--set memory.max=12M' memory.max 12582912
empty "after all of these"

# ---- only what is needed is enabled
# ---------------------------------------------------------------

mkdir "$parent/a"
told --parent "$parent/a" -p 9 -- true
rmdir "$parent/a"
mkdir "$parent/b"
echo >"$T/enabled"
run "$cg" run --parent "$parent/b" -p 9 -- cat "$parent/b/cgroup.subtree_control"
is "pids needs pids and nothing else" "$st:$out" "0:pids"
run "$cg" run --parent "$parent/b" -m 16M -- cat "$parent/b/cgroup.subtree_control"
is "memory is enabled beside it" "$st:$out" "0:memory pids"
rmdir "$parent/b"

# ---- they hold
# ------------------------------------------------------------------------------------

told -m 32M -- "$greed" memory 200000000
like "a hog of memory is ended, and the verdict is oom" "$st $out:$ended" \
	'137 :*"cause":"oom","status":137*'
like "with the kernel's evidence" "$ended" '*"oom_kill":[1-9]*'
peak=$(echo "$ended" | sed -n 's/.*"memory":{[^}]*"peak":\([0-9]*\).*/\1/p')
[ "$peak" -gt 20000000 ] && [ "$peak" -le 33554432 ]
is "and the peak below the limit" $? 0
told -m 32M -- sh -c 'echo killed; exit 137'
like "who only says so is not out of memory" "$st $out:$ended" '137 killed:*"cause":"exit","status":137*'
told -m 32M -- sh -c 'kill -KILL $$'
like "nor who kills itself" "$st:$ended" '137:*"cause":"signal","status":137*'
told -m 32M --no-oom-group -- "$greed" child-memory 200000000
like "without --oom-group a parent can go on" "$st:$ended" '137:*"cause":"exit","status":137*'
like "and the kill is counted all the same" "$ended" '*"oom_kill":1*'
told -m 32M -- "$greed" child-memory 200000000
like "with it all end" "$st:$ended" '137:*"cause":"oom"*'
told -m 4K -- true
like "a limit too small to start with is ours to tell" "$st:$err" \
	'125:sbx-cg: *memory*'
empty "after a start that failed"

told -p 8 -- "$greed" forks 20
like "forks beyond the limit fail" "$st:$out" '1:[67] of 20: held fork: Resource temporarily unavailable'
like "and the verdict says pids" "$ended" '*"cause":"pids","status":1*'
told -p 8 -- sh -c "$greed forks 20 >/dev/null; exit 0"
like "who copes with it exits" "$st:$ended" '0:*"cause":"exit","status":0*'
told -p 30 -t 2s --grace 200ms -- "$greed" bomb
like "a fork bomb that ignores every signal is held and cleaned up" "$st:$ended" \
	'124:*"cause":"timeout","status":124*'
like "its limit was met" "$ended" '*"pids":{*"peak":30*'
empty "after a fork bomb"

told -c 0.25 -- "$greed" cpu 500
[ "$out" -ge 1500 ]
is "a quarter of a processor takes four times as long ($out ms for 500)" $? 0
like "and is told" "$ended" '*"throttled*'

# ---- devices
# --------------------------------------------------------------------------------------

told -- sh -c 'head -c 1 /dev/kmsg >/dev/null && echo open'
is "without device rules all are there" "$out" open
told --device /dev/vda:r -- sh -c 'head -c 1 /dev/vda >/dev/null && echo read
	: >/dev/vda && echo written; head -c 1 /dev/kmsg >/dev/null && echo open; echo >/dev/null && echo null'
is "with them those that were named, and the small set" "$out" "read
null"
told --device c:1:3:rw --no-default-devices -- sh -c 'echo >/dev/null && echo null
	head -c 1 /dev/zero >/dev/null && echo zero'
is "or without that" "$out" null
told --device /dev/nowhere -- true
like "one that is not there" "$st:$err" '125:sbx-cg: *"/dev/nowhere"*'

# ---- input and output
# -----------------------------------------------------------------------------

# A disk of the machine's own, with a partition: one entry in the first sector, of type 0x83, from
# sector 2048 on, 61440 sectors.
{
	head -c 446 /dev/zero
	printf '\000\000\000\000\203\000\000\000\000\010\000\000\000\360\000\000'
	head -c 48 /dev/zero
	printf '\125\252'
} >"$T/sector"
dd if="$T/sector" of=/dev/vda conv=notrunc,fsync status=none
blockdev --rereadpt /dev/vda
until_true test -b /dev/vda1
mke2fs -q /dev/vda1
mkdir "$T/disk"
mount /dev/vda1 "$T/disk"
echo file >"$T/disk/file"
number=$(cat /sys/block/vda/dev)
told --io /dev/vda:rbps=1M -- "$greed" read /dev/vda 3145728
[ "$out" -ge 1800 ]
is "three megabytes at one a second take their time ($out ms)" $? 0
like "counted for the device" "$ended" "*\"device\":\"$number\"*"
told --io /dev/vda:rbps=1M,wiops=50 -- sh -c "$here; cat io.max"
is "several of one device" "$out" "$number rbps=1048576 wbps=max riops=max wiops=50"
told --io "$number:wbps=2M" -- sh -c "$here; cat io.max"
is "by number" "$out" "$number rbps=max wbps=2097152 riops=max wiops=max"
for on in /dev/vda1 "$T/disk/file"; do
	told --io "$on:rbps=3M" -- sh -c "$here; cat io.max"
	is "${on##*/}: its disk is meant" "$out" "$number rbps=3145728 wbps=max riops=max wiops=max"
done
umount "$T/disk"
told --io /tmp:rbps=1M -- true
like "a file on no device" "$st:$err" '125:sbx-cg: *"/tmp"*'
told --io /dev/null:rbps=1M -- true
like "what is no block device" "$st:$err" '125:sbx-cg: *"/dev/null"*'

# ---- what the kernel refuses
# ----------------------------------------------------------------------

told --cpus 99 -- true
like "processors that are not there" "$st:$err" '125:sbx-cg: *cpuset.cpus*'
told --set memory.max=lots -- true
like "a value that means nothing to it" "$st:$err" '125:sbx-cg: *memory.max*Invalid argument*'
told --set memory.nothing=1 -- true
like "a file that it has not got" "$st:$err" '125:sbx-cg: *memory.nothing*No such file*'
told --hugetlb 3MB=4M -- true
like "a size of page that it has not got" "$st:$err" '125:sbx-cg: *hugetlb.3MB.max*'
for bad in '-m 12Q' '-c 0' '-c 1e9' '-p 0' '--cpu-weight 0' '--set cgroup.procs=1' '--set ../x=1' \
	'--hugetlb 2MB' '--io /dev/vda' '--io /dev/vda:fast=1'; do
	# shellcheck disable=SC2086
	told $bad -- true
	like "$bad" "$st:$(echo "$err" | wc -l):$err" '125:1:sbx-cg: *'
done
empty "after all that was refused"

# ---- usage
# ----------------------------------------------------------------------------------------

told -m 64M -c 1 -p 20 -- "$greed" cpu 300
[ "$(of usage_us)" -ge 300000 ]
is "processor time is the group's" $? 0
run "$cg" run --parent "$parent" -m 64M --receipt -- true
like "people get it too" "$err" '*memory.max*enforced*67108864*verdict*exit 0*'
finish
