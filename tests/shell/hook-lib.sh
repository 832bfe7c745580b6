# Sourced by the tests of sbx-hook, after lib.sh: declares hooks, runs them, and looks at all that
# came of it.
# shellcheck shell=sh

# Ordinary users write here too, also from inside the box.
mkdir "$T/h" "$T/side"
chmod 777 "$T/side"
printf '{"hook":"provider","phase":"before_call","request":{"n":1}}\n' >"$T/request"
provider='"hook":"provider","phases":["before_call"]'
quick='"timeout":"10s","grace":"200ms"'
boxes="\"none\":{\"level\":\"none\"},
\"spaces\":{\"level\":\"namespaced\",\"network\":\"none\",\"writable_paths\":[\"$T/side\"]}"
hooks=''
as=''
options=''

# declare NAME SANDBOX [KEYS]: a hook; what it does, in sh, is standard input.
declare_hook()
{
	cat >"$T/h/$1"
	hooks="$hooks${hooks:+,
}\"$1\":{\"command\":\"sh\",\"args\":[\"$T/h/$1\"],\"sandbox\":\"$2\",${3:-$provider,$quick}}"
}

# declare_command NAME SANDBOX COMMAND: the same for a command, as JSON.
declare_command()
{
	hooks="$hooks${hooks:+,
}\"$1\":{\"command\":$3,\"sandbox\":\"$2\",${4:-$provider,$quick}}"
}

# The configuration with all that was declared.
declared()
{
	printf '{"sandboxes":{%s},\n"hooks":{%s}}\n' "$boxes" "$hooks" >"$T/c.json"
}

# answer NAME [REQUEST]: runs the hook as $as says, with $options: its status in $st, its lines in
# $T/.out and $T/.err, the last event in $ended, all of them in $T/.events and, for the end, in
# $T/events.
answer()
{
	st=0
	# shellcheck disable=SC2086,SC2154 # words; lib.sh's
	$as timeout -k 1 60 "$hook" run -f "$T/c.json" $options --report 3 "$1" \
		<"${2:-$T/request}" >"$T/.out" 2>"$T/.err" 3>"$T/.events" || st=$?
	ended=$(tail -n 1 "$T/.events")
	cat "$T/.events" >>"$T/events"
}

# one TITLE STATUS REPLY ERROR EVENT: of what answer left, everything is as it should be: the reply
# is that one line and nothing else; the last line of standard error is (or has, where it ends or
# begins with *) ERROR, empty for none at all; the last event has EVENT.
one()
{
	printf '%s\n' "$3" >"$T/.want"
	one_err=$(tail -n 1 "$T/.err")
	one_bad=''
	[ "$st" = "$2" ] || one_bad="status $st, want $2
"
	cmp -s "$T/.want" "$T/.out" || one_bad="${one_bad}reply:  $(head -c 2000 "$T/.out")
want:   $3
"
	# shellcheck disable=SC2254 # a pattern
	case $one_err in
	$4) ;;
	*) one_bad="${one_bad}error:  $one_err
want:   $4
" ;;
	esac
	case $ended in
	*'"event":"ended",'*"$5"*) ;;
	*) one_bad="${one_bad}event:  $ended
want:   $5
" ;;
	esac
	if [ -z "$one_bad" ]; then
		pass "$1"
	else
		fail "$1" "$one_bad"
	fi
}

# failing TITLE NAME STATUS OUTCOME WHAT EVENT: runs a hook that fails; the same words are in the
# reply, on standard error and in the event. Which limit it met is in the reply: $met, where it was
# not the one that most meet.
met=''
failing()
{
	answer "$2" ${7:+"$7"}
	case $4 in
	timeout) failing_limit=",\"limit\":\"${met:-timeout}\"" ;;
	output-limit) failing_limit=',"limit":"output"' ;;
	limit) failing_limit=",\"limit\":\"$met\"" ;;
	*) failing_limit='' ;;
	esac
	failing_words="hook $2: $4${5:+: $5}"
	failing_json=$(printf '%s' "$failing_words" | sed 's/[\\"]/\\&/g')
	failing_glob=$(printf '%s' "$failing_words" | sed 's/[][*?\\]/\\&/g')
	one "$1" "$3" "{\"allow\":false,\"reason\":\"$failing_json\"$failing_limit}" \
		"sbx-hook: $failing_glob" \
		"\"outcome\":\"$4\",\"reason\":\"$failing_json\",$6"
}

# Every event that was written is one JSON object on one line of at most 4096 bytes.
events_hold()
{
	if python3 - "$T/events" <<'END' 2>"$T/.err"; then
import json, sys
for line in open(sys.argv[1], "rb"):
	assert line.endswith(b"\n") and len(line) <= 4096, line
	event = json.loads(line)
	assert event["v"] == 1 and event["tool"] == "sbx-hook" and event["event"], line
END
		pass "every event is a JSON line of at most 4096 bytes"
	else
		fail "every event is a JSON line of at most 4096 bytes" "$(cat "$T/.err")"
	fi
}

# How many processes have a word with this pattern in their command line; in the pattern something
# has to stand in brackets, so that grep does not find itself.
processes_with()
{
	grep -las -e "$1" /proc/[0-9]*/cmdline | wc -l
}

# gone TITLE WORD: there is no such process, or very soon there is none.
gone()
{
	gone_n=$(processes_with "$2")
	gone_tries=25
	while [ "$gone_n" != 0 ] && [ $gone_tries -gt 0 ]; do
		sleep 0.2
		gone_n=$(processes_with "$2")
		gone_tries=$((gone_tries - 1))
	done
	is "$1" "$gone_n" 0
}
