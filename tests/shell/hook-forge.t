#!/bin/sh
# A hook cannot speak for us: not by what it prints, not by how it ends, not by descriptors. And
# what it answers, however hostile, costs bounded memory and time.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

boxes="$boxes,
\"proc\":{\"mount_proc\":true,\"writable_paths\":[\"$T/side\"]}"
event='{"v":1,"tool":"sbx-hook","event":"ended","outcome":"allowed","stage":"run","cause":"exit",'\
'"status":0}'
for level in none spaces; do
	# our own words, everywhere
	declare_hook events-$level $level <<END
echo '$event' >&2
echo 'sbx-hook: hook events: allowed' >&2
echo '$event'
END
	for code in 0 1 3 4 5 6 7 8 124 125 126 127 137; do
		declare_hook exit-$code-$level $level <<END
exit $code
END
	done
	# everything that a descriptor may be
	declare_hook descriptors-$level $level <<END
for n in 3 4 5 6 7 8 9; do
	eval "echo '$event' >&\$n" 2>/dev/null
done
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	for p in self 1 \$\$ \$PPID; do
		[ \$p-\$n = self-1 ] || [ \$p-\$n = \$\$-1 ] || [ \$n = 2 ] ||
			echo '$event' >/proc/\$p/fd/\$n
	done
done 2>/dev/null
exit 6
END
	# kills what it can reach, then says yes
	declare_hook kills-$level $level <<'END'
kill -KILL $PPID 2>/dev/null
kill -KILL -1 2>/dev/null
echo '{"allow":true}'
END
done
declare_hook descriptors-proc proc <"$T/h/descriptors-spaces"
declare_hook looks-proc proc <<'END'
cat /proc/1/environ /proc/1/maps /proc/1/mem /proc/1/fd/* /proc/1/exe </dev/null >/dev/null &&
	echo "read something of init" >&2
ls -l /proc/1/fd /proc/1/cwd/ /proc/1/root/ >/dev/null 2>&1 && echo "looked at init" >&2
# a name that a report descriptor had
env | grep SBX && echo "SBX_REPORT_FD" >&2
echo '{"allow":false}'
END

# hostile replies, each about 1 MiB
awk_reply()
{
	declare_hook "$1" none "$provider,\"timeout\":\"60s\",\"grace\":\"0ms\"" <<END
awk 'BEGIN { printf "{\"allow\":true,\"x\":"; $2; print "}" }'
END
}
awk_reply deep 'for (i = 0; i < 520000; i++) printf "["; for (i = 0; i < 520000; i++) printf "]"'
awk_reply objects 'for (i = 0; i < 170000; i++) printf "{\"\":"; printf "1"; for (i = 0; i < '\
'170000; i++) printf "}"'
awk_reply level64 'for (i = 0; i < 63; i++) printf "["; for (i = 0; i < 63; i++) printf "]"'
awk_reply level65 'for (i = 0; i < 64; i++) printf "["; for (i = 0; i < 64; i++) printf "]"'
awk_reply members 'printf "{\"k\":0"; for (i = 0; i < 80000; i++) printf ",\"k%d\":%d", i, i % '\
'10; printf "}"'
awk_reply same 'printf "{\"k\":0"; for (i = 0; i < 80000; i++) printf ",\"k%d\":0", i; printf ",'\
'\"k0\":0}"'
awk_reply elements 'printf "[0"; for (i = 0; i < 500000; i++) printf ",0"; printf "]"'
awk_reply empties 'printf "[[]"; for (i = 0; i < 340000; i++) printf ",{}"; printf "]"'
awk_reply escapes 'printf "\""; for (i = 0; i < 170000; i++) printf "\\u0000"; printf "\""'
awk_reply newlines 'printf "\""; for (i = 0; i < 510000; i++) printf "\\n"; printf "\""'
awk_reply digits 'for (i = 0; i < 1040000; i++) printf "1"'
awk_reply spaces 'for (i = 0; i < 1040000; i++) printf "\n"; printf 1'
awk_reply key 'printf "{\""; for (i = 0; i < 170000; i++) printf "\\u0001"; printf "\":{\"a\":1,'\
'\"a\":2}}"'
declare_hook zeros none "$provider,\"timeout\":\"60s\",\"grace\":\"0ms\"" <<'END'
cat /dev/zero
END
# the longest name, and a message about what is not fit to print
long=$(printf '%0255d' 0 | tr 0 n)
declare_hook "$long" none <<'END'
awk 'BEGIN {
	for (i = 0; i < 300; i++)
		key = key "\\u0001"
	printf "{\"allow\":true,\"%s\":1,\"%s\":2}", key, key
}'
END
printf '{"hook":"provider","phase":"before_call","x":%s}' \
	"$(printf '%0130d' 0 | sed 's/0\(.*\)/[\1/; s/0/[/g')" >"$T/deep"
declared

forged()
{
	answer events-$level
	one "$who: our words as a reply" 4 \
		"{\"allow\":false,\"reason\":\"hook events-$level: bad-reply: <reply>:1:1: \$: \
the member \\\"allow\\\" is missing: true or false is due (byte 0)\"}" \
		'sbx-hook: hook events-*: bad-reply: *' '"outcome":"bad-reply",'
	is "$who: no event of theirs" "$(grep -c '"event":"ended"' "$T/.events")" 1
	for code in 0 1 3 4 5 6 7 8 124 125 126 127 137; do
		answer exit-$code-$level
		if [ $code = 0 ]; then
			like "$who: status 0 without a reply" "$st $ended" \
				'4 *"outcome":"bad-reply",*'
		else
			like "$who: status $code is its own" "$st $ended" \
				"6 *\"outcome\":\"failed\",*\"cause\":\"exit\",\"status\":$code,*"
		fi
	done
}

descriptors()
{
	for box in "$@"; do
		answer "descriptors-$box"
		one "$who: descriptors ($box)" 6 \
			"{\"allow\":false,\"reason\":\"hook descriptors-$box: failed: its exit \
status was 6\"}" \
			"sbx-hook: hook descriptors-$box: failed: its exit status was 6" \
				'"outcome":"failed",'
		is "$who: no event by them ($box)" "$(grep -c '"event":"ended"' "$T/.events")" 1
	done
}

for as in '' as_nobody; do
	for level in none spaces; do
		who="${as:-root}, $level"
		forged
	done
	# at level none the receipt says that nothing can be promised; root could really write there
	[ -z "$as" ] || descriptors none
	level=spaces who="${as:-root}, spaces"
	descriptors spaces proc
	answer kills-spaces
	one "$who: it kills all it can reach" 0 '{"allow":true}' '' '"outcome":"allowed",'
	answer looks-proc
	is "$who: nothing of ours to look at" "$st $(grep -v 'denied\|No such\|cannot' "$T/.err")" \
		'1 '
	"$hook" run -f "$T/c.json" --report 3 exit-6-none <"$T/request" 3>"$T/.events" >/dev/null \
		2>&1
	like "$who: level none makes no promise" "$(cat "$T/.events")" \
		'*"name":"verdict",*"state":"best-effort",*'
done
as=''

# bounded TITLE STATUS PATTERN NAME [REQUEST]: the outcome is as it should be, in 300 MB of address
# space and long before a minute.
bounded()
{
	st=0
	(
		# shellcheck disable=SC3045 # dash has it
		ulimit -v 300000
		exec timeout -k 1 60 "$hook" run -f "$T/c.json" "$4" <"${5:-$T/request}"
	) >"$T/.out" 2>"$T/.err" || st=$?
	like "hostile: $1" "$st $(wc -l <"$T/.out") $(head -c 300 "$T/.out")" "$2 1 $3"
}
level64=$(printf '%063d' 0 | sed 's/0/[/g')
bounded 'nested arrays' 4 '*: more than 64 levels of nesting (byte 81)*' deep
bounded 'nested objects' 4 '*: more than 64 levels of nesting (byte *' objects
bounded 'as deep as it may be' 0 "{\"allow\":true,\"x\":$(echo "$level64" | sed 's/\[/[[]/g')]*" \
	level64
bounded 'one level more' 4 '*: more than 64 levels of nesting*' level65
bounded 'many members' 0 '{"allow":true,"x":{"k":0,"k0":0,*' members
bounded 'many members and one twice' 4 '*: duplicate key \\"k0\\", which is at *' same
bounded 'many elements' 0 '{"allow":true,"x":\[0,0,*' elements
bounded 'many empty objects' 0 '{"allow":true,"x":\[\[],{},*' empties
bounded 'a megabyte of escapes' 0 '{"allow":true,"x":"\\u0000\\u0000*' escapes
bounded 'a megabyte of line breaks' 0 '{"allow":true,"x":"\\n\\n*' newlines
bounded 'a number of a megabyte' 0 '{"allow":true,"x":111*' digits
bounded 'a megabyte of nothing' 0 '{"allow":true,"x":1}' spaces
bounded 'a key of a megabyte in the way' 4 '*bad-reply: *duplicate key*' key
bounded 'zeros without end' 5 '*output-limit*' zeros
bounded 'a deep request' 125 '*: more than 64 levels of nesting*' exit-0-none "$T/deep"

answer "$long"
like "a long name and a long message: the reply" "$st $(wc -l <"$T/.out") $(cat "$T/.out")" \
	"4 1 {\"allow\":false,\"reason\":\"hook $long: bad-reply: *\x01*\"}"
like "a long name and a long message: the line" "$(wc -l <"$T/.err") $(cat "$T/.err")" \
	"1 sbx-hook: hook $long: bad-reply: *\x01*"
like "a long name and a long message: the event" "$ended" \
	"*\"event\":\"ended\",\"outcome\":\"bad-reply\",\"reason\":\"hook $long: \
*\"cause\":\"exit\",\"status\":0,*"
events_hold
finish
