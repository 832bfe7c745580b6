#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Time limits end the whole group, however its processes were made and whatever they ignore.
. tests/shell/lib.sh
need_root
attackers
cg=$T/bin/sbx-cg
top=/sys/fs/cgroup
parent=$top/t.$$
mkdir "$parent"
trap 'rmdir "$parent" 2>/dev/null; cd /; rm -rf "$T"' EXIT

now_ms()
{
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}0"
}
# timed WORDS...: sbx-cg run in $parent; how long it took in $ms.
timed()
{
	from=$(now_ms)
	run "$cg" run --parent "$parent" --report 9 "$@" 9>"$T/report"
	ms=$(($(now_ms) - from))
	ended=$(grep '"event":"ended"' "$T/report" || true)
}
# between LOW HIGH TITLE
between()
{
	[ "$ms" -ge "$1" ] && [ "$ms" -le "$2" ]
	is "$3 ($ms ms)" $? 0
}
empty()
{
	is "$1: no group is left" "$(ls -d "$parent"/*/ 2>/dev/null)" ""
}

timed -t 2s --grace 500ms -- "$T/bin/processes" scatter 5
like "who leaves is waited for and then cleaned up" "$st" 0
cat >"$T/stubborn" <<'END'
trap '' TERM INT HUP
"$1" scatter 5
while :; do sleep 1; done
END
mkfifo "$T/held"
timeout 20 cat "$T/held" >"$T/said" &
reader=$!
timed -t 2s --grace 500ms --keep-fd 3 -- sh "$T/stubborn" "$T/bin/processes" 3>"$T/held"
like "a tree that ignores TERM, scattered and holding the pipes" "$st:$ended" \
	'124:*"cause":"timeout","status":124*'
between 2400 3500 "ends at the limit and the grace"
wait $reader
is "and nobody holds the pipes" $? 0
empty "after that"
timed -t 1s --grace 5s -- sh -c 'sleep 600'
is "who minds TERM ends at once" "$st" 124
between 900 2500 "at the limit"
timed -t 1s --grace 5s -- sh -c 'trap "exit 3" TERM; sleep 600 & wait'
is "whatever status it chooses" "$st" 124
timed --cpu-time 500ms --grace 100ms -- "$T/bin/greed" cpu 60000
like "processor time" "$st:$ended" '124:*"cause":"timeout"*'
cpu=$(echo "$ended" | sed -n 's/.*"cpu":{"usage_us":\([0-9]*\).*/\1/p')
[ "$cpu" -ge 500000 ] && [ "$cpu" -le 1000000 ]
is "of all together, and little more ($cpu us)" $? 0
timed --cpu-time 2s -- sh -c 'sleep 0.1; exit 5'
is "which is not there for who sleeps" "$st" 5
timed --idle-timeout 1s --grace 100ms -- sleep 600
like "idle" "$st:$ended" '124:*"cause":"idle-timeout"*'
between 900 3000 "after so long"
timed --idle-timeout 1s --grace 100ms -- "$T/bin/greed" cpu 2500
is "who works is not idle" "$st" 0
timed --idle-timeout 1s --watch-output -- sh -c 'for i in 1 2 3 4 5 6; do sleep 0.4; echo $i; done'
is "nor who speaks" "$st:$out" "0:1
2
3
4
5
6"
empty "in the end"
finish
