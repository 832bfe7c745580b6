#!/bin/sh
# However a hook ends, or is ended, nothing of it is left, and nobody waits for what it left behind.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

# declare_all NAME KEYS: the same hook for both levels. All sleep for MARK, a number that the test
# looks for afterwards.
declare_all()
{
	cat >"$T/.code"
	for level in none spaces; do
		declare_hook "$1-$level" $level "$provider,$2,\"env\":[\"MARK\"]" <"$T/.code"
	done
}

# all that a process can do to stay, at once
declare_all stubborn '"timeout":"1500ms","grace":"200ms"' <<'END'
trap '' TERM HUP INT
(setsid sh -c 'trap "" TERM; sleep "$MARK"; :' &)
(sh -c 'sh -c "sleep $MARK & sleep $MARK; :" &')
sleep "$MARK" &
while :; do
	sleep "$MARK"
done
END
# ends well, and leaves processes that hold its pipes
declare_all leaves "$quick" <<'END'
(setsid sh -c 'trap "" TERM; sleep "$MARK"; :' &)
sleep "$MARK" &
echo '{"allow":true}'
END
declare_all polite '"timeout":"1500ms","grace":"20s"' <<END
trap 'echo late >"$T/side/late"; echo "{\"allow\":true}"; exit 0' TERM
sleep "\$MARK" &
wait
END
declare_all graceless '"timeout":"1500ms","grace":"0ms"' <<END
trap 'echo late >"$T/side/late"; exit 0' TERM
sleep "\$MARK" &
wait
END
# answers in time, and goes on
declare_all dawdles '"timeout":"1500ms","grace":"200ms"' <<'END'
echo '{"allow":true}'
sleep "$MARK"
END
declare_all waits '"timeout":"60s","grace":"10s"' <<END
(setsid sh -c 'sleep "\$MARK"; :' &)
trap 'echo ended >"$T/side/ended"; exit 0' TERM
touch "$T/side/started"
sleep "\$MARK" &
wait
END
declare_all deaf '"timeout":"60s","grace":"200ms"' <<END
trap '' TERM
(setsid sh -c 'trap "" TERM; sleep "\$MARK"; :' &)
touch "$T/side/started"
while :; do
	sleep "\$MARK"
done
END
declared

MARK='' marks=100
export MARK

# another MARK, for processes that can be told from those of an earlier step
mark()
{
	marks=$((marks + 1))
	MARK=7$$.$marks
	rm -f "$T"/side/*
}

nothing_left()
{
	gone "$who: $1" "7$$[.]$marks"
}

# within TITLE LEAST MOST: the wall time of the last event, in milliseconds. The most is generous:
# to wait for a sleeper would take hours.
within()
{
	wall=${ended#*\"wall_us\":}
	wall=$((${wall%%,*} / 1000))
	if [ $wall -ge "$2" ] && [ $wall -le "$3" ]; then
		pass "$1"
	else
		fail "$1" "$wall ms"
	fi
}

limits()
{
	timed='"stage":"run","cause":"timeout","status":124,'
	mark
	failing "$who: TERM ignored, processes left" stubborn-$level 124 timeout \
		'it was ended after 1500ms' "$timed"
	nothing_left "nothing is left of it"
	within "$who: not before timeout and grace, not long after" 1699 20000
	like "$who: the limit is an event" "$(grep '"limit"' "$T/.events")" \
		'{"v":1,"tool":"sbx-hook","event":"limit","limit":"timeout"}'

	mark
	answer leaves-$level
	one "$who: an answer does not wait for those who hold the pipe" 0 '{"allow":true}' '' \
		'"outcome":"allowed",'
	nothing_left "they are ended"

	mark
	failing "$who: one that heeds TERM" polite-$level 124 timeout \
		'it was ended after 1500ms' "$timed"
	nothing_left "with all it had"
	is "$who: it had its time to" "$(cat "$T/side/late")" late
	within "$who: and no more" 299 15000

	mark
	failing "$who: no grace" graceless-$level 124 timeout 'it was ended after 1500ms' "$timed"
	nothing_left "with all it had, too"
	is "$who: no TERM either" "$(ls "$T/side")" ''

	mark
	failing "$who: an answer does not count before the end" dawdles-$level 124 timeout \
		'it was ended after 1500ms' "$timed"
	nothing_left "nor stays what gave it"
}

until_started()
{
	tries=200
	while [ ! -e "$T/side/started" ] && [ $tries -gt 0 ]; do
		sleep 0.05
		tries=$((tries - 1))
	done
}

# begin NAME: runs it in the background, until the hook has started; sbx-hook's pid in $pid.
begin()
{
	mark
	# shellcheck disable=SC2086 # words; the exec keeps the pid, setpriv's too
	$as "$hook" run -f "$T/c.json" --report 3 "$1" <"$T/request" \
		>"$T/.out" 2>"$T/.err" 3>"$T/.events" &
	pid=$!
	until_started
}

# end SIGNAL PID: what wait(1) says of sbx-hook afterwards is in $st.
end()
{
	kill -"$1" "$2"
	st=0
	wait $pid 2>/dev/null || st=$?
	ended=$(tail -n 1 "$T/.events")
	cat "$T/.events" >>"$T/events"
}

# The child of sbx-hook that has this in its command line.
child()
{
	# shellcheck disable=SC2013 # pids
	for c in $(cat "/proc/$pid/task/$pid/children"); do
		grep -as -e "$1" "/proc/$c/cmdline" >/dev/null && echo "$c"
	done
}

crashed()
{
	one "$who: $1" 7 "{\"allow\":false,\"reason\":\"hook $2: crashed: $3\"}" \
		"sbx-hook: hook $2: crashed: $3" "\"stage\":\"run\",\"cause\":\"$4\","
}

signals()
{
	# sbx-hook gets it; the hook gets TERM and its time, and the answer is no
	for signal in TERM INT HUP QUIT; do
		begin waits-$level
		end $signal $pid
		crashed "$signal ends the box" waits-$level 'it was killed from outside' killed
		is "$who: $signal: the hook was asked to end" "$(cat "$T/side/ended")" ended
		nothing_left "$signal: nothing is left"
	done
	begin deaf-$level
	end TERM $pid
	crashed "TERM ends one that ignores it" deaf-$level 'it was killed from outside' killed
	nothing_left "TERM: and all it had"

	# the first process of the box: the hook itself, or its init
	begin deaf-$level
	if [ $level = none ]; then
		end KILL "$(child 'h/deaf')"
		crashed "KILL of the hook" deaf-$level 'it ended by signal 9 (KILL)' signal
	else
		end KILL "$(child 'bin/sbx-hook')"
		crashed "KILL of the box's init" deaf-$level 'it was killed from outside' killed
	fi
	nothing_left "KILL: nothing is left"

	# another process of ours stands by, where it is a group that has to be ended
	[ $level = none ] || return 0
	begin deaf-$level
	guard=$(child 'bin/sbx-hook')
	[ -z "$guard" ] || kill -KILL "$guard"
	end TERM $pid
	[ -n "$guard" ] || return 0
	crashed "KILL of the guard" deaf-$level 'it was killed from outside' killed
	nothing_left "KILL of the guard: nothing is left"
}

# Nobody is left to end what has left its session, where the receipt says that this is best effort;
# the hook itself ends there too.
survivors()
{
	case $(grep -o '"name":"tree",[^}]*' "$T/.events") in
	*'"state":"enforced"'*) nothing_left "$1" ;;
	*'"state":"best-effort"'*)
		gone "$who: $1 of the hook itself" "[/]h/deaf-$level"
		grep -las -e "7$$[.]$marks" /proc/[0-9]*/cmdline | while IFS=/ read -r _ _ p _; do
			kill -KILL "$p"
		done
		;;
	*) fail "$who: $1" "no claim for the tree: $(cat "$T/.events")" ;;
	esac
}

killed()
{
	begin deaf-$level
	end KILL $pid
	is "$who: KILL of sbx-hook" "$st $(cat "$T/.out")" '137 '
	survivors "it leaves nothing"

	# the caller dies, and with it the reason for an answer
	mark
	# shellcheck disable=SC2016,SC2086
	sh -c 'request=$1; shift; "$@" <"$request" & wait' sh "$T/request" $as "$hook" run -f \
		"$T/c.json" --report 3 deaf-$level >"$T/.out" 2>"$T/.err" 3>"$T/.events" &
	pid=$!
	until_started
	end KILL $pid
	nothing_left "the caller is killed: nothing is left of the hook"
	gone "$who: nor of sbx-hook" "[d]eaf-$level"
}

nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
for as in '' "$nobody"; do
	for level in none spaces; do
		who=${as:+nobody}
		who="${who:-root}, $level"
		limits
		signals
		killed
	done
done
as=''

# A request that never comes: that is the caller's matter, and TERM is its end.
mark
mkfifo "$T/pipe"
exec 9<>"$T/pipe"
"$hook" run -f "$T/c.json" waits-spaces <"$T/pipe" >"$T/.out" 2>"$T/.err" 9<&- &
pid=$!
printf '{"hook":' >&9
sleep 0.3
end TERM $pid
exec 9<&-
is "a request that never comes: TERM" "$st $(cat "$T/.out" "$T/.err" "$T"/side/* 2>/dev/null)" \
	'143 '
events_hold
finish
