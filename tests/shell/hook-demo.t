#!/bin/sh
# The demo: its redactor is right about JSON, and it shows what it says, to everybody.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

# A clone as an ordinary user has it, with the programs under test.
clone=$T/clone
mkdir -p "$clone/scripts"
cp -R scripts/demo "$clone/scripts/demo"
cp -R "$T/bin" "$clone/out"
chmod -R a+rX "$clone"
demo=$clone/scripts/demo
tab=$(printf '\t')

# redacted REQUEST: what is made of this JSON value; $st, $out.
redacted()
{
	st=0
	out=$(printf '{"hook":"provider","request":%s,"phase":"before_call"}\n' "$1" |
		"$demo/redact" 2>"$T/.err") || st=$?
}

vectors()
{
	while IFS=$tab read -r text want; do
		case $text in '#'*) continue ;; esac
		redacted "$text"
		case $st:$out in
		"0:{\"allow\":true,\"metadata\":{\"request\":$want,\"replaced\":{\"emails\":"*) \
			pass "$who: $text" ;;
		*) fail "$who: $text" "status $st
got:  $out
want: $want" ;;
		esac
	done <tests/vectors/hooks/redact.txt
}

structure()
{
	redacted ' { "alice@example.com" : [ 1 , {} , [ ] , "x" ],
"\u006b" : { "n" : -1.50E+2 , "t":true,"f":false , "z":null },"e":"" } '
	is "$who: all but strings is kept" "$out" \
		'{"allow":true,"metadata":{"request":{"[email-1]":[1,{},[],"x"],'\
'"\u006b":{"n":-1.50E+2,"t":true,"f":false,"z":null},"e":""},"replaced":{"emails":1,"cards":0}}}'
	redacted '[4111111111111111,-4111111111111111,4111111111111111.00,4111111111111112,'\
'4.111111111111111,411111111111,4111111111111111e0]'
	is "$who: numbers stay numbers" "$out" \
		'{"allow":true,"metadata":{"request":[0,0,0,4111111111111112,4.111111111111111,'\
'411111111111,4111111111111111e0],"replaced":{"emails":0,"cards":3}}}'
	redacted '1'
	is "$who: a request that is no object" "$st $out" \
		'0 {"allow":true,"metadata":{"request":1,"replaced":{"emails":0,"cards":0}}}'
	for text in '' '{' '[]' '{"a":{"request":1}}' '{"request":{}' '{"request":"x' \
		'{"request":["request"'; do
		st=0
		out=$(printf %s "$text" | "$demo/redact" 2>"$T/.err") || st=$?
		is "$who: no whole object with a request: $text" "$st $(cat "$T/.err")" \
			'1 redact: no JSON object with a request'
	done
	out=$(echo '{"z":"a@b.example","re\u0071uest":"c@d.example","y":"e@f.example"}' |
		"$demo/redact")
	is "$who: only the request is given back" "$out" \
		'{"allow":true,"metadata":{"request":"[email-1]","replaced":{"emails":1,'\
'"cards":0}}}'
}

# A long text of what costs most, within the hook's time.
large()
{
	awk 'BEGIN {
		printf "{\"hook\":\"provider\",\"phase\":\"before_call\",\"request\":{\"x\":\""
		for (i = 0; i < 9000; i++)
			printf "alice%d@example.com \\\"4111 1111 1111 1111\\\"\\n\\u00e9 @@ 12 ", i
		printf "\"}}\n"
	}' >"$T/large"
	st=0
	"$hook" run -f "$demo/hooks.json" redact <"$T/large" >"$T/.out" 2>"$T/.err" || st=$?
	python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$T/.out" 2>>"$T/.err"
	is "$who: half a megabyte of findings" "$st $(tail -c 45 "$T/.out")$(cat "$T/.err")" \
		'0 "},"replaced":{"emails":9000,"cards":9000}}}'
}

cd_demo()
{
	cd "$demo" || exit 1
	large
	cd "$here" || exit 1
}

mkdir "$T/awk"
for awk in mawk gawk original-awk busybox; do
	program=$(command -v $awk) || continue
	ln -sf "$program" "$T/awk/awk"
	usual=$PATH
	PATH=$T/awk:$PATH
	who=$awk
	vectors
	structure
	PATH=$usual
done
who='awk of this machine'
cd_demo

# The request of the demo, as a caller would use it.
redacted "$(python3 -c '
import json
print(json.dumps(json.load(open("scripts/demo/request.json"))["request"]))')"
printf '%s\n' "$out" >"$T/reply"
if python3 - "$T/reply" 2>"$T/.err" <<'END'; then
import json, sys
before = json.load(open("scripts/demo/request.json"))["request"]
reply = json.load(open(sys.argv[1]))
after = reply["metadata"]["request"]
assert reply["allow"] is True and reply["metadata"]["replaced"] == {"emails": 5, "cards": 3}
assert list(before) == list(after) and len(before["Messages"]) == len(after["Messages"])
for b, a in zip(before["Messages"], after["Messages"]):
	assert list(b) == list(a) and all(b[k] == a[k] for k in b if k != "content")
text = json.dumps(after, ensure_ascii=False)
assert "@" not in text and "4111 1111" not in text and "10005" not in text and "5500" not in text
assert "4929-7710-0318-2257" in text and "DE02 1203 0000 0000 2020 51" in text
assert after["Messages"][1] == before["Messages"][1] and after["Metadata"]["stored_card"] == 0
END
	pass "the demo's request, redacted"
else
	fail "the demo's request, redacted" "$(cat "$T/.err" "$T/reply")"
fi

# What it prints for people is the same JSON.
is "pretty is the same JSON" "$("$demo/pretty" <scripts/demo/request.json | tr -d ' \n')" \
	"$(tr -d ' \n' <scripts/demo/request.json)"
is "pretty is in lines" "$(echo '{"a":[],"b":[1,{"c":"x\"y"}],"d":{}}' | "$demo/pretty")" '{
  "a": [],
  "b": [
    1,
    {
      "c": "x\"y"
    }
  ],
  "d": {}
}'

results='=> allowed, with a request to send instead
=> no e-mail address and no card number is left in it
=> the numbers of the order and of the parcel are kept
=> all of it came to nothing
=> no file was written
=> status 124, timeout, after * ms
=> no process of it is left
=> status 4, bad-reply, and the caller is told no'
for as in '' as_nobody; do
	who=${as:-root}
	status "$who: the demo" 0 $as "$demo/demo.sh"
	like "$who: what it shows" "$(grep '^=>' "$T/.out")" "$results"
	like "$who: the receipt and the verdict" "$out" '*
receipt
  user            enforced *
  net             enforced *
verdict  hook redact: allowed; * ms, cpu * ms, at most *'
	like "$who: the nosy hook in words" "$out" '*
  write a file beside its own                  no: Read-only file system
*'
	is "$who: no colours in a file" "$(grep -c "$(printf '\033')" "$T/.out")" 0
	is "$who: nothing on standard error" "$err" ''
done
if command -v script >/dev/null; then
	script -qec "$demo/demo.sh" /dev/null >"$T/.out" </dev/null
	is "colours on a terminal" "$(grep -c "$(printf '\033')\[32m=> " "$T/.out")" 8
else
	skip "colours on a terminal" "no script(1) here"
fi

# The demo can fail: with a redactor that lets something through, and with a hook that can write.
sed -i 's/^function luhn(number.*/&\n{ return 0 }\nfunction unused(number,   i, sum, d)/' \
	"$demo/redact"
status "a redactor that misses cards" 1 "$demo/demo.sh"
like "is seen" "$out" '*=> NOT SO: no e-mail address and no card number is left in it
*'
cp scripts/demo/redact "$demo/redact"
sed -i 's|"writable_paths": \[\]|"writable_paths": ["/tmp"]|' "$demo/hooks.json"
status "a box that lets it write" 1 "$demo/demo.sh"
like "is seen too" "$out" '*=> NOT SO: all of it came to nothing
=> NOT SO: no file was written
*'
finish
