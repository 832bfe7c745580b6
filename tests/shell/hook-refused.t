#!/bin/sh
# What is refused is refused before the hook is started: with one line, one reply and one event.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

# Every hook here would leave its mark.
for level in none spaces; do
	declare_hook mark-$level $level <<END
touch "$T/side/started"
cat >/dev/null
echo '{"allow":true}'
END
	declare_hook small-$level $level "$provider,$quick,\"request_limit\":64" <"$T/h/mark-$level"
	declare_hook tool-$level $level \
		"\"hook\":\"tool\",\"phases\":[\"before_execution\",\"after_execution\"],$quick" \
		<"$T/h/mark-$level"
	declare_hook eval-$level $level "\"hook\":\"eval\",$quick" <"$T/h/mark-$level"
	declare_hook watch-$level $level \
		"$provider,$quick,\"mode\":\"observe\",\"on_error\":\"allow\"" \
		<"$T/h/mark-$level"
done
boxes="$boxes,
\"nowhere\":{\"writable_paths\":[\"$T/no/such/place\"]}"
declare_hook nowhere nowhere <"$T/h/mark-none"
declared
head='"hook":"provider","phase":"before_call"'

not_started()
{
	if [ -e "$T/side/started" ]; then
		fail "$1: not started"
		rm -f "$T/side/started"
	else
		pass "$1: not started"
	fi
}

# refused TITLE NAME WORDS: with the request in $T/bad.
refused()
{
	failing "$who: $1" "$2" 125 refused "<request>$3" \
		'"stage":"parse","cause":"refused","status":125,' "$T/bad"
	not_started "$who: $1"
}

# text TITLE NAME WORDS REQUEST: the request as printf(1) takes it.
text()
{
	# shellcheck disable=SC2059 # a format on purpose
	printf "$4" >"$T/bad"
	refused "$1" "$2" "$3"
}

# fill BYTES: a valid request of exactly that length, in $T/bad.
fill()
{
	fill_head=$(printf '{%s,"x":"' "$head")
	{
		printf %s "$fill_head"
		head -c $(($1 - ${#fill_head} - 2)) /dev/zero | tr '\0' x
		printf '"}'
	} >"$T/bad"
}

started()
{
	answer "$2" "$T/bad"
	one "$who: $1" 0 '{"allow":true}' '' '"outcome":"allowed",'
	is "$who: $1: started" "$(ls "$T/side")" started
	rm -f "$T/side/started"
}

contents()
{
	m=mark-$level
	text 'empty' $m ':1:1: $: empty, where one JSON object is due (byte 0)' ''
	text 'no JSON' $m ':1:1: $: expected a value, found "hello" (byte 0)' 'hello\n'
	text 'no object' $m ':1:1: $: an array, where one JSON object is due (byte 0)' "[{$head}]"
	text 'two objects' $m ':2:1: $: expected the end of the text, found "{" (byte 42)' \
		"{$head}\n{$head}\n"
	text 'cut off' $m ':1:41: $: expected "," or "}", found the end of the text (byte 40)' \
		"{$head"
	text 'invalid UTF-8' $m \
		':1:47: $.x: expected UTF-8 in a string, found the byte \xff (byte 46)' \
		"{$head,\"x\":\"\\377\"}"
	text 'a duplicate' $m ':2:1: $.phase: duplicate key "phase", which is at 1:20 already '\
'(byte 42)' \
		"{$head,\n\"phase\":\"x\"}"
	text 'another hook' $m \
		':1:9: $.hook: "tool", where this hook is declared as "provider" (byte 8)' \
		'{"hook":"tool","phase":"before_call"}'
	text 'another phase' $m \
		':2:10: $.phase: "after_call", where this hook is declared for before_call (byte '\
'29)' \
		'{"hook":"provider",\n "phase":"after_call"}'
	text 'none of its phases' tool-$level \
		':1:24: $.phase: "x", where this hook is declared for before_execution, '\
'after_execution (byte 23)' \
		'{"hook":"tool","phase":"x"}'
	text 'no hook' $m ':1:1: $.hook: the member "hook" is missing (byte 0)' \
		'{"phase":"before_call"}'
	text 'no phase' $m ':1:1: $.phase: the member "phase" is missing (byte 0)' \
		'{"hook":"provider"}'
	text 'a null phase' $m ':1:28: $.phase: null, where a string is due (byte 27)' \
		'{"hook":"provider","phase":null}'
	text 'no result to evaluate' eval-$level \
		':1:1: $: a number, where one JSON object is due (byte 0)' '1'
}

sizes()
{
	fill 65
	refused 'one byte too large' small-$level ': the request is larger than request_limit (64)'
	fill 64
	started 'exactly as large as it may be' small-$level
	fill 1048577
	refused 'one byte more than 1 MiB' mark-$level \
		': the request is larger than request_limit (1M)'
	fill 1048576
	started 'exactly 1 MiB' mark-$level
	printf '{"score":0.5}' >"$T/bad"
	started 'any object to evaluate' eval-$level

	st=0
	# what never ends is given up at the limit
	yes | timeout -k 1 60 "$hook" run -f "$T/c.json" mark-$level >"$T/.out" 2>&1 || st=$?
	is "$who: a request without end is refused" "$st" 125
	not_started "$who: a request without end"
}

for as in '' as_nobody; do
	for level in none spaces; do
		who="${as:-root}, $level"
		contents
		sizes
	done
done

as='' who=root
printf '{}' >"$T/bad"
answer watch-none "$T/bad"
why='hook watch-none: refused: <request>:1:1: $.hook: the member \"hook\" is missing (byte 0)'
one "one that observes does not stand in the way, but its status says what was wrong" 125 \
	"{\"allow\":true,\"reason\":\"$why\"}" 'sbx-hook: *' '"outcome":"refused",'
not_started "one that observes"

answer mark-none "$T"
one "a request that cannot be read" 125 \
	'{"allow":false,"reason":"hook mark-none: refused: <request>: cannot read the request: Is '\
'a directory"}' \
	'sbx-hook: hook mark-none: refused: <request>: cannot read the request: Is a directory' \
	'"outcome":"refused",'
not_started "a request that cannot be read"
st=0
"$hook" run -f "$T/c.json" mark-none <&- >"$T/.out" 2>"$T/.err" || st=$?
is "no standard input at all" "$st $(cat "$T/.out")" \
	'125 {"allow":false,"reason":"hook mark-none: refused: <request>: cannot read the '\
'request: Bad file descriptor"}'
not_started "no standard input at all"

# A box that cannot be made is refused with its place in the configuration.
answer nowhere
line=$(grep -n nowhere "$T/c.json" | head -n 1 | cut -d : -f 1)
why="hook nowhere: refused: $T/c.json:$line:30: cannot "
like "a box that cannot be made: the line" "$(cat "$T/.err")" \
	"sbx-hook: $why*No such file or directory"
like "a box that cannot be made: the reply" "$(cat "$T/.out")" \
	"{\"allow\":false,\"reason\":\"$why*No such file or directory\"}"
is "a box that cannot be made: the status" "$st" 125
like "a box that cannot be made: the event" "$ended" \
	'*"event":"ended","outcome":"refused",*"stage":"setup","cause":"setup-failed",'\
'"status":125,*"errno":"ENOENT",*'
not_started "a box that cannot be made"

# Without a hook there is nobody to speak for: no reply.
answer nobody-knows
is "an unknown hook has no reply" "$st $(cat "$T/.out")" '125 '
like "an unknown hook: the declared ones are named" "$(cat "$T/.err")" \
	'sbx-hook: no hook is called "nobody-knows" (declared: mark-none, small-none, *)'
like "an unknown hook: the event" "$ended" \
	'*"event":"ended","stage":"parse","cause":"refused","status":125,"error":"no hook is '\
'called *'
run "$hook" run -f "$T/c.json"
is "no hook named" "$st $out" '125 '
run "$hook" run -f "$T/c.json" mark-none mark-spaces
is "two hooks named" "$st $out" '125 '
events_hold
finish
