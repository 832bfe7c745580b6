#!/bin/sh
# replay.sh asan|msan: every fuzz target over its corpus and past crashes, with that sanitizer.
set -eu
cd "$(dirname "$0")/.."

case ${1:-} in
asan) bin=build/fuzz/bin ;;
msan) bin=build/msan/bin ;;
*)
	echo "usage: scripts/replay.sh asan|msan" >&2
	exit 2
	;;
esac
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19) || :
export ASAN_SYMBOLIZER_PATH MSAN_SYMBOLIZER_PATH="$ASAN_SYMBOLIZER_PATH"
bad=0
for source in fuzz/fuzz_*.c; do
	target=${source#fuzz/fuzz_}
	target=${target%.c}
	if said=$("$bin/replay_$target" "fuzz/corpus/$target" "fuzz/crashes/$target" 2>&1); then
		echo "$target: $said"
	else
		printf '%s: status %s\n%s\n' "$target" $? "$said"
		bad=1
	fi
done
exit $bad
