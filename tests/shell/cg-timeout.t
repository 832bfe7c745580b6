#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# The limits of time, which need no controller: each ends the whole group, and is told by its name.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
busy='while :; do :; done'

told -t 500ms --grace 5s -- sleep 600
like "who minds TERM ends at the limit" "$st:$ended" '124:*"cause":"timeout","status":124*'
lasted 450 3000 "and then at once"
told -t 500ms --grace 5s -- sh -c 'trap "exit 3" TERM; sleep 600 & wait'
like "whatever status it chooses" "$st:$ended" '124:*"cause":"timeout"*'
told -t 500ms --grace 500ms -- sh -c \
	'trap "" TERM; (setsid sh -c "trap \"\" TERM; sleep 600" &); sleep 600'
is "who ignores it is ended with everything of it" "$st" 124
lasted 950 4000 "at the end of the grace"
like "the limit is told when it is met" "$report" \
	'*"event":"limit","limit":"timeout"*"event":"ended"*'
empty "after these"
told -t 20s -- sh -c 'exit 4'
is "who ends in time is not ended" "$st" 4
told -t 500ms --grace 100ms -- sbx-ns -- sh -c 'trap "" TERM; sleep 600'
like "with a box around it" "$st:$ended" '124:*"cause":"timeout"*'
told -t 500ms --grace 100ms -- sbx-ns --no-init -- sleep 600
is "and without its init" "$st" 124

told --cpu-time 300ms --grace 100ms -- sh -c "$busy"
like "processor time" "$st:$ended" '124:*"cause":"timeout"*'
told --cpu-time 400ms --grace 100ms -- sh -c "sh -c '$busy' & sh -c '$busy' & wait"
is "of all processes together" "$st" 124
told --cpu-time 1s -- sh -c 'sleep 1.2; exit 5'
is "which is not there for who sleeps" "$st" 5
told --idle-timeout 500ms --grace 100ms -- sleep 600
like "doing nothing" "$st:$ended" '124:*"cause":"idle-timeout"*'
lasted 450 5000 "for so long"
told --idle-timeout 1s -t 2s --grace 100ms -- sh -c "$busy"
like "who computes is not idle" "$st:$ended" '124:*"cause":"timeout"*'
told --idle-timeout 1s --watch-output -- sh -c \
	'for i in 1 2 3 4; do sleep 0.5; echo $i; echo $i >&2; done'
is "nor who writes, where we pass it on" "$st:$out:$err" "0:1
2
3
4:1
2
3
4"
told --watch-output -- sh -c 'head -c 3000000 /dev/zero; echo end >&2; exit 6'
is "all of it" "$st:$(wc -c <"$T/.out"):$err" "6:3000000:end"
is "and the input is still the caller's" \
	"$(echo line | "$cg" run --parent "$parent" --watch-output -- cat)" \
	line
empty "after these"

start root "$cg" run --parent "$parent" -- sleep 600
until_true ls "$parent"/sbx.*/cgroup.procs
kill -TERM "$started"
wait "$started"
is "a signal is forwarded" $? 143
start root "$cg" run --parent "$parent" -- sh -c \
	'trap "" TERM INT HUP; (setsid sleep 600 &); sleep 600'
until_true ls "$parent"/sbx.*/cgroup.procs
kill -KILL "$started"
wait "$started" 2>/dev/null
no_groups()
{
	! ls -d "$parent"/sbx.* 2>/dev/null
}
until_true no_groups
is "when we are killed, the guard ends it all" $? 0
empty "in the end"
finish
