#!/bin/sh
# The main job, shown: a hook that redacts a chat request, in a box; then three hooks that
# misbehave. Ends with 1 when one of them does not come out as it says here. Called by ./build.sh
# demo.
set -eu
cd "$(dirname "$0")"
sbx=$(cd ../../out && pwd)/sbx-hook
[ -x "$sbx" ] || {
	echo "demo.sh: $sbx is not built; ./build.sh demo is the way" >&2
	exit 2
}

# Copied to where every user may look: the box has no capability that opens somebody's home.
T=$(mktemp -d /tmp/sbx-demo.XXXXXX)
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$T"
cp redact nosy hang pretty hooks.json request.json "$T"
cd "$T"

bold='' dim='' green='' yellow='' red='' plain=''
if [ -t 1 ]; then
	csi=$(printf '\033[')
	bold=${csi}1m dim=${csi}2m green=${csi}32m yellow=${csi}33m red=${csi}31m plain=${csi}0m
fi
wrong=0

title()
{
	printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

# run HOOK: its answer in reply, what it said and the receipt in said, its status in $status.
run()
{
	status=0
	printf '%s$ sbx-hook run -f hooks.json --receipt %s <request.json%s\n\n' "$dim" "$1" \
		"$plain"
	"$sbx" run -f hooks.json --receipt "$1" <request.json >reply 2>said || status=$?
}

# check WHAT COMMAND...: one line with the result.
check()
{
	what=$1
	shift
	if "$@"; then
		printf '%s=> %s%s\n' "$green" "$what" "$plain"
	else
		printf '%s=> NOT SO: %s%s\n' "$red" "$what" "$plain"
		wrong=1
	fi
}

# shellcheck disable=SC2317 # called through check, as the next two
has()
{
	grep -qE -- "$2" "$1"
}

# shellcheck disable=SC2317
lacks()
{
	! has "$@"
}

# shellcheck disable=SC2317
both()
{
	[ "$status" = "$1" ] && has reply "$2"
}

coloured()
{
	sed -e "s/\[\(email\|card\)-[0-9]*\]/$green&$plain/g" \
		-e "s/^\(  [a-z_]\{1,16\} *\)\(enforced\) /\1$green\2$plain /" \
		-e "s/^\(  [a-z_]\{1,16\} *\)\(best-effort\) /\1$yellow\2$plain /" \
		-e "s/^\(  [a-z_]\{1,16\} *\)\(open .*\)/\1$dim\2$plain/" \
		-e "s/^verdict /${bold}verdict$plain /"
}

# What the caller sees when a hook fails, without the rows of the receipt.
answer()
{
	sed -n 's/^sbx-hook: .*/  &/p' said
	sed 's/^/  /' reply
}

took()
{
	sed -n 's/^verdict .*; \([0-9.]* ms\), cpu.*/\1/p' said
}

# Every process whose command line has this word.
left_with()
{
	for p in /proc/[0-9]*/cmdline; do
		{ tr '\0' ' ' <"$p"; } 2>/dev/null || :
		echo
	done | grep -c -- "$1 $" || :
}

# for the nosy hook to look for, and the one that hangs to be told apart by
CALLER=$$ DEMO_SECRET=hunter2
export CALLER DEMO_SECRET

title "1. A chat request on its way to a model, and a hook that takes out what is private"
cat <<'END'
The request (scripts/demo/request.json) has e-mail addresses and card numbers in
it, and numbers that only look like cards. The hook (scripts/demo/redact, sh and
awk) runs in a box: namespaces of its own, the whole host read-only, no network.
END
run redact
./pretty <reply | coloured
echo
coloured <said
echo
check "allowed, with a request to send instead" both 0 '^{"allow":true,"metadata":{"request":{'
check "no e-mail address and no card number is left in it" \
	lacks reply '@|4111 1111|3782-822463|5500005555555559'
check "the numbers of the order and of the parcel are kept" \
	has reply '4929-7710-0318-2257.*00340434161094042557'

title "2. A nosy hook: looks around, kills, writes, calls home"
run nosy
sed -n '/ no: \| DONE: /s/^/  /p' said
check "all of it came to nothing" lacks said DONE
check "no file was written" [ ! -e stolen ]

title "3. A hook that hangs: ignores TERM, leaves a process behind; timeout 1s, grace 300ms"
run hang
answer
check "status 124, timeout, after $(took)" [ "$status" = 124 ]
check "no process of it is left" [ "$(left_with "sleep 86399.$CALLER")" = 0 ]

title "4. A hook that answers with something that is no JSON"
run chatter
answer
check "status 4, bad-reply, and the caller is told no" both 4 '^{"allow":false,'
echo
exit $wrong
