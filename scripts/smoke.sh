#!/bin/sh
# smoke.sh libfuzzer|afl TARGET SECONDS: one fuzz target really run, as TAP. No execution is a
# failure, and so is a crash: its input stays in build/smoke.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/lib.sh
. scripts/engines.sh

[ $# = 3 ] || {
	echo "usage: scripts/smoke.sh libfuzzer|afl TARGET SECONDS" >&2
	exit 2
}
work=build/smoke/$2.$1
rm -rf "$work"
mkdir -p "$work"
case $1 in
libfuzzer) libfuzzer "$2" "$3" "$work" ;;
afl) afl "$2" "$3" "$work" ;;
*) exit 2 ;;
esac
if [ "$execs" -gt 0 ]; then
	pass "$2 was run by $1"
	echo "## $execs executions, $reach"
else
	fail "$2 was run by $1" "$(tail -n 20 "$work/$1.log")"
fi
if [ -z "$crashed" ]; then
	pass "$2 did not fail"
else
	fail "$2 did not fail" "$(grep -aE '^==|ERROR|not so|SUMMARY' "$work/$1.log" | head -n 8)
kept (see with build/fuzz/bin/replay_$2 FILE):
$crashed"
fi
finish
