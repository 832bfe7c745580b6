#!/bin/sh
# The gates that take seconds, as TAP. Each is a script of its own that says what is wrong, a line
# each, and fails; tests/gates plants each fault once.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/lib.sh

# SCRIPT or SCRIPT:WORD, and what holds when it says nothing.
gates='layers folders include only themselves and those above
symbols pure code is pure; only core/sys makes system calls
seam what ships has no malloc, no stdio, and no mode for fuzzers
elfcheck what ships is static, position-independent, hardened, alone
format C is formatted, no line is too long
size functions and files are small
shlint shellcheck has nothing to say
mancheck manuals and programs say the same
corpus:check corpora are small and named for what they hold
replay:asan corpora and past crashes run under ASan and UBSan
replay:msan corpora and past crashes run under MSan
words no path of a machine, no registry, nothing left for later'

logs=build/check
rm -rf $logs
mkdir -p $logs
if make -s -j"$JOBS" WERROR=-Werror all replay msan >$logs/build.log 2>&1; then
	pass 'everything compiles without a warning'
else
	told 'everything compiles without a warning' 1 $logs/build.log
fi

# shellcheck disable=SC2016 # for the inner shell
echo "$gates" | cut -d ' ' -f 1 | xargs -P "$JOBS" -n 1 sh -c '
	gate=$1
	word=${gate#*:}
	[ "$word" != "$gate" ] || word=
	status=0
	"scripts/${gate%%:*}.sh" $word >"$0/$gate.log" 2>&1 </dev/null || status=$?
	echo $status >"$0/$gate.status"' $logs

while read -r gate title; do
	told "$gate: $title" "$(cat "$logs/$gate.status")" "$logs/$gate.log"
done <<END
$gates
END
finish
