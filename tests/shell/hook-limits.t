#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Limits of declared boxes: enforced, or refused with what is missing, or less where the document
# says that less will do; and what the answer says of each. What controllers do: tests/vm/cg-hook.t.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
. tests/shell/hook-lib.sh
need_groups
attackers
chmod 755 "$T/bin"/*
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
greed=$T/bin/greed
yes='echo "{\"allow\":true}"'

# sandbox NAME KEYS
sandbox()
{
	boxes="$boxes,
\"$1\":{$2}"
}
# refused TITLE NAME WHY: the hook is not run; why, as a pattern, is in the reply.
refused()
{
	answer "$2"
	like "$1" "$st:$(cat "$T/.out")" \
		"125:{\"allow\":false,\"reason\":\"hook $2: refused: $T/c.json:*$3\"}"
}

# ---- what is not to be had ---------------------------------------------------------------------

declare_hook plain spaces <<END
touch "$T/side/ran"
$yes
END
lacking=''
for limit in 'memory 64M memory' 'memory_high 64M memory' 'swap 0 memory' 'cpu 0.5 cpu' \
	'cpu_weight 7 cpu' 'pids 9 pids' 'cpus 0 cpuset' 'io 8:0:rbps=1M io' 'io_weight 9 io'; do
	key=${limit%% *} controller=${limit##* } value=${limit#* }
	value=${value%% *}
	has_controller "$controller" && continue
	case $key in
	io) value="[\"$value\"]" ;;
	cpu_weight | pids | io_weight) ;;
	*) value="\"$value\"" ;;
	esac
	sandbox "lacks-$key" "\"writable_paths\":[\"$T/side\"],\"$key\":$value"
	declare_hook "lacks-$key" "lacks-$key" <"$T/h/plain"
	lacking="$lacking $key:$controller"
done
declared
for limit in $lacking; do
	key=${limit%:*} controller=${limit#*:}
	refused "$key without the controller $controller" "lacks-$key" "controller $controller *due"
	one "$key: on standard error, too" 125 "$(cat "$T/.out")" \
		"sbx-hook: hook lacks-$key: refused: $T/c.json:*: *controller $controller *due" \
		'"outcome":"refused",'
	run "$hook" exec -f "$T/c.json" -b "lacks-$key" -- touch "$T/side/ran"
	like "$key: for commands, too" "$st:$err" \
		"125:sbx-hook: $T/c.json:[0-9]*:[0-9]*: *controller $controller *due"
	line=$(grep -n "\"lacks-$key\":{\"w" "$T/c.json")
	like "$key: where it stands" "$err" "sbx-hook: $T/c.json:${line%%:*}:*"
done
if [ -n "$lacking" ]; then
	run "$hook" check -f "$T/c.json"
	like "check says it beforehand" "$st:$err" "125:sbx-hook: $T/c.json:*controller * due"
	run "$hook" plan -f "$T/c.json" "lacks-${lacking##* }"
	answer plain
	one "a box without limits goes on" 0 '{"allow":true}' '' '"outcome":"allowed",'
	rm "$T/side/ran"
fi
is "nothing was run" "$(ls "$T/side")" ''

# ---- less, where that was agreed to ------------------------------------------------------------

# Memory of 40 MiB in each of several processes; and one that wants more than there may be.
cat >"$T/hog" <<END
for i in 1 2 3 4 5 6; do
	(head -c 12000000 /dev/zero | tail -c 12000000 | sleep 20) &
done
wait
END
small='"memory":"48M","degrade":["memory"]'
for level in none namespaced; do
	sandbox "less-memory-$level" "\"level\":\"$level\",$small"
	sandbox "less-pids-$level" "\"level\":\"$level\",\"pids\":12,\"degrade\":[\"pids\"]"
	sandbox "less-cpu-$level" "\"level\":\"$level\",\"cpu\":0.1,\"degrade\":[\"cpu\"]"
	sandbox "less-time-$level" \
		"\"level\":\"$level\",\"cpu_time\":\"300ms\",\"degrade\":[\"cpu\"]"
	sandbox "all-less-$level" "\"level\":\"$level\",\"memory\":\"64M\",\"cpu\":0.5,\"pids\":50,
\"degrade\":[\"memory\",\"cpu\",\"pids\"]"
	sandbox "idle-$level" "\"level\":\"$level\",\"idle_timeout\":\"500ms\""
	sandbox "time-$level" "\"level\":\"$level\",\"cpu_time\":\"300ms\""
	declare_hook "hogs-$level" "less-memory-$level" <"$T/hog"
	declare_command "hog-$level" "less-memory-$level" \
		"\"$greed\",\"args\":[\"memory\",\"100000000\"]"
	declare_command "forks-$level" "less-pids-$level" "\"$greed\",\"args\":[\"forks\",\"40\"]"
	declare_command "bomb-$level" "less-pids-$level" "\"$greed\",\"args\":[\"bomb\"]" \
		"$provider,\"timeout\":\"2s\",\"grace\":\"100ms\""
	declare_command "burner-$level" "less-cpu-$level" \
		"\"$greed\",\"args\":[\"cpu\",\"60000\"]" \
		"$provider,\"timeout\":\"9s\",\"grace\":\"100ms\""
	declare_command "spender-$level" "less-time-$level" \
		"\"$greed\",\"args\":[\"cpu\",\"60000\"]"
	declare_hook "all-less-$level" "all-less-$level" <<'END'
printf '{"allow":true,"metadata":{"limits":"%s %s"}}' "$(ulimit -v)" "$(ulimit -t)"
END
	declare_hook "idles-$level" "idle-$level" <<'END'
sleep 600
END
	declare_hook "works-$level" "idle-$level" <<END
$greed cpu 1500 >&2
$yes
END
	declare_hook "talks-$level" "idle-$level" <<END
for i in 1 2 3 4 5 6; do
	sleep 0.3
	echo \$i >&2
done
$yes
END
	declare_command "timed-$level" "time-$level" "\"$greed\",\"args\":[\"cpu\",\"60000\"]"
done
declared

degraded()
{
	met=memory
	failing "$who: several that take too much together" "hogs-$level" 8 limit \
		'it was ended by the limit memory' '"stage":"run","cause":"killed","status":137,'
	like "$who: the event says by which limit, and what was seen" "$ended" \
		'*"limit":"memory"*"sampled_peak":[1-9]*'
	like "$who: and there is one of the limit" "$(cat "$T/.events")" \
		'*"event":"limit","limit":"memory"*'
	met=''
	failing "$who: one that is to have more than it may" "hog-$level" 6 failed \
		'its exit status was 1' '"stage":"run","cause":"exit","status":1,'
	receipt=$(grep -o '{"name":"memory.max".*' "$T/.events")
	like "$who: which the receipt calls what it is" "$receipt" \
		'*"requested":"needed","mechanism":"RLIMIT_AS*","state":"best-effort"*'
	failing "$who: the part of the time that it may take" "burner-$level" 7 crashed \
		'it ended by signal 9 (KILL)' '"stage":"run","cause":"signal","status":137,'
	like "$who: is one second of nine" "$(cat "$T/.events")" \
		'*"mechanism":"RLIMIT_CPU","state":"best-effort","detail":"1 s in all*'
	met=cpu-time
	failing "$who: all its time" "spender-$level" 124 timeout \
		'it was ended by the limit cpu-time' '"stage":"run","cause":"timeout","status":124,'
	met=''
}

if [ -n "$lacking" ]; then
	for as in '' "$nobody"; do
		for level in none namespaced; do
			who=${as:+nobody}
			who="${who:-root}, $level"
			degraded
		done
	done
	as=''
	refused "root's processes cannot be limited so" forks-none \
		': degrade pids: RLIMIT_NPROC does not bind uid 0,* due'
	as=$nobody
	for level in none namespaced; do
		answer "all-less-$level"
		one "nobody, $level: all of them" 0 \
			'{"allow":true,"metadata":{"limits":"65536 5"}}' '' '"outcome":"allowed",'
		failing "nobody, $level: forks beyond the limit fail" "forks-$level" 6 failed \
			'its exit status was 1' '"stage":"run","cause":"exit","status":1,'
		failing "nobody, $level: a fork bomb is held, and ends with its time" \
			"bomb-$level" 124 timeout 'it was ended after 2s' \
			'"stage":"run","cause":"timeout","status":124,'
		gone "nobody, $level: with all it had" "[/]greed"
	done
	as=''
else
	skip "degrade" "this machine has the controllers"
fi

# ---- time --------------------------------------------------------------------------------------

options="--parent $parent"
for level in none namespaced; do
	who="root, $level"
	met=idle-timeout
	failing "$who: nothing is done for too long" "idles-$level" 124 timeout \
		'it was ended by the limit idle-timeout' \
		'"stage":"run","cause":"idle-timeout","status":124,'
	answer "works-$level"
	one "$who: who works is not idle" 0 '{"allow":true}' '*' '"outcome":"allowed",'
	answer "talks-$level"
	one "$who: nor who speaks" 0 '{"allow":true}' 6 '"outcome":"allowed",'
	met=cpu-time
	failing "$who: processor time" "timed-$level" 124 timeout \
		'it was ended by the limit cpu-time' '"stage":"run","cause":"timeout","status":124,'
	spent=$(echo "$ended" | sed -n 's/.*"cpu":{"usage_us":\([0-9]*\).*/\1/p')
	if [ "${spent:-0}" -ge 300000 ] && [ "$spent" -le 1500000 ]; then
		pass "$who: and not much more"
	else
		fail "$who: and not much more" "$spent us"
	fi
	met=''
	empty "$who"
done
as=$nobody options=''
refused "who may make no group is told so" idles-namespaced ': no group can be made in *'
as=''

echo '{"idle_timeout":"300ms"}' >"$T/idle.json"
run "$hook" exec -f "$T/idle.json" --parent "$parent" --grace 0ms -- sleep 600
is "a command, too; and a grace goes with that" "$st" 124
run "$hook" exec -f "$T/idle.json" --parent "$parent" --receipt -- true
like "the receipt" "$err" '*placement*enforced*usage    *cpu *verdict  exit 0*'
run "$hook" plan -f "$T/idle.json" --chain
like "the chain ends it as gently" "$out" 'sbx-cg run --grace=2s --idle-timeout=300ms -- sbx-ns *'
empty "commands"

# ---- who ends it --------------------------------------------------------------------------------

declare_hook stays time-none <<END
trap '' TERM
(setsid sleep 7779 &)
touch "$T/side/started"
sleep 7779
END
declared
there()
{
	[ -e "$T/side/started" ]
}
no_group()
{
	! ls -d "$parent"/*/ >/dev/null 2>&1
}
for signal in TERM KILL; do
	rm -f "$T/side/started"
	"$hook" run -f "$T/c.json" --parent "$parent" stays <"$T/request" >"$T/.out" 2>"$T/.err" &
	pid=$!
	until_true there
	is "$signal: its group is there" "$(find "$parent" -name 'sbx.*' -prune | wc -l)" 1
	kill -$signal $pid
	st=0
	wait $pid 2>/dev/null || st=$?
	case $signal in
	TERM) want='7:{"allow":false,"reason":"hook stays: crashed: it was killed from outside"}' ;;
	*) want=137: ;;
	esac
	is "$signal of sbx-hook" "$st:$(cat "$T/.out")" "$want"
	until_true no_group
	empty "$signal of sbx-hook"
	gone "$signal: nor a process" "[7]779"
done
rm -f "$T/side/started"

# ---- where the group is ------------------------------------------------------------------------

cat >"$T/where" <<'END'
read -r line <<EOF
$(grep ^0:: /proc/self/cgroup)
EOF
printf '{"allow":true,"metadata":{"group":"%s"}}' "${line#0::}"
END
declare_hook where none <"$T/where"
declared
options="--parent $parent"
answer where
like "a box without limits goes where that was said" "$st:$(cat "$T/.out")" \
	"0:{\"allow\":true,\"metadata\":{\"group\":\"${parent#"$top"}/sbx.[0-9]*"
options=''
run "$hook" plan -f "$T/c.json" --parent "$parent" where
like "which the plan shows" "$out" "*cgroup-leaf $parent -> #0*"
run "$hook" plan -f "$T/c.json" --parent "$parent" --chain where
like "and the chain says" "$out" \
	"sbx-cg run --parent=$parent --timeout=10s --grace=200ms --keep-privs -- *"
run "$hook" plan -f "$T/c.json" --parent "$parent/nothing" where
like "one that is not there" "$st:$err" "125:sbx-hook: *--parent \"$parent/nothing\"*"
run "$hook" exec -f "$T/c.json" -b none --parent /etc -- true
like "one that is none" "$st:$err" '125:sbx-hook: *--parent "/etc"*'
run "$hook" list -f "$T/c.json" --parent "$parent"
like "list makes none" "$st:$err" '125:sbx-hook: *--parent*'
run "$hook" plan -f "$T/idle.json" --parent "$parent" --print-facts
like "the facts of it" "$st:$out" "0:*cg_group $parent
*cg_writable
*cg_chosen
*"
printf '%s\n' "$out" >"$T/facts"
run "$hook" plan -f "$T/idle.json" --facts "$T/facts"
like "and a plan from them" "$st:$out" "0:*cgroup-leaf $parent -> #0*"
run "$hook" plan -f "$T/idle.json" --facts "$T/facts" --parent "$parent"
like "in which the group is already" "$st:$err" '125:sbx-hook: --parent and --facts exclude*'
run "$hook" plan -f "$T/idle.json" --facts /dev/null
like "without any there is no group" "$st:$err" \
	"125:sbx-hook: $T/idle.json:1:*: limits need cgroup v2, which is not mounted here: *"

# ---- rules -------------------------------------------------------------------------------------

if [ -n "$lacking" ]; then
	printf '{"sandboxes":{"b":{"cpu":0.5,"degrade":["cpu"]}},"hooks":{"h":{"command":"true",
"hook":"eval","sandbox":"b"}}}' >"$T/share.json"
	run "$hook" check -f "$T/share.json"
	is "a share of the cores, of a hook's time" "$st:$out" \
		'0:1 sandbox, 1 hook: can be enforced here'
	run "$hook" exec -f "$T/share.json" -- true
	like "of a command's, when it has one" "$st:$err" "125:sbx-hook: $T/share.json:1:*timeout*"
	run "$hook" exec -f "$T/share.json" -t 4s -- sh -c 'ulimit -t'
	is "which --timeout is" "$st:$out" 0:2
fi

# ---- what is dropped of the streams ------------------------------------------------------------

declare_hook loud spaces "$provider,$quick,\"stderr_limit\":1000" <<END
head -c 50000 /dev/zero | tr '\0' x >&2
$yes
END
declare_hook long spaces "$provider,$quick,\"reply_limit\":1000" <<'END'
head -c 1500 /dev/zero | tr '\0' x
sleep 600
END
declared
answer loud
one "a hook that says too much" 0 '{"allow":true}' '*bytes that are missing: 49000' \
	'"outcome":"allowed",'
like "is told with the number of bytes that nobody got" "$ended" \
	'*"dropped":{"stdout":0,"stderr":49000}}'
answer long
like "one that answers too much" "$st:$ended" \
	'5:*"cause":"output"*"dropped":{"stdout":500,"stderr":0}}'
run "$hook" run -f "$T/c.json" --receipt loud <"$T/request"
"$hook" run -f "$T/c.json" --receipt loud <"$T/request" >"$T/.out" 2>"$T/.err"
like "the receipt, too" "$(cat "$T/.err")" '*usage    bytes of diagnostics dropped 49000*'
answer plain
case $ended in
*dropped* | *cgroup*) fail "nothing is said of what there was not" "$ended" ;;
*) pass "nothing is said of what there was not" ;;
esac

# ---- a box without limits asks for nothing -----------------------------------------------------

# asked FILE: what a run had to do with groups.
asked()
{
	grep -E '/sys/fs/cgroup|/proc/self/cgroup|/proc/cgroups|bpf\(|RLIMIT_(AS|CPU|NPROC)' "$1"
}
if command -v strace >/dev/null; then
	strace -f -o "$T/calls" "$hook" run -f "$T/c.json" plain <"$T/request" >"$T/.out"
	is "it runs" "$(cat "$T/.out")" '{"allow":true}'
	is "without limits nothing of control groups is looked at" "$(asked "$T/calls")" ''
	strace -f -o "$T/calls" "$hook" exec -f "$T/idle.json" --parent "$parent" -- true
	like "but with them" "$(asked "$T/calls")" '*/proc/self/cgroup*'
else
	skip "without limits nothing of control groups is looked at" "there is no strace"
fi
events_hold
finish
