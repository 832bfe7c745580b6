#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Limits that control groups enforce, where all controllers are: each is written, read back, in the
# receipt, and holds; and what ended a payload is told by evidence.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
attackers
greed=$T/bin/greed
modprobe virtio_blk 2>/dev/null
disk=$(cat /sys/block/vda/dev)

# of KEY: the number behind it in the last event.
of()
{
	echo "$ended" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}
# The value of a controller's file where the payload is.
here='read -r line </proc/self/cgroup; cd /sys/fs/cgroup${line#0::}'

# ---- each limit ----------------------------------------------------------------------------------

# written OPTIONS FILE WANT: what the payload finds in its group's file, and the receipt has.
written()
{
	# shellcheck disable=SC2086 # a list of words
	told $1 -- sh -c "$here; cat $2"
	is "$1: $2 has it" "$st:$out" "0:$3"
	like "$1: so has the receipt" "$report" \
		"*\"name\":\"$2\",*\"state\":\"enforced\",\"value\":\"$3\"*"
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
written '-c 1 --cpu-burst 20ms' cpu.max.burst 20000
written '--cpu-weight 250' cpu.weight 250
written '--cpus 0' cpuset.cpus 0
written '--mems 0' cpuset.mems 0
written '-p 17' pids.max 17
written '--io /dev/vda:rbps=1M,wiops=50' io.max \
	"$disk rbps=1048576 wbps=max riops=max wiops=50"
written '--io-weight 300' io.weight 'default 300'
written '--hugetlb 2MB=4M' hugetlb.2MB.max 4194304
written '--set cgroup.max.depth=3' cgroup.max.depth 3
written '--set memory.max=12M' memory.max 12582912
written '-m 64M --set memory.oom.group=0' memory.oom.group 0
empty "after all of these"

# A group that stays: the same, made and changed.
run "$cg" create --parent "$parent" --receipt -m 64M -c 0.5 -p 9 stays
like "a group that stays: its receipt has the kernel's values" "$st:$err" \
	'0:*memory.max*67108864*cpu.max*50000 100000*pids.max*9*'
run "$cg" set --parent "$parent" --receipt -m 32M --no-oom-group --io "$disk:wbps=2M" stays
like "and that of what is changed" "$st:$err" \
	"0:*memory.max*33554432*memory.oom.group*0*io.max*$disk rbps=max wbps=2097152 *"
is "both are so" \
	"$(cd "$parent/stays" && cat memory.max memory.oom.group cpu.max pids.max io.max)" \
	"33554432
0
50000 100000
9
$disk rbps=max wbps=2097152 riops=max wiops=max"
start root "$cg" exec --parent "$parent" stays -- "$greed" hold 20000000 >/dev/null
uses()
{
	[ "$(cat "$parent/stays/memory.current")" -gt 20000000 ]
}
until_true uses
run "$cg" set --parent "$parent" -m 10M stays
like "a limit below what is used is refused" "$st:$(echo "$err" | wc -l):$err" \
	"125:1:sbx-cg: *10M of memory are less than the * that \"$parent/stays\" uses already"
is "and nothing changed" "$(cat "$parent/stays/memory.max"):$(kill -0 "$started" && echo alive)" \
	33554432:alive
kill "$started"
wait "$started" 2>/dev/null
run "$cg" set --parent "$parent" -c 1 --cpu-burst 50ms stays
run "$cg" set --parent "$parent" -c 0.2 stays
like "no share below the burst" "$st:$err" \
	'125:sbx-cg: cannot set the limit cpu.max to "20000 100000" (cpu.max.burst*): Invalid *'
run "$cg" set --parent "$parent" -c 0.2 --cpu-burst 5ms stays
is "but with one of its own" "$st:$err:$(cd "$parent/stays" && cat cpu.max cpu.max.burst)" \
	"0::20000 100000
5000"
run "$cg" rm --parent "$parent" stays
is "it is removed" "$st:$err" 0:
empty "after that"

# ---- only what is needed is enabled --------------------------------------------------------------

mkdir "$parent/b"
run "$cg" run --parent "$parent/b" -p 9 -- cat "$parent/b/cgroup.subtree_control"
is "pids needs pids and nothing else" "$st:$out" "0:pids"
run "$cg" run --parent "$parent/b" -m 16M -- cat "$parent/b/cgroup.subtree_control"
is "memory is enabled beside it" "$st:$out" "0:memory pids"
rmdir "$parent/b"

# ---- they hold -----------------------------------------------------------------------------------

told -m 32M -- "$greed" memory 200000000
like "a hog of memory is ended, and the verdict is oom" "$st $out:$ended" \
	'137 :*"cause":"oom","status":137*'
like "with the kernel's evidence" "$ended" '*"oom_kill":[1-9]*'
peak=$(echo "$ended" | sed -n 's/.*"memory":{[^}]*"peak":\([0-9]*\).*/\1/p')
[ "$peak" -gt 20000000 ] && [ "$peak" -le 33554432 ]
is "and the peak below the limit" $? 0
told -m 32M -- sbx-ns -- "$greed" memory 200000000
like "in a box of sbx-ns too" "$st:$ended" '137:*"cause":"oom","status":137*'
told -m 32M -- sh -c 'echo killed; exit 137'
like "who only says so is not out of memory" "$st $out:$ended" \
	'137 killed:*"cause":"exit","status":137*'
told -m 32M -- sh -c 'kill -KILL $$'
like "nor who kills itself" "$st:$ended" '137:*"cause":"signal","status":137,"signal":9,*'
told -m 32M --no-oom-group -- "$greed" child-memory 200000000
like "without --oom-group a parent can go on" "$st:$ended" '137:*"cause":"exit","status":137*'
like "and the kill is counted all the same" "$ended" '*"oom_kill":1*'
told -m 32M -- "$greed" child-memory 200000000
like "with it all end" "$st:$ended" '137:*"cause":"oom"*'
told -m 4K -- true
like "a limit too small to start with is ours to tell" "$st:$(echo "$err" | wc -l):$err" \
	'125:1:sbx-cg: *memory*'
empty "after a start that failed"

told -p 8 -- "$greed" forks 20
like "forks beyond the limit fail" "$st:$out" \
	'1:7 of 20: held fork: Resource temporarily unavailable'
like "and the verdict says pids" "$ended" '*"cause":"pids","status":1*'
told -p 8 -- sh -c "$greed forks 20 >/dev/null; exit 0"
like "who copes with it exits" "$st:$ended" '0:*"cause":"exit","status":0*'
told -p 30 -t 2s --grace 200ms -- "$greed" bomb
like "a fork bomb that ignores every signal is held and cleaned up" "$st:$ended" \
	'124:*"cause":"timeout","status":124*'
like "its limit was met" "$ended" '*"pids":{*"peak":30,*'
empty "after a fork bomb"

told -c 0.25 -- "$greed" cpu 500
[ "$out" -ge 1500 ]
is "a quarter of a processor takes four times as long" $? 0
[ "$(of throttled_us)" -ge 1000000 ]
is "and is told" $? 0

# ---- devices -------------------------------------------------------------------------------------

tried='for d in null zero vda; do (: </dev/$d) 2>&- && echo "$d read"; done
	(: >/dev/vda) 2>&- && echo vda written; exit 0'
told --device a -- sh -c "$tried"
is "of all devices" "$st:$out" "0:null read
zero read
vda read
vda written"
told -- sh -c "$tried"
is "without a rule the small set is open" "$st:$out" "0:null read
zero read"
told --device /dev/vda:r -- sh -c "$tried"
is "with one that was named, in the way that was said" "$st:$out" "0:null read
zero read
vda read"
told --device c:1:3:rw --no-default-devices -- sh -c "$tried"
is "or that alone" "$st:$out" "0:null read"

# ---- input and output ----------------------------------------------------------------------------

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
mke2fs /dev/vda1 >"$T/mke2fs" || cat "$T/mke2fs"
mkdir "$T/disk"
mount /dev/vda1 "$T/disk"
trap 'umount "$T/disk" 2>/dev/null; groups_end; cd /; rm -rf "$T"' EXIT
echo file >"$T/disk/file"
told --io /dev/vda:rbps=1M --device /dev/vda:r -- "$greed" read /dev/vda 3145728
[ "$out" -ge 1800 ]
is "three megabytes at one a second take their time" "$st:$?" 0:0
like "counted for the device" "$ended" "*\"rbytes\":31*\"device\":\"$disk\"*"
for on in /dev/vda1 "$T/disk/file" "$disk"; do
	told --io "$on:rbps=3M" -- sh -c "$here; cat io.max"
	is "${on##*/}: its disk is meant" "$out" "$disk rbps=3145728 wbps=max riops=max wiops=max"
done
umount "$T/disk"

# ---- what is refused -----------------------------------------------------------------------------

# refused WORDS PATTERN: in one line, and nothing is left.
refused()
{
	# shellcheck disable=SC2086 # a list of words
	told $1 -- true
	like "refused: $1" "$st:$(echo "$err" | wc -l):$err" "125:1:sbx-cg: $2"
}
file='cannot set the limit'
refused '-m 12Q' '--memory: *"12Q"*'
refused '-c 0' '--cpu: *'
refused '-c 1e9' '--cpu: *"1e9"*'
refused '-p 0' '--pids: *'
refused '--cpu-weight 0' '--cpu-weight: *'
refused '--set cgroup.procs=1' '--set: *cgroup.procs*'
refused '--set ../x=1' '--set: *../x*'
refused '--hugetlb 2MB' '--hugetlb: *'
refused '--hugetlb 3MB=4M' '--hugetlb: "3MB" is no size of pages; *'
refused '--io /dev/vda' '--io: */dev/vda*'
refused '--io /dev/vda:fast=1' '--io: *fast*'
refused '--device /dev/nowhere' '*"/dev/nowhere": No such file or directory'
refused '--io /dev/nowhere:rbps=1M' '*"/dev/nowhere": No such file or directory'
refused '--io /tmp:rbps=1M' '"/tmp" is on no block device of its own *'
refused '--io /dev/null:rbps=1M' '"/dev/null" is a character device, *'
# the kernel refuses: the file, the value and its error
refused '--cpus 99' "$file cpuset.cpus to \"99\": Numerical result out of range"
refused '--set memory.max=lots' "$file memory.max to \"lots\": Invalid argument"
refused '--set cpu.weight=0' "$file cpu.weight to \"0\": Numerical result out of range"
refused '--set pids.max=-3' "$file pids.max to \"-3\": Invalid argument"
refused '--set memory.nothing=1' "$file memory.nothing to \"1\" (*): No such file or directory"
refused '--hugetlb 1MB=4M' "$file hugetlb.1MB.max to \"4194304\" (*): No such file or directory"
refused '--set rdma.max=none' "$file rdma.max to \"none\" (*): No such device"
refused '--set misc.max=sgx_epc' "$file misc.max to \"sgx_epc\": Invalid argument"
refused '--io 9:99:rbps=1M' "$file io.max to \"9:99 rbps=1048576\" (*): No such device"
empty "after all that was refused"
# of a group that is to stay, half-made
for words in '--cpus 99' '--set memory.max=lots' '-m 64M -p 5 --set cpu.weight=0'; do
	# shellcheck disable=SC2086
	run "$cg" create --parent "$parent" $words stays
	like "create: $words" "$st:$(echo "$err" | wc -l):$err" "125:1:sbx-cg: *$file *"
done
for name in a/b .. ../x . /x; do
	run "$cg" create --parent "$parent" -m 16M $name
	like "create: the name $name" "$st:$(echo "$err" | wc -l):$err" "125:1:sbx-cg: *\"$name\"*"
done
empty "after groups that could not be made"
is "nor above" "$(ls -d "$top"/[!t]*/ 2>/dev/null)" ""

# ---- usage ---------------------------------------------------------------------------------------

told -m 64M -c 1 -p 20 -- sh -c "$greed cpu 300; $greed memory 8000000"
[ "$(of usage_us)" -ge 300000 ] && [ "$(of usage_us)" -le "$(of wall_us)" ]
is "processor time is the group's, within the wall's" $? 0
for key in user_us system_us throttled_us peak current some_us rbytes; do
	like "the usage has $key" "$ended" "*\"$key\":[0-9]*"
done
run "$cg" run --parent "$parent" -m 64M -p 9 --receipt -- true
like "people get it too" "$err" \
	'*memory.max*enforced*67108864*usage *memory at most *processes at most *verdict*exit 0*'
finish
