#!/bin/sh
# What goes in is what the caller gave, what comes out is bounded, and nobody who reads slowly, or
# not at all, holds anything up.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

for level in none spaces; do
	declare_hook copy-$level $level <<END
cat >"$T/side/in"
echo '{"allow":true}'
END
	declare_hook slow-$level $level <<END
sleep 0.2
{ head -c 70000; sleep 0.2; cat; } >"$T/side/in"
echo '{"allow":true}'
END
	declare_hook ignores-$level $level <<'END'
echo '{"allow":true}'
END
	declare_hook shuts-$level $level <<'END'
exec <&-
sleep 0.2
echo '{"allow":true}'
END
	declare_hook early-$level $level <<'END'
cat >/dev/null
echo '{"allow":true}'
exec >&-
sleep 0.3
END
	declare_hook early-failed-$level $level <<'END'
echo '{"allow":true}'
exec >&-
sleep 0.3
exit 5
END
	declare_hook early-hangs-$level $level \
		"$provider,\"timeout\":\"1500ms\",\"grace\":\"0ms\"" <<'END'
echo '{"allow":true}'
exec >&-
exec sleep 1000
END
	declare_hook drips-$level $level <<'END'
for part in '{"al' 'low"' ':' 'true' '}'; do
	printf %s "$part"
	sleep 0.05
done
END
	declare_hook full-$level $level <<'END'
cat >/dev/null
printf '{"allow":true,"x":"'
head -c 1048555 /dev/zero | tr '\0' x
printf '"}'
END
	declare_hook fuller-$level $level <<'END'
cat >/dev/null
printf '{"allow":true,"x":"'
head -c 1048556 /dev/zero | tr '\0' x
printf '"}'
END
	declare_hook noisy-$level $level <<'END'
printf 'a\000b\377\033c' >&2
echo '{"allow":true}'
END
	declare_hook loud-$level $level <<'END'
head -c 3000000 /dev/zero | tr '\0' x >&2
echo '{"allow":true}'
END
	declare_hook mute-$level $level "$provider,$quick,\"stderr_limit\":0" <<'END'
echo hello >&2
echo '{"allow":true}'
END
	declare_hook boom-$level $level <<'END'
printf boom >&2
exit 2
END
	declare_hook late-$level $level <<'END'
sleep 0.3
echo hello >&2
sleep 0.1
echo '{"allow":true}'
END
	declare_hook megabyte-$level $level "$provider,$quick,\"stderr_limit\":\"2M\"" <<'END'
head -c 1000000 /dev/zero | tr '\0' x >&2
echo '{"allow":true}'
END
done
declare_hook escapes none <<'END'
printf '{"allow":true,"x":"'
head -c 500000 /dev/zero | tr '\0' '\177'
printf '"}'
END
declared

same()
{
	answer "$2" "$3"
	one "$who: $1" 0 '{"allow":true}' '' '"outcome":"allowed",'
	if cmp "$3" "$T/side/in" >"$T/.out" 2>&1; then
		pass "$who: $1: byte for byte"
	else
		fail "$who: $1: byte for byte" "$(cat "$T/.out")"
	fi
	rm -f "$T/side/in"
}

# Order, white space, escapes and numbers that no double can hold; and one of 1 MiB.
{
	printf ' \r\n\t{"z":123456789012345678901234567890.10e+0400,"phase":"before_call",\n'
	printf '"hook" : "provider","\\u0041\\/":"\\ud83d\\ude00 é\177","a":-0.0,"empty":[ ],'\
'"o":{ }}\r\n\n '
} >"$T/odd"
{
	printf '{"hook":"provider","phase":"before_call","x":"'
	head -c 1048528 /dev/zero | tr '\0' '\177'
	printf '"}'
} >"$T/large"
is "the large request is 1 MiB" "$(($(wc -c <"$T/large")))" 1048576

requests()
{
	same 'an odd request' copy-$level "$T/odd"
	same 'a request of 1 MiB' copy-$level "$T/large"
	same 'one read slowly' slow-$level "$T/large"
	answer ignores-$level "$T/large"
	one "$who: a request that is not read" 0 '{"allow":true}' '' '"outcome":"allowed",'
	answer shuts-$level "$T/large"
	one "$who: standard input closed" 0 '{"allow":true}' '' '"outcome":"allowed",'
}

replies()
{
	answer early-$level
	one "$who: standard output closed early" 0 '{"allow":true}' '' '"outcome":"allowed",'
	failing "$who: closed early, then failed" early-failed-$level 6 failed \
		'its exit status was 5' '"stage":"run",'
	failing "$who: closed early, then hanging" early-hangs-$level 124 timeout \
		'it was ended after 1500ms' '"stage":"run",'
	answer drips-$level
	one "$who: a reply in small pieces" 0 '{"allow":true}' '' '"outcome":"allowed",'
	answer full-$level "$T/large"
	is "$who: a reply of exactly 1 MiB" "$st $(wc -c <"$T/.out") $(wc -l <"$T/.out")" \
		'0 1048577 1'
	failing "$who: one byte more" fuller-$level 5 output-limit \
		'its reply is longer than reply_limit (1M), at byte 1048576' '"stage":"run",'
}

diagnostics()
{
	cut='its standard error is cut at byte'
	answer noisy-$level
	printf 'a\000b\377\033c' >"$T/want"
	if cmp -s "$T/want" "$T/.err" && [ "$st" = 0 ]; then
		pass "$who: standard error is passed on as it is"
	else
		fail "$who: standard error is passed on as it is" "$st $(od -c "$T/.err")"
	fi
	answer loud-$level
	one "$who: more on standard error than the limit" 0 '{"allow":true}' \
		"sbx-hook: hook loud-$level: $cut 65536; bytes that are missing: 2934464" \
			'"outcome":"allowed",'
	is "$who: the limit's bytes are passed on" "$(tr -cd x <"$T/.err" | wc -c)" \
		$((65536 + $(tail -n 1 "$T/.err" | tr -cd x | wc -c)))
	answer mute-$level
	is "$who: no standard error wanted" "$st $(cat "$T/.out" "$T/.err")" \
		"0 {\"allow\":true}
sbx-hook: hook mute-$level: $cut 0; bytes that are missing: 6"
	answer boom-$level
	is "$who: our line stands on its own" "$(cat "$T/.err")" "boom
sbx-hook: hook boom-$level: failed: its exit status was 2"
	answer megabyte-$level
	is "$who: a megabyte on standard error" "$st $(wc -c <"$T/.err") $(cat "$T/.out")" \
		'0 1000000 {"allow":true}'
}

callers()
{
	# standard error is a pipe that is held open, and never read
	mkfifo "$T/pipe"
	exec 9<>"$T/pipe"
	st=0
	$as timeout -k 1 30 "$hook" run -f "$T/c.json" megabyte-$level <"$T/request" >"$T/.out" \
		2>"$T/pipe" 9<&- || st=$?
	is "$who: standard error is never read" "$st $(cat "$T/.out")" '0 {"allow":true}'
	st=0
	$as timeout -k 1 30 "$hook" run -f "$T/c.json" early-failed-$level <"$T/request" \
		>"$T/.out" \
		2>"$T/pipe" 9<&- || st=$?
	like "$who: and it is full already" "$st $(cat "$T/.out")" '6 {"allow":false,*'
	exec 9<&-
	rm "$T/pipe"

	# a reader who goes away: the pipe breaks before the hook writes, or before we do
	for name in late boom; do
		{
			st=0
			$as timeout -k 1 30 "$hook" run -f "$T/c.json" $name-$level <"$T/request" \
				2>&1 >"$T/.out" || st=$?
			echo $st >"$T/.status"
		} | :
		wait
		is "$who: standard error is broken ($name)" \
			"$(cat "$T/.status")-$(cut -c 1-14 "$T/.out")" \
			"$([ $name = late ] && echo '0-{"allow":true}' || echo '6-{"allow":false')"
	done
	{
		st=0
		$as timeout -k 1 30 "$hook" run -f "$T/c.json" late-$level <"$T/request" \
			2>"$T/.err" || st=$?
		echo $st >"$T/.status"
	} | :
	is "$who: standard output is broken" "$(cat "$T/.status") $(cat "$T/.err")" "125 hello
sbx-hook: cannot write to standard output: Broken pipe"
	st=0
	$as "$hook" run -f "$T/c.json" ignores-$level <"$T/request" 2>"$T/.err" >/dev/full || st=$?
	is "$who: standard output is full" "$st $(cat "$T/.err")" \
		"125 sbx-hook: cannot write to standard output: No space left on device"
}

for as in '' as_nobody; do
	for level in none spaces; do
		who="${as:-root}, $level"
		requests
		replies
		diagnostics
		# each of these waits, so not all four times
		[ "${as:-root}-$level" = root-spaces ] ||
			[ "${as:-root}-$level" = as_nobody-none ] || callers
	done
done
as=''

# An escape can be six times its byte: a reply is never lost for that.
answer escapes
is "a reply that grows when it is written on one line" \
	"$st $(wc -c <"$T/.out") $(wc -l <"$T/.out")" \
	"0 $((500000 * 6 + 22)) 1"
events_hold
finish
