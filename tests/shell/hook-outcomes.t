#!/bin/sh
# Every way a hook can end: its status, its reply line, its line on standard error, its event; as
# root and as an ordinary user, with and without namespaces.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

# reply NAME TEXT: a hook that answers with this, taken by printf(1).
reply()
{
	for level in none spaces; do
		declare_hook "$1-$level" $level "${3:-$provider,$quick}" <<END
cat >/dev/null
printf '$2'
END
	done
}

# does NAME: a hook that does what standard input says.
does()
{
	cat >"$T/.code"
	for level in none spaces; do
		declare_hook "$1-$level" $level "${2:-$provider,$quick}" <"$T/.code"
	done
}

reply yes '{"allow":true}\n'
reply rich ' {\n "reason" : "\\u00e9\\/x\\u0001\177", "allow":\ttrue ,"metadata":{"n":1.50e+2,'\
'"b":[ ]},"x":null}\r\n'
reply no '{"allow":false,"reason":"a card number"}'
reply mute '{"allow":false}'
reply enforced '{"allow":false,"enforced":true,"metadata":{"replacement":"x"}}'
reply observed '{}' "$provider,$quick,\"mode\":\"observe\""
reply empty ''
reply blank ' \n'
reply braces '{}'
reply two '{"allow":true}\n{"allow":true}\n'
reply array '[{"allow":true}]'
reply word 'true'
reply utf8 '{"allow":true,"reason":"a\377b"}'
reply cut '{"allow":tru'
reply behind '{"allow":true} ok'
reply nul '{"allow":true}\000'
reply bom '\357\273\277{"allow":true}'
reply twice '{"allow":false,\n"allow":true}'
reply string '{"allow":"true"}'
reply null '{"allow":null}'
reply both '{"allow":true,"enforced":true}'
reply metadata '{"allow":true,"metadata":[]}'
reply reason '{"allow":false,"reason":7}'
reply surrogate '{"allow":true,"reason":"\\ud800"}'
reply comma '{"allow":true,}'
limit="$provider,$quick,\"reply_limit\":32"
reply exactly '{"allow":true,"x":"0123456789a"}' "$limit"
reply more '{"allow":true,"x":"0123456789ab"}' "$limit"
does endless "$limit" <<'END'
yes '{"allow":true}'
END
does failed <<'END'
echo '{"allow":true}'
exit 3
END
does signal <<'END'
echo '{"allow":true}'
kill -SEGV $$
END
does killed <<'END'
kill -KILL $$
END
does slow "$provider,\"timeout\":\"1500ms\",\"grace\":\"0ms\"" <<'END'
echo '{"allow":true}'
exec sleep 1000
END
mkdir "$T/dir"
printf '#!/nowhere/sh\n' >"$T/interpreter"
printf 'echo {}\n' >"$T/text"
printf '\177ELF' >"$T/elf"
printf '#!/bin/sh\n' >"$T/mode"
chmod 755 "$T/interpreter" "$T/text" "$T/elf"
for level in none spaces; do
	declare_command absent-$level $level "\"$T/absent\""
	declare_command below-$level $level "\"$T/mode/absent\""
	declare_command name-$level $level '"no-such-program"'
	declare_command dir-$level $level "\"$T/dir\""
	declare_command mode-$level $level "\"$T/mode\""
	declare_command text-$level $level "\"$T/text\""
	declare_command elf-$level $level "\"$T/elf\""
	declare_command interpreter-$level $level "\"$T/interpreter\""
done
declared

# bad NAME WHAT: its reply is refused, with these words.
bad()
{
	failing "$who: $1: bad-reply" "$1-$level" 4 bad-reply "<reply>:$2" \
		'"stage":"run","cause":"exit","status":0,'
}

all()
{
	who="${as:-root}, $level"
	run_ok='"stage":"run","cause":"exit","status":0,'

	answer "yes-$level"
	one "$who: allowed" 0 '{"allow":true}' '' "\"outcome\":\"allowed\",$run_ok"
	answer "rich-$level"
	one "$who: allowed, on one line" 0 \
		'{"reason":"é/x\u0001\u007f","allow":true,"metadata":{"n":1.50e+2,"b":[]},'\
'"x":null}' '' \
		"\"outcome\":\"allowed\",\"reason\":\"é/x\\u0001\\u007f\",$run_ok"
	answer "no-$level"
	one "$who: denied" 1 '{"allow":false,"reason":"a card number"}' '' \
		"\"outcome\":\"denied\",\"reason\":\"a card number\",$run_ok"
	answer "mute-$level"
	one "$who: denied without a reason" 1 '{"allow":false}' '' "\"outcome\":\"denied\",$run_ok"
	answer "enforced-$level"
	one "$who: enforced" 3 '{"allow":false,"enforced":true,"metadata":{"replacement":"x"}}' '' \
		"\"outcome\":\"enforced\",$run_ok"
	answer "observed-$level"
	one "$who: observed" 0 '{"allow":true}' '' "\"outcome\":\"observed\",$run_ok"

	bad empty '1:1: $: empty, where one JSON object is due (byte 0)'
	bad blank '2:1: $: expected a value, found the end of the text (byte 2)'
	bad braces '1:1: $: the member "allow" is missing: true or false is due (byte 0)'
	bad two '2:1: $: expected the end of the text, found "{" (byte 15)'
	bad array '1:1: $: an array, where one JSON object is due (byte 0)'
	bad word '1:1: $: true or false, where one JSON object is due (byte 0)'
	bad utf8 '1:26: $.reason: expected UTF-8 in a string, found the byte \xff (byte 25)'
	bad cut '1:10: $.allow: expected a value, found "tru" (byte 9)'
	bad behind '1:16: $: expected the end of the text, found "ok" (byte 15)'
	bad nul '1:15: $: expected the end of the text, found "\x00" (byte 14)'
	bad bom '1:1: $: expected a value, found a byte order mark (byte 0)'
	bad twice '2:1: $.allow: duplicate key "allow", which is at 1:2 already (byte 16)'
	bad string '1:10: $.allow: a string, where true or false is due (byte 9)'
	bad null '1:10: $.allow: null, where true or false is due (byte 9)'
	bad both '1:26: $.enforced: true, where "allow" is true: what was enforced is not allowed '\
'(byte 25)'
	bad metadata '1:26: $.metadata: an array, where an object is due (byte 25)'
	bad reason '1:25: $.reason: a number, where a string is due (byte 24)'
	bad surrogate '1:25: $.reason: expected a pair of surrogates, found \ud800 alone (byte 24)'
	bad comma '1:15: $: expected a key in double quotes, found "}" (byte 14)'

	answer "exactly-$level"
	one "$who: a reply of exactly the limit" 0 '{"allow":true,"x":"0123456789a"}' '' \
		"\"outcome\":\"allowed\",$run_ok"
	over='its reply is longer than reply_limit (32), at byte 32'
	failing "$who: one byte more" "more-$level" 5 output-limit "$over" \
		'"stage":"run","cause":"output",'
	failing "$who: output without end" "endless-$level" 5 output-limit "$over" \
		'"stage":"run","cause":"output",'
	failing "$who: failed" "failed-$level" 6 failed 'its exit status was 3' \
		'"stage":"run","cause":"exit","status":3,'
	failing "$who: crashed" "signal-$level" 7 crashed 'it ended by signal 11 (SEGV)' \
		'"stage":"run","cause":"signal","status":139,"signal":11,'
	failing "$who: crashed by KILL" "killed-$level" 7 crashed 'it ended by signal 9 (KILL)' \
		'"stage":"run","cause":"signal","status":137,"signal":9,'
	failing "$who: timeout" "slow-$level" 124 timeout 'it was ended after 1500ms' \
		'"stage":"run","cause":"timeout","status":124,'
	not_run
}

# The last stage: status, outcome and what the exec said.
not_run()
{
	not_begun='"stage":"exec","cause":"setup-failed","status":127,'
	failing "$who: not found" "absent-$level" 127 not-found \
		"cannot execute $T/absent: No such file or directory" "$not_begun"
	failing "$who: not found below a file" "below-$level" 127 not-found \
		"cannot execute $T/mode/absent: No such file or directory" "$not_begun"
	failing "$who: not found in PATH" "name-$level" 127 not-found \
		'cannot find no-such-program in the PATH of the box: No such file or directory' \
			"$not_begun"
	not_begun='"stage":"exec","cause":"setup-failed","status":126,'
	none='(neither a program for this machine nor a script with a #! line): Exec format error'
	failing "$who: a directory" "dir-$level" 126 not-executable \
		"cannot execute $T/dir: Permission denied" "$not_begun"
	failing "$who: no x bit" "mode-$level" 126 not-executable \
		"cannot execute $T/mode: Permission denied" "$not_begun"
	failing "$who: no #! line" "text-$level" 126 not-executable \
		"cannot execute $T/text $none" "$not_begun"
	failing "$who: a broken program" "elf-$level" 126 not-executable \
		"cannot execute $T/elf $none" "$not_begun"
	failing "$who: no interpreter" "interpreter-$level" 126 not-executable \
		"cannot execute $T/interpreter: its interpreter is missing: No such file or \
directory" \
		"$not_begun"
}

for as in '' as_nobody; do
	for level in none spaces; do
		all
	done
done
events_hold
finish
