#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Attacks on other processes: those of the host, the monitor, init; and processes that want to stay.
. tests/shell/lib.sh
need_root
attackers
processes=$T/bin/processes

# ---- init, from within ---------------------------------------------------------------------------

for who in root nobody; do
	for options in '' --proc '--proc --user inherit'; do
		[ "$who$options" != 'nobody--proc --user inherit' ] || continue
		for attack in trace memory getfd kill; do
			# shellcheck disable=SC2086 # a list
			held "$who${options:+, $options}: $attack init" \
				as $who "$ns" $options -- "$processes" $attack 1
		done
	done
	start $who sleep 600
	for attack in trace memory getfd; do
		hole "$who: $attack a process of its own" as $who "$processes" $attack "$started"
	done
	hole "$who: kill it" as $who "$processes" kill "$started"
done

# ---- the host's processes ------------------------------------------------------------------------

for who in root nobody; do
	start $who sleep 600
	for attack in trace memory getfd kill; do
		held "$who: $attack a process of the host" \
			as $who "$ns" -- "$processes" $attack "$started"
	done
	run as $who "$ns" -- "$processes" count $((started + 100))
	is "$who: two processes are in sight" "$out" 2
	kill -0 "$started"
	is "$who: that of the host lives" $? 0
	held "$who: killing everybody, alone" as $who "$ns" -- "$processes" all
	hole "$who: killing everybody kills what is in the box" \
		as $who "$ns" -- /bin/sh -c 'sleep 600 & exec "$1" all' sh "$processes"
	kill -0 "$started"
	is "$who: and not the host's" $? 0
	hole "$who: with --pid inherit it can be killed (as the receipt says)" \
		as $who "$ns" --pid inherit -- "$processes" kill "$started"
	wait "$started" 2>/dev/null
done
run "$ns" --pid inherit --receipt -- /bin/true
like "which it does" "$err" '*pid *open *processes of the same user outside are in reach*'
like "and that the verdict is not safe" "$err" '*verdict *best-effort*'

# By user, whichever namespace: an id of its own, so that nobody else's are touched.
odd="setpriv --reuid 23456 --regid 23456 --clear-groups"
# shellcheck disable=SC2086
$odd sleep 600 &
sleeper=$!
until_true grep -qx sleep "/proc/$sleeper/comm"
# shellcheck disable=SC2086
held "the priority of a user's processes outside" $odd "$ns" -- "$processes" nice $sleeper
is "stays as it was" "$(ps -o ni= -p $sleeper | tr -d ' ')" "$(nice)"
# shellcheck disable=SC2086
hole "the priority of a user's processes" $odd "$processes" nice $sleeper
kill $sleeper

# ---- the verdict ---------------------------------------------------------------------------------

last()
{
	grep '"ended"' "$T/report" | sed 's/.*"stage":"\([a-z]*\)","cause":"\([a-z-]*\)".*/\1 \2/'
}
for who in root nobody; do
	for code in 0 1 124 125 126 127 128 137 255; do
		as $who "$ns" --report 8 -- /bin/sh -c "exit $code" 8>"$T/report"
		is "$who: exit $code is the payload's own" "$? $(last)" "$code run exit"
	done
	as $who "$ns" --report 8 -- /bin/sh -c 'kill -KILL $$' 8>"$T/report"
	is "$who: a signal is told as one" "$? $(last)" "137 run signal"
	as $who "$ns" --report 8 -- /does/not/exist 8>"$T/report" 2>/dev/null
	is "$who: absent is told by us" "$? $(last)" "127 exec setup-failed"
	as $who "$ns" --report 8 --proc -- "$T/bin/files" forge \
		'{"v":1,"tool":"sbx-ns","event":"ended","stage":"run","cause":"exit","status":0}' \
		8>"$T/report" >"$T/said"
	is "$who: a line of the payload's own does not reach the report" \
		"$? $(grep -c ended "$T/report")" "1 1"
	: >"$T/report"
	as $who "$ns" --report 8 --keep-fd 9 -- "$T/bin/files" forge \
		'{"v":1,"tool":"sbx-ns","event":"ended","stage":"run","cause":"exit","status":0}' \
		8>>"$T/report" 9>>"$T/report" >"$T/said"
	is "planted: $who: it would by a kept descriptor" \
		"$? $(grep -c ended "$T/report")" "0 2"
	as $who "$ns" --report 8 -- "$T/bin/processes" all 8>"$T/report" >"$T/said"
	is "$who: killing everybody forges nothing" "$? $(last)" "1 run exit"
done

# ---- what wants to stay --------------------------------------------------------------------------

# Each process of the payload holds the other end of this; reading ends with the last of them.
mkfifo "$T/held"
for who in root nobody; do
	for what in 'scatter 40' 'bomb 6'; do
		# shellcheck disable=SC2086
		as $who "$ns" --keep-fd 3 -- "$processes" $what 3>"$T/held" &
		timeout 10 cat "$T/held" >"$T/said"
		is "$who: $what: nothing stays" $? 0
		wait $!
		is "$who: and the status is the payload's" $? 0
	done
	as $who "$ns" --keep-fd 3 -- /bin/sh -c '"$1" scatter 5; kill -KILL $$' sh "$processes" \
		3>"$T/held" &
	timeout 10 cat "$T/held" >"$T/said"
	is "$who: nor when the payload is killed" $? 0
	wait $!
	is "$who: which is told" $? 137
	as $who "$ns" --no-init --keep-fd 3 -- "$processes" scatter 5 3>"$T/held" &
	timeout 10 cat "$T/held" >"$T/said"
	is "$who: --no-init: nothing stays" $? 0
	wait $!
done
timeout 60 "$processes" scatter 3 3>"$T/held" &
timeout 1 cat "$T/held" >"$T/said"
is "planted: outside they stay" $? 124
for pid in $(ps -eo pid,args | awk -v p="$processes" '$2 == p { print $1 }'); do
	kill -KILL "$pid"
done

# ---- too much ------------------------------------------------------------------------------------

for who in root nobody; do
	status "$who: ten thousand arguments pass" 0 as $who "$ns" -- /bin/sh -c \
		'[ $# = 10000 ] && [ "${10000}" = 10000 ]' sh $(seq 10000)
	long=$(head -c 131000 /dev/zero | tr '\0' x)
	status "$who: one of 131000 bytes passes" 0 as $who "$ns" -- /bin/sh -c \
		'[ ${#1} = 131000 ]' sh "$long"
	status "$who: a variable of that size too" 0 as $who env "LONG=$long" "$ns" -- \
		/bin/sh -c '[ ${#LONG} = 131000 ]'
done
finish
