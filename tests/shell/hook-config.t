#!/bin/sh
# What bad configurations get: one line with file, line, column, path and what would be right;
# status 125; nothing executed, whoever reads it.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

cd "$T" || exit 1
mark="\"command\":\"touch\",\"args\":[\"$T/side/started\"]"
right='"hook":"provider","phases":["before_call"],"sandbox":"b",'
f=c.json

# bad TITLE WHERE WORDS TEXT: a document; WHERE and WORDS are patterns.
bad()
{
	printf '%s' "$4" >$f
	document "$1" "$f:$2: $3"
}

document()
{
	run "$hook" check -f $f
	# shellcheck disable=SC2254 # a pattern
	case $st:$out:$err in
	"125::sbx-hook: "$2) pass "$1" ;;
	*) fail "$1" "status $st
got:  $out$err
want: sbx-hook: $2" ;;
	esac
	line=$err
	for how in "run -f $f h" "exec -f $f --box b touch $T/side/started" "plan -f $f h" \
		"list -f $f"; do
		# shellcheck disable=SC2086 # words
		run "$hook" $how
		[ "$st:$out:$err" = "125::$line" ] || fail "$1: ${how%% *} says the same" \
			"$st $out $err"
	done
	# the events are looked at together, below
	"$hook" check -f $f --report 3 3>>"$T/events" 2>/dev/null
	printf '%s\n' "ended parse refused 125 ${line#sbx-hook: }" >>"$T/.want"
	if [ -e "$T/side/started" ]; then
		fail "$1: nothing is executed"
		rm "$T/side/started"
	fi
}

# hook TITLE WHERE WORDS KEYS: of a hook; box: of a sandbox. Each has its keys on the second line.
bad_hook()
{
	bad "$1" "$2" "\$.hooks.h$3" "{\"sandboxes\":{\"b\":{}},\"hooks\":{\"h\":{$mark,
$4}}}"
}

bad_box()
{
	bad "$1" "$2" "\$.sandboxes.b$3" "{\"hooks\":{\"h\":{$right$mark}},\"sandboxes\":{\"b\":{
$4}}}"
}

# that it is these keys which are wrong, and not the rest
printf '{"sandboxes":{"b":{}},"hooks":{"h":{%s,\n%s"timeout":"10ms","grace":"0ms"}}}' "$mark" \
	"$right" >$f
status "a good hook" 0 "$hook" check -f $f
printf '{"hooks":{"h":{%s%s}},"sandboxes":{"b":{\n"level":"none"}}}' "$right" "$mark" >$f
status "a good sandbox" 0 "$hook" check -f $f

# JSON
bad 'empty' 1:1 '$: expected a value, found the end of the text' ''
bad 'no JSON' 1:1 '$: expected a value, found "hello"' 'hello'
bad 'cut off' 2:11 '$.sandboxes.b: expected "," or "}", found the end of the text' '{"sandboxes":{
"b":{"x":1'
bad 'cut off' 1:21 '$.sandboxes: expected "," or "}", found the end of the text' \
	'{"sandboxes":{"b":{}'
bad 'a comma too many' 1:23 '$: expected a key in double quotes, found "}"' \
	'{"sandboxes":{"b":{}},}'
bad 'a comment' 2:2 '$: expected a key in double quotes or "}", found "/"' '{
	// boxes
}'
bad 'something behind' 2:2 '$: expected the end of the text, found "x"' '{"sandboxes":{"b":{}}}
 x'
bad 'a number with a zero' 1:20 '$.sandboxes.b: *' '{"sandboxes":{"b":007}}'
printf '{"sandboxes":{"b":{"hostname":"\377"}}}' >$f
document 'invalid UTF-8' "$f:1:32: \$.sandboxes.b.hostname: expected UTF-8 in a string, found the \
byte \\\\xff"
printf '\357\273\277{}' >$f
document 'a byte order mark' "$f:1:1: \$: expected a value, found a byte order mark"
bad 'too deep' 1:65 '$\[0]*...: more than 64 levels of nesting' "$(printf '%0100d' 0 | tr 0 '[')"

# documents
bad 'an array' 1:1 '$: an array, where *' '[]'
bad 'an empty object' 1:1 '$: an empty object*"sandboxes" and "hooks"*' '{}'
bad 'a mistyped key' 2:1 '$: unknown key "hook"*hooks*' '{"sandboxes":{"b":{}},
"hook":{}}'
bad 'sandboxes in an array' 1:14 '$.sandboxes: an array, where an object of names is due' \
	'{"sandboxes":[]}'
bad 'a null sandbox' 1:19 '$.sandboxes.b: null, where a sandbox is due' '{"sandboxes":{"b":null}}'
bad 'a null hook' 2:5 '$.hooks.h: null, where a hook is due' '{"sandboxes":{"b":{}},"hooks":{
"h":null}}'
bad 'a hook that is a word' 2:5 '$.hooks.h: a string, where a hook is due' \
	'{"sandboxes":{"b":{}},"hooks":{
"h":"x"}}'
bad 'a duplicate sandbox' 2:1 '$.sandboxes.b: duplicate key "b", which is at 1:15 already' \
	'{"sandboxes":{"b":{},
"b":{}}}'
bad 'no name' 1:15 "\$.sandboxes: \"a b\" is no name; 1 to 255 letters, digits, '.', '_' and '-' \
are due, not beginning with '.' or '-'" \
	'{"sandboxes":{"a b":{}}}'
bad 'a bare sandbox' 1:2 '$: unknown key "netwrok"; did you mean "network"*' '{"netwrok":"none"}'

# sandboxes
keys='(level, network, root, readonly_paths, writable_paths, tmp_paths, mount_proc, proc_subset, '\
'new_session, hostname, chdir, env, seccomp, degrade, memory, memory_high, memory_low, '\
'memory_min, swap, oom_group, cpu, cpu_period, cpu_burst, cpu_weight, cpus, mems, pids, io, '\
'io_weight, hugetlb, cgroup_files, allowed_devices, devices_only, idle_timeout, cpu_time)'
bad_box 'a mistyped key' 2:1 ': unknown key "netwrok"; did you mean "network"*' '"netwrok":"none"'
bad_box 'an unknown key' 2:1 ": unknown key \"image\" $keys" '"image":1'
bad_box 'a key that would play with the terminal' 2:1 ": unknown key \"\\\\x1b\[31mx\" $keys" \
	'"\u001b[31mx":1'
bad_box 'a duplicate key' 2:18 '.network: duplicate key "network", which is at 2:1 already' \
	'"network":"none","network":"none"'
bad_box 'the same key, written otherwise' 2:18 \
	'.network: duplicate key "network", which is at 2:1 already' \
	'"network":"none","\u006eetwork":"none"'
bad_box 'a string for a list' 2:18 '.writable_paths: a string, where an array is due' \
	'"writable_paths":"/tmp"'
bad_box 'a string for a flag' 2:14 '.mount_proc: a string, where true or false is due' \
	'"mount_proc":"yes"'
bad_box 'null' 2:14 '.mount_proc: null, where *' '"mount_proc":null'
bad_box 'an unknown level' 2:9 '.level: unknown word "container" (none, namespaced)' \
	'"level":"container"'
bad_box 'an unknown network' 2:11 '.network: unknown word "bridge" (none*host)' '"network":"bridge"'
bad_box 'a joined network' 2:11 '.network: unknown word "/proc/1/ns/net" (none*host)' \
	'"network":"/proc/1/ns/net"'
bad_box 'a relative path' 2:26 '.writable_paths\[1]: "var/tmp" is a relative path, where an '\
'absolute one is due' \
	'"writable_paths":["/tmp","var/tmp"]'
bad_box 'a path with ..' 2:19 '.readonly_paths\[0]: "/tmp/../etc" is a path with "..", where one '\
'without is due' \
	'"readonly_paths":["/tmp/../etc"]'
bad_box 'an empty path' 2:9 '.chdir: *' '"chdir":""'
bad_box 'a number for a path' 2:19 '.writable_paths\[0]: a number, where a string is due' \
	'"writable_paths":[1]'
bad_box 'a path twice' 2:26 ': *"/tmp" is there already' '"writable_paths":["/tmp","/tmp"]'
bad_box 'a size that is none' 2:14 '.tmp_paths\[0]: "size=big": *size=64M*' \
	'"tmp_paths":["/tmp:size=big"]'
bad_box 'an unknown option' 2:14 '.tmp_paths\[0]: unknown option "sise" (size, mode, nr_inodes)' \
	'"tmp_paths":["/tmp:sise=1M"]'
bad_box 'nothing to cover /' 2:14 '.tmp_paths\[0]: "/" cannot be covered; *' '"tmp_paths":["/"]'
bad_box 'no hostname' 2:12 '.hostname: "a_b" is no hostname; *letters, digits*' '"hostname":"a_b"'
bad_box 'no variable' 2:8 '.env\[0]: "A B*": NAME or NAME=value is due, NAME of *letters, digits '\
'and _*' '"env":["A B=1"]'
bad_box 'a variable twice' 2:14 '.env\[1]: "A" is there already' '"env":["A=1","A"]'
bad_box 'a NUL byte' 2:8 '.env\[0]: *"A*"*' '"env":["A=\u0000"]'
bad_box 'level none and paths' 2:34 \
	": level none shows the host's files; level namespaced is due for paths" \
	'"level":"none","writable_paths":["/tmp"]'
bad_box 'level none and a network' 2:26 \
	": level none has the host's network; level namespaced is due" \
	'"level":"none","network":"none"'
bad_box 'level none and a hostname' '[12]:*' ': *hostname*level namespaced*' \
	'"level":"none","hostname":"x"'
bad_box 'proc_subset alone' '[12]:*' ': proc_subset without mount_proc*mount_proc: true*' \
	'"proc_subset":true'

# hooks
bad_hook 'a mistyped key' 2:58 ': unknown key "time_out"; did you mean "timeout"*' \
	"$right\"time_out\":\"3s\""
bad_hook 'no hook type' 1:36 ': the key "hook" is missing: what the hook attends: provider, tool, '\
'session or eval' \
	'"phases":["before_call"],"sandbox":"b"'
bad_hook 'an unknown type' 2:8 '.hook: unknown word "model" (provider, tool, session, eval)' \
	'"hook":"model","phases":["before_call"],"sandbox":"b"'
bad_hook 'no phases' 2:10 '.phases: no phases; a tool hook has before_execution, after_execution' \
	'"phases":[],"hook":"tool","sandbox":"b"'
bad_hook 'phases not given' '[12]:*' \
	'.phases: no phases; a session hook has session_start, session_update, session_end' \
	'"hook":"session","sandbox":"b"'
bad_hook 'an unknown phase' 2:11 \
	'.phases\[0]: unknown word "before_cal" (before_call, after_call, before_execution, '\
'after_execution, session_start, session_update, session_end)' \
	'"phases":["before_cal"],"hook":"provider","sandbox":"b"'
bad_hook 'a phase of another type' '2:*' \
	'.phases*: phase "session_start" is none of a provider hook'"'"'s (before_call, '\
'after_call)' \
	'"phases":["before_call","session_start"],"hook":"provider","sandbox":"b"'
bad_hook 'a phase twice' 2:25 '.phases\[1]: "before_call" is there already' \
	'"phases":["before_call","before_call"],"hook":"provider","sandbox":"b"'
bad_hook 'a phase of eval' '2:*' '.phases*: an eval hook has no phases' \
	'"phases":["before_call"],"hook":"eval","sandbox":"b"'
bad_hook 'an undeclared sandbox' 2:54 '.sandbox: no sandbox is called "c" (declared: b)' \
	'"hook":"provider","phases":["before_call"],"sandbox":"c"'
bad_hook 'no sandbox' 1:36 ': the key "sandbox" is missing: the name of a declared sandbox' \
	'"hook":"provider","phases":["before_call"]'
bad 'no sandboxes at all' 1:69 '$.hooks.h.sandbox: no sandbox is called "b" (declared: none)' \
	"{\"hooks\":{\"h\":{$right\"command\":\"x\"}}}"
bad_hook 'an unknown mode' 2:65 '.mode: unknown word "block" (filter, observe)' \
	"$right\"mode\":\"block\""
bad_hook 'an unknown on_error' 2:69 '.on_error: unknown word "ignore" (deny, allow)' \
	"$right\"on_error\":\"ignore\""
bad_hook 'a bare number for a time' 2:68 '.timeout: a number, where a string*is due' \
	"$right\"timeout\":3"
bad_hook 'no time' 2:68 '.timeout: "soon" is no duration; 500ms, 30s, 5m or 1h30m is due' \
	"$right\"timeout\":\"soon\""
bad_hook 'too short a time' 2:68 '.timeout: "0s" is out of range; 10ms to 1d is due' \
	"$right\"timeout\":\"0s\""
bad_hook 'too long a time' 2:68 '.timeout: "25h" is out of range; 10ms to 1d is due' \
	"$right\"timeout\":\"25h\""
bad_hook 'too large a limit' 2:74 '.request_limit: "65M" is out of range; 1 to 64M is due' \
	"$right\"request_limit\":\"65M\""
bad_hook 'a negative limit' 2:72 '.reply_limit: "-1" is no size; bytes or 512K, 64M, 1.5G are due' \
	"$right\"reply_limit\":-1"
bad_hook 'a fraction of a byte' 2:72 \
	'.reply_limit: "1.5" is no size; bytes or 512K, 64M, 1.5G are '\
'due' "$right\"reply_limit\":1.5"
bad_hook 'a limit of nothing' 2:72 '.reply_limit: "0" is out of range; 1 to 64M is due' \
	"$right\"reply_limit\":0"

# commands: the hook is called h here too
for command in './redact' 'hooks/redact'; do
	bad 'a relative command' 1:104 \
		"\$.hooks.h.command: \"$command\" is a relative path, where an absolute one is \
due" \
		"{\"sandboxes\":{\"b\":{}},\"hooks\":{\"h\":{${right%,},\"command\":\"$command\"}}}"
done
bad 'no command' 1:36 '$.hooks.h: the key "command" is missing: the program: an absolute path, or '\
'a name that is looked up in the box'"'"'s PATH' \
	"{\"sandboxes\":{\"b\":{}},\"hooks\":{\"h\":{${right%,}}}}"
bad 'an empty command' 1:104 '$.hooks.h.command: "": an absolute path or a program'"'"'s name is '\
'due' \
	"{\"sandboxes\":{\"b\":{}},\"hooks\":{\"h\":{${right%,},\"command\":\"\"}}}"
bad_hook 'a NUL byte in an argument' 2:65 '.env\[0]: *"A*"*' "$right\"env\":[\"A=a\\u0000b\"]"

python3 -c 'import json, sys
for line in open(sys.argv[1]):
	e = json.loads(line)
	print(e["event"], e["stage"], e["cause"], e["status"], e["error"])' "$T/events" >"$T/.out"
if cmp -s "$T/.want" "$T/.out"; then
	pass "the events say the same"
else
	fail "the events say the same" "$(diff "$T/.want" "$T/.out")"
fi

# more than 1 MiB, and a file whose name is not fit to print
head -c 1048577 /dev/zero | tr '\0' ' ' >$f
run "$hook" check -f $f
like "more than 1 MiB" "$st $err" "125 sbx-hook: $f: *File too large*"
name=$(printf 'a\033[31m\nb')
printf '{' >"$name"
run "$hook" check -f "$name"
is "a file name that would play with the terminal" "$st $err" \
	'125 sbx-hook: a\x1b[31m\x0ab:1:2: $: expected a key in double quotes or "}", found the '\
'end of the text'
i=0 deep=$T
while [ $i -lt 15 ]; do
	deep=$deep/$(printf '%0250d' $i)
	i=$((i + 1))
done
run "$hook" check -f "$deep"
like "a long file name still has its line" "$st $(wc -l <"$T/.err") $err" \
	"125 1 sbx-hook: $T/0*: cannot open it: No such file or directory"
events_hold
finish
