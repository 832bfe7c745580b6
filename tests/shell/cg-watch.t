#!/bin/sh
# What sbx-cg watch and events tell of groups as time goes on: lines for programs, a table on a
# terminal.
# shellcheck disable=SC2016,SC2154 # scripts for shells inside; $top and others are of cg-lib.sh
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups

# judged EXPRESSION: of all lines of $out, each of which is an object of JSON: d is their list.
judged()
{
	printf '%s\n' "$out" | python3 -c '
import json, sys
d = [json.loads(line) for line in sys.stdin]
print(eval("(" + sys.argv[1] + ")"))' "$1"
}
watch()
{
	run "$cg" watch --parent "$parent" "$@"
}
has_line()
{
	grep -q "$1" "$T/lines"
}
# listening COMMAND...: in the background; $listener; it has told something.
listening()
{
	: >"$T/lines"
	"$@" >"$T/lines" 2>"$T/lines.err" </dev/null &
	listener=$!
	until_true test -s "$T/lines"
}
# listened TITLE WANT: it ends with that status; what it told is in $out.
listened()
{
	st=0
	wait $listener || st=$?
	out=$(cat "$T/lines")
	is "$1" "$st:$(cat "$T/lines.err")" "$2:"
}
# starting DIR COMMAND...: in the background, in that group; $busy.
starting()
{
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@" 2>/dev/null &
	busy=$!
}
spin='while :; do :; done'
mkdir "$parent/idle" "$parent/busy" "$parent/busy/below"
starting "$parent/busy/below" sh -c "$spin"
until_true grep -q 'usage_usec [1-9]' "$parent/busy/cpu.stat"

# ---- lines ---------------------------------------------------------------------------------------

watch --interval 200ms --count 3
is "three rounds of three groups" "$st:$err:$(judged 'sorted(x["group"] for x in d) ==
	sorted([".", "busy", "idle"] * 3), {x["event"] for x in d}, {x["tool"] for x in d}')" \
	"0::(True, {'rates'}, {'sbx-cg'})"
is "who works shows, and who does not" "$(judged '[all(x["cpu"]["usage_us"] > 20000 for x in d
	if x["group"] == "busy"), [x["cpu"]["usage_us"] for x in d if x["group"] == "idle"]]')" \
	"[True, [0, 0, 0]]"
is "the rounds are so far apart" "$(judged 'all(150 * n <= m <= 200 * n + 3000
	for n, m in enumerate([x["ms"] for x in d if x["group"] == "."], 1))')" True
watch --interval 100ms --count 1 busy idle
is "groups, each with its children" "$st:$(judged '[x["group"] for x in d]')" \
	"0:['busy', 'busy/below', 'idle']"
watch --interval 100ms --count 1 "$parent/busy/"
is "by a path" "$(judged '[x["group"] for x in d]')" "['$parent/busy', '$parent/busy/below']"

listening "$cg" watch --parent "$parent" --interval 100ms
mkdir "$parent/new"
until_true has_line '"event":"made".*"group":"new"'
rmdir "$parent/new"
until_true has_line '"event":"removed".*"group":"new"'
mkdir "$parent/new"
until_true sh -c '[ "$(grep -c "\"event\":\"made\".*\"group\":\"new\"" "$1")" = 2 ]' - "$T/lines"
kill -TERM $listener
listened "ended by a signal" 0
is "groups that come and go" "$(judged '[x["event"] for x in d if x["group"] == "new" and
	x["event"] != "rates"]')" "['made', 'removed', 'made']"
listening "$cg" watch --parent "$parent" --interval 100ms new idle
rmdir "$parent/new"
until_true has_line '"event":"removed".*"group":"new"'
rmdir "$parent/idle"
listened "it ends with the last group" 0
is "which is told" "$(judged 'd[-1]["event"], d[-1]["group"]')" "('removed', 'idle')"
mkdir "$parent/idle"
if sh -c '"$1" watch --parent "$2" --interval 50ms; echo $? >"$3"' - "$cg" "$parent" "$T/status" |
	head -n 1 >"$T/first"; then
	is "one line is enough for its reader" "$(wc -l <"$T/first")" 1
fi

# ---- what it takes -------------------------------------------------------------------------------

# of FIELD: of the listener.
of()
{
	sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$listener/status"
}
come_and_go()
{
	for _ in 1 2 3 4 5 6 7 8; do
		(cd "$parent" && mkdir n1 n2 n3 n4 n5 n6 n7 n8)
		until_true sh -c 'tail -n 30 "$1" | grep -q n8' - "$T/lines"
		(cd "$parent" && rmdir n1 n2 n3 n4 n5 n6 n7 n8)
		until_true sh -c 'tail -n 1 "$1" | grep -qv "n[1-8]"' - "$T/lines"
	done
}
files()
{
	set -- "/proc/$listener/fd"/*
	echo $#
}
listening "$cg" watch --parent "$parent" --interval 20ms
come_and_go
until_true sh -c 'tail -n 1 "$1" | grep -q "\"idle\""' - "$T/lines"
resident=$(of VmRSS) opened=$(files)
come_and_go
come_and_go
[ "$(($(of VmRSS) - resident))" -le 16 ]
is "groups that come and go leave no memory ($resident to $(of VmRSS) kB)" $? 0
until_true sh -c 'tail -n 3 "$1" | grep -q "\"idle\""' - "$T/lines"
is "nor descriptors" "$(files)" "$opened"
kill $listener
listened "however many there were" 0
for sub in 'watch --interval 1h' events; do
	# shellcheck disable=SC2086 # a list of words
	"$cg" $sub --parent "$parent" busy >"$T/lines" 2>"$T/lines.err" &
	listener=$!
	until_true sh -c 'read -r name <"$1/comm" && [ "$name" = sbx-cg ] &&
		grep -q "^State:.*S" "$1/status"' - "/proc/$listener"
	sleep 0.3
	before=$(of voluntary_ctxt_switches):$(of nonvoluntary_ctxt_switches)
	sleep 1
	is "$sub: nothing is done while nothing is due" \
		"$(of voluntary_ctxt_switches):$(of nonvoluntary_ctxt_switches)" "$before"
	kill $listener
	listened "$sub: ended meanwhile" 0
done

# ---- alerts --------------------------------------------------------------------------------------

watch --interval 100ms --count 4 --alert 'cpu>1%' --alert 'cpu>9000%'
is "crossed, and told once" "$st:$err:$(judged '[(x["group"], x["alert"], x["percent"] > 1)
	for x in d if x["event"] == "alert"]')" \
	"1::[('.', 'cpu>1%', True), ('busy', 'cpu>1%', True)]"
watch --interval 100ms --count 2 --alert 'cpu>90'
is "not crossed" "$st:$(judged '{x["event"] for x in d}')" "0:{'rates'}"
watch --interval 100ms --count 2 --alert 'cpu>0.01' busy
is "as a number" "$st:$(judged '[(x["group"], x["value"] > 10000) for x in d
	if x["event"] == "alert"]')" "1:[('busy', True), ('busy/below', True)]"
watch --interval 50ms --count 3 --alert 'memory>80%' idle
is "no limit, no share: it is said, once" "$st:$err" \
	'0:sbx-cg: --alert "memory>80%": no group has that figure, or its limit'

# ---- what is refused -----------------------------------------------------------------------------

refused()
{
	like "$*" "$st:$(printf '%s' "$err" | wc -l):$err" "125:0:sbx-cg: *"
}
for word in memory 'mem>1' 'cpu>' 'cpu>x' 'io>5%' 'pids>1.5'; do
	watch --count 1 --alert "$word"
	refused --alert "$word"
done
for word in 0 1us 9ms 2d 1 x ''; do
	watch --count 1 --interval "$word"
	refused --interval "$word"
done
for word in 0 -1 x 4294967296; do
	watch --count "$word"
	refused --count "$word"
done
watch nothing
refused nothing
watch --psi 'cpu:some:1s/2s'
refused watch --psi
st=0
"$cg" watch --parent "$parent" --interval 50ms >/dev/full 2>"$T/.err" || st=$?
like "nobody takes it" "$st:$(cat "$T/.err")" '125:sbx-cg: *standard output*No space*'

# ---- events --------------------------------------------------------------------------------------

evil=$(printf 'x\033[31m\377\302\233')
mkdir "$parent/$evil"
listening "$cg" events --parent "$parent" busy idle "$evil" .
until_true has_line '"group":"."'
echo 1 >"$parent/busy/cgroup.freeze"
until_true has_line '"group":"busy","populated":true,"frozen":true'
echo 0 >"$parent/busy/cgroup.freeze"
until_true has_line '"state".*"group":"busy","populated":true,"frozen":false'
rmdir "$parent/$evil"
until_true has_line '"event":"removed"'
kill $busy
wait $busy 2>/dev/null
until_true has_line '"state".*"group":"[.]","populated":false'
until_true has_line '"state".*"group":"busy","populated":false'
kill -INT $listener
listened "events: ended by a signal" 0
is "one line of JSON each" "$(judged 'all(x["v"] == 1 and x["tool"] == "sbx-cg" for x in d),
	[x["event"] for x in d[:4]]')" "(True, ['watching', 'watching', 'watching', 'watching'])"
is "frozen, thawed, empty" "$(judged '[(x["populated"], x["frozen"]) for x in d
	if x["group"] == "busy"]')" "[(True, False), (True, True), (True, False), (False, False)]"
is "a name that others chose" "$(judged '[x["event"] for x in d
	if x["group"] == "x\x1b[31m\ufffd\x9b"]')" "['watching', 'removed']"
is "does nothing on a terminal" \
	"$(printf '%s' "$out" | LC_ALL=C tr -d ' -~\n' | sed 's/\xef\xbf\xbd//g')" ""
listening "$cg" events --parent "$parent" idle
rmdir "$parent/idle"
listened "it ends with the last group" 0
is "whose end is told" "$(judged '[x["event"] for x in d]')" "['watching', 'removed']"
mkdir "$parent/idle"
mkfifo "$T/fifo"
"$cg" events --parent "$parent" idle >"$T/fifo" 2>"$T/lines.err" &
listener=$!
head -n 1 <"$T/fifo" >"$T/lines"
listened "nothing happens, and the reader is gone" 0

if [ -e "$parent/cpu.pressure" ]; then
	listening "$cg" events --parent "$parent" --psi 'cpu:some:20ms/2s' busy
	starting "$parent/busy" sh -c "taskset 1 sh -c '$spin' & exec taskset 1 sh -c '$spin'"
	until_true has_line '"event":"pressure"'
	echo 1 >"$parent/cgroup.kill"
	wait $busy 2>/dev/null
	until_true has_line '"group":"busy","populated":false'
	kill $listener
	listened "pressure" 0
	is "is told, as it was asked for" "$(judged '[{k: v for k, v in x.items() if k != "ms"}
		for x in d if x["event"] == "pressure"][0]')" "{'v': 1, 'tool': 'sbx-cg', \
'event': 'pressure', 'group': 'busy', 'resource': 'cpu', 'kind': 'some', 'stall_us': 20000, \
'window_us': 2000000}"
fi
for word in cpu 'cpu:some' 'cpu:half:1s/2s' 'cpu:some:3s/2s' 'cpu:some:0/2s' 'gpu:some:1s/2s' \
	'cpu:some:10ms/100ms' 'cpu:some:1s/11s'; do
	run "$cg" events --parent "$parent" --psi "$word" idle
	refused --psi "$word"
done
run "$cg" events --parent "$top"
refused the first group
run "$cg" events --parent "$parent" nothing
refused nothing
finish
