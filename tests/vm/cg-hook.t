#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Hooks with limits that control groups enforce, where all controllers are: each holds, and the
# answer, the line for people and the event say by evidence what ended the hook. With a disk
# (-d), io too.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
. tests/shell/hook-lib.sh
need_groups
attackers
greed=$T/bin/greed
yes='echo "{\"allow\":true}"'
options="--parent $parent"
quick='"timeout":"60s","grace":"200ms"'
starved='the kernel killed it for want of memory'
counted='the kernel killed a process of it for want of memory'

# sandbox NAME KEYS: for both levels.
sandbox()
{
	for level in none namespaced; do
		boxes="$boxes,
\"$1-$level\":{\"level\":\"$level\",$2}"
	done
}
# hooks NAME SANDBOX [KEYS]: for both levels; what it does is standard input.
hooks()
{
	cat >"$T/.code"
	for level in none namespaced; do
		declare_hook "$1-$level" "$2-$level" "$provider,$quick${3:+,$3}" <"$T/.code"
	done
}
# commands NAME SANDBOX COMMAND [TIMES]: the same for a program and its arguments, as JSON.
commands()
{
	for level in none namespaced; do
		declare_command "$1-$level" "$2-$level" "$3" "$provider,${4:-$quick}"
	done
}
# of KEY: the number behind it in the last event.
of()
{
	echo "$ended" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}
# at_least TITLE NUMBER LEAST [MOST]
at_least()
{
	if [ "${2:-0}" -ge "$3" ] && [ "${2:-0}" -le "${4:-$2}" ]; then
		pass "$1"
	else
		fail "$1" "$2, want $3 to ${4:-what there is}"
	fi
}

sandbox small '"memory":"32M"'
sandbox child '"memory":"32M","oom_group":false'
sandbox tiny '"memory":"4K"'
sandbox few '"pids":8'
sandbox many '"pids":30'
sandbox slow '"cpu":0.25'
sandbox idle '"idle_timeout":"1s"'
sandbox time '"cpu_time":"500ms"'
sandbox all '"memory":"64M","memory_high":"48M","cpu":1.5,"cpu_weight":250,"cpus":"0","pids":17,
"io_weight":300,"cgroup_files":["cgroup.max.depth=3"]'
sandbox less '"memory":"64M","cpu":0.5,"pids":9,"degrade":["memory","cpu","pids"]'
sandbox wrong '"cpus":"99"'
commands hog small "\"$greed\",\"args\":[\"memory\",\"200000000\"]"
commands child child "\"$greed\",\"args\":[\"child-memory\",\"200000000\"]"
commands whole small "\"$greed\",\"args\":[\"child-memory\",\"200000000\"]"
commands tiny tiny "\"$greed\",\"args\":[\"memory\",\"4096\"]"
commands forks few "\"$greed\",\"args\":[\"forks\",\"20\"]"
commands bomb many "\"$greed\",\"args\":[\"bomb\"]" '"timeout":"2s","grace":"100ms"'
commands spender time "\"$greed\",\"args\":[\"cpu\",\"60000\"]"
commands idles idle '"sleep","args":["600"]'
commands wrong wrong '"true"'
hooks says small <<'END'
echo killed >&2
exit 137
END
hooks itself small <<'END'
kill -KILL $$
END
hooks copes few <<END
$greed forks 20 >/dev/null
$yes
END
hooks mumbles few <<END
$greed forks 20 >/dev/null
echo "oh"
END
hooks copes-too child <<END
$greed child-memory 200000000 >/dev/null
$yes
END
hooks slow slow <<END
ms=\$($greed cpu 500)
echo "{\"allow\":true,\"metadata\":{\"ms\":\$ms}}"
END
hooks works idle <<END
$greed cpu 2500 >/dev/null
$yes
END
hooks talks idle <<END
for i in 1 2 3 4 5 6; do
	sleep 0.4
	echo \$i >&2
done
$yes
END
hooks all all <<END
$yes
END
hooks less less <<'END'
printf '{"allow":true,"metadata":{"limits":"%s %s"}}' "$(ulimit -v)" "$(ulimit -t)"
END
declared

ended_by()
{
	# what the hook was ended for is in the reply, in words, and in the event
	met=oom
	failing "$level: a hog of memory" "hog-$level" 8 limit \
		"$starved" '"stage":"run","cause":"oom","status":137,'
	like "$level: with the kernel's evidence" "$ended" '*"oom_kill":[1-9]*'
	peak=$(echo "$ended" | sed -n 's/.*"memory":{[^}]*"peak":\([0-9]*\).*/\1/p')
	at_least "$level: and the peak not above the limit" "$peak" 20000000 33554432
	failing "$level: a child's hunger ends all" "whole-$level" 8 limit \
		"$starved" '"stage":"run","cause":"oom","status":137,'
	met=''
	failing "$level: or its parent goes on" "child-$level" 6 failed \
		"its exit status was 137; $counted" '"stage":"run","cause":"exit","status":137,'
	like "$level: and the kill is counted all the same" "$ended" '*"oom_kill":1*'
	answer "copes-too-$level"
	one "$level: and may even answer" 0 '{"allow":true}' '' '"outcome":"allowed",'
	failing "$level: who only says so is not out of memory" "says-$level" 6 failed \
		'its exit status was 137' '"stage":"run","cause":"exit","status":137,'
	failing "$level: nor who kills itself" "itself-$level" 7 crashed \
		'it ended by signal 9 (KILL)' '"stage":"run","cause":"signal","status":137,'
	answer "tiny-$level"
	# where there is no init the program's own process is the first that wants any
	case $level in
	none) like "$level: too little to start with" "$st:$(cat "$T/.out")" '*[85]:*memory*' ;;
	*) like "$level: too little to start with is ours to tell" "$st:$(cat "$T/.out")" \
		"125:{\"allow\":false,\"reason\":\"hook tiny-$level: refused: *memory*" ;;
	esac

	met=pids
	failing "$level: forks beyond the limit" "forks-$level" 8 limit \
		'the limit of processes was met, and its exit status was 1' \
		'"stage":"run","cause":"pids","status":1,'
	answer "copes-$level"
	one "$level: who copes with it answers" 0 '{"allow":true}' '' '"outcome":"allowed",'
	met=''
	answer "mumbles-$level"
	like "$level: who does not, and says nothing of it, is told apart" "$st:$(cat "$T/.out")" \
		'4:{"allow":false,"reason":*: bad-reply: *; the limit of processes was met"}'
	answer "copes-$level"
	like "$level: though the kernel has counted" "$ended" '*"pids":{*"max_hits":[1-9]*'
	met=timeout
	failing "$level: a fork bomb that ignores every signal" "bomb-$level" 124 timeout \
		'it was ended after 2s' '"stage":"run","cause":"timeout","status":124,'
	at_least "$level: was held at the limit" \
		"$(echo "$ended" | sed -n 's/.*"pids":{[^}]*"peak":\([0-9]*\).*/\1/p')" 30 31
	gone "$level: and nothing is left of it" "[/]greed"

	answer "slow-$level"
	like "$level: a quarter of a core" "$st:$(cat "$T/.out")" \
		'0:{"allow":true,"metadata":{"ms":[0-9]*}}'
	at_least "$level: takes four times as long" "$(sed 's/[^0-9]//g' "$T/.out")" 1500
	at_least "$level: and that is told" "$(of throttled_us)" 500000

	met=idle-timeout
	failing "$level: nothing is done for too long" "idles-$level" 124 timeout \
		'it was ended by the limit idle-timeout' \
		'"stage":"run","cause":"idle-timeout","status":124,'
	answer "works-$level"
	one "$level: who works is not idle" 0 '{"allow":true}' '' '"outcome":"allowed",'
	answer "talks-$level"
	one "$level: nor who speaks" 0 '{"allow":true}' 6 '"outcome":"allowed",'
	met=cpu-time
	failing "$level: processor time" "spender-$level" 124 timeout \
		'it was ended by the limit cpu-time' '"stage":"run","cause":"timeout","status":124,'
	like "$level: which is a limit of its own" "$ended" '*"limit":"cpu-time"*'
	at_least "$level: of all together, and little more" \
		"$(echo "$ended" | sed -n 's/.*"cpu":{"usage_us":\([0-9]*\).*/\1/p')" 500000 1500000
	met=''
}

enforced()
{
	answer "all-$level"
	one "$level: all limits at once" 0 '{"allow":true}' '' '"outcome":"allowed",'
	# the first process of the box has a place of its own
	pids=17
	[ $level = none ] || pids=18
	for want in 'memory.max 67108864' 'memory.high 50331648' 'memory.swap.max 0' \
		'memory.oom.group 1' 'cpu.max 150000 100000' 'cpu.weight 250' 'cpuset.cpus 0' \
		"pids.max $pids" 'io.weight default 300' 'cgroup.max.depth 3'; do
		file=${want%% *}
		like "$level: $file is enforced, as the kernel has it" "$(cat "$T/.events")" \
			"*\"name\":\"$file\",*\"state\":\"enforced\",\"value\":\"${want#* }\"*"
	done
	answer "less-$level"
	one "$level: what may be less is not, where there is the whole" 0 \
		'{"allow":true,"metadata":{"limits":"unlimited unlimited"}}' '' \
		'"outcome":"allowed",'
	receipt=$(grep -o '{"name":"memory.max".*' "$T/.events")
	like "$level: and it is the group that enforces" "$receipt" \
		'*"requested":"needed","mechanism":"cgroup v2","state":"enforced"*'
	answer "wrong-$level"
	why="hook wrong-$level: refused: $T/c.json:[0-9]*:[0-9]*: *cpuset.cpus*"
	like "$level: what the kernel rejects is told where it stands" "$st:$(cat "$T/.out")" \
		"125:{\"allow\":false,\"reason\":\"$why\"}"
	empty "$level"
}

for level in none namespaced; do
	ended_by
	enforced
done

# ---- input and output --------------------------------------------------------------------------

if [ -b /dev/vda ]; then
	disk=$(cat /sys/block/vda/dev)
	boxes="$boxes,
\"disk\":{\"level\":\"none\",\"io\":[\"/dev/vda:rbps=1M\"],\"allowed_devices\":[\"/dev/vda:r\"]},
\"nodisk\":{\"level\":\"none\",\"io\":[\"/tmp:rbps=1M\"]}"
	declare_hook disk disk <<END
ms=\$($greed read /dev/vda 3145728)
echo "{\"allow\":true,\"metadata\":{\"ms\":\$ms}}"
END
	declare_command writes disk '"sh","args":["-c",": >/dev/vda"]'
	declare_command nodisk nodisk '"true"'
	declared
	answer disk
	like "three megabytes at one a second" "$st:$(cat "$T/.out")" \
		'0:{"allow":true,"metadata":{"ms":[0-9]*}}'
	at_least "take their time" "$(sed 's/[^0-9]//g' "$T/.out")" 1800
	like "and are counted for the device" "$ended" "*\"rbytes\":31*\"device\":\"$disk\"*"
	like "the limit is told by number" "$(cat "$T/.events")" \
		"*\"name\":\"io.max\",*\"state\":\"enforced\",\"value\":\"$disk rbps=1048576 *"
	answer writes
	is "a device that may be read only is not written" "$st" 6
	answer nodisk
	like "what is on no disk has no such limit" "$st:$(cat "$T/.out")" \
		'125:{"allow":false,"reason":"hook nodisk: refused: *is on no block device*due"}'
else
	skip "limits of a disk" "this machine has none (-d)"
fi

# ---- where -------------------------------------------------------------------------------------

# An application that has hooks is in a group itself: its hooks' groups are beside it.
mkdir "$parent/app" "$parent/hooks"
echo '+memory +pids' >"$parent/cgroup.subtree_control"
cat >"$T/app" <<'END'
"$1" run -f "$2" --parent "$4/hooks" hog-namespaced <"$3" >"$5.1" 2>/dev/null 3>&- &
"$1" run -f "$2" --parent "$4/hooks" forks-namespaced <"$3" >"$5.2" 2>/dev/null &
wait
cat "$5.1" "$5.2"
"$1" run -f "$2" hog-namespaced <"$3"
END
run in_group "$parent/app" sh "$T/app" "$hook" "$T/c.json" "$T/request" "$parent" "$T/app"
two='*"limit":"oom"}
*"limit":"pids"}
'
like "two at a time, each with its own" "$out" \
	"$two*refused: *controller memory cannot be enabled in *processes are in it*--parent*"
is "nothing is left beside" "$(ls -d "$parent"/*/*/ 2>/dev/null)" ''
# Delegated: somebody's own group, in which only ours is.
mkdir "$parent/mine"
chown -R 65534 "$parent/mine"
chmod 711 "$T"
cat >"$T/delegated" <<'END'
echo $$ >"$1/cgroup.procs"
exec setpriv --reuid 65534 --regid 65534 --clear-groups "$2" run -f "$3" --report 3 "$4" <"$5"
END
delegated=''
for name in idles forks hog; do
	run sh "$T/delegated" "$parent/mine" "$hook" "$T/c.json" $name-namespaced "$T/request" \
		3>"$T/.events"
	delegated="$delegated $st:$(echo "$out" | sed 's/.*"limit":"\(.*\)".*/\1/')"
done
is "nobody, in a group that is theirs" "$delegated" " 124:idle-timeout 8:pids 8:oom"
like "we moved out of the way of limits, and say so" "$(cat "$T/.events")" \
	'*"name":"monitor",*moved to a group of its own*'
is "and nothing is left there" "$(ls -d "$parent"/mine/*/ 2>/dev/null)" ''
rmdir "$parent/app" "$parent/hooks" "$parent/mine"
echo '-memory -pids' >"$parent/cgroup.subtree_control"
empty "in the end"
finish
