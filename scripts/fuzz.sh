#!/bin/sh
# fuzz.sh TARGET|all SECONDS: fuzzes each target for that long, libFuzzer and AFL++ in turn, each
# beginning with what the other found. What is new joins fuzz/corpus, minimised; what fails is
# minimised into fuzz/crashes, and is a failure.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/engines.sh
export LC_ALL=C

usage()
{
	echo "usage: ./build.sh fuzz TARGET|all SECONDS (at least 10)" >&2
	echo "targets: $(find fuzz -name 'fuzz_*.c' | sed 's,.*fuzz_,,; s/\.c$//' | sort |
		tr '\n' ' ')" >&2
	exit 2
}

# keep FILE: the least input that fails in the same way, named for its SHA-1.
keep()
{
	least=$work/least
	cp "$1" "$least"
	if ! "build/fuzz/bin/replay_$target" "$1" >/dev/null 2>&1; then
		"build/fuzz/bin/fuzz_$target" -minimize_crash=1 -runs=20000 -max_total_time=60 \
			-exact_artifact_path="$least" "$1" >"$work/minimise.log" 2>&1 || :
	fi
	mkdir -p "fuzz/crashes/$target"
	name=$(sha1sum <"$least" | cut -d ' ' -f 1)
	cp "$least" "fuzz/crashes/$target/$name"
	echo "$target: FAILS: build/fuzz/bin/replay_$target fuzz/crashes/$target/$name"
}

# A round has at most 60 seconds, the quicker engine most of them.
one()
{
	target=$1 left=$2 bad=0
	work=build/campaign/$target
	rm -rf "$work"
	mkdir -p "$work"
	while [ "$left" -gt 0 ] && [ $bad = 0 ]; do
		slice=$((left < 90 ? left : 60))
		left=$((left - slice))
		share=$((slice * 7 / 10))
		for engine in libfuzzer afl; do
			$engine "$target" $share "$work"
			share=$((slice - share))
			echo "$target: $engine: $execs executions, $reach"
			[ "$execs" -gt 0 ] || {
				tail -n 20 "$work/$engine.log"
				bad=1
			}
			[ -z "$crashed" ] || {
				bad=1
				break
			}
		done
	done
	for file in $crashed; do
		[ ! -f "$file" ] || keep "$file"
	done
	[ ! -d "$work/afl/default/queue" ] || set -- "$work/afl/default/queue"
	before=$(find "fuzz/corpus/$target" -type f | wc -l)
	scripts/corpus.sh "$target" "$work/libfuzzer" "$@" || bad=1
	echo "$target: corpus of $before inputs, now $(find "fuzz/corpus/$target" -type f | wc -l)"
	return $bad
}

case ${2:-} in
'' | *[!0-9]*) usage ;;
esac
if [ $# != 2 ] || [ "$2" -lt 10 ]; then
	usage
fi
if [ "$1" = all ]; then
	make -s -j"$JOBS" WERROR=-Werror fuzz replay afl cmplog
	find fuzz -name 'fuzz_*.c' | sed 's,.*fuzz_,,; s/\.c$//' | sort |
		SBX_FUZZ_BUILT=1 xargs -P "$JOBS" -I '{}' scripts/fuzz.sh '{}' "$2"
else
	[ -f "fuzz/fuzz_$1.c" ] || usage
	[ -n "${SBX_FUZZ_BUILT:-}" ] || make -s -j"$JOBS" WERROR=-Werror "build/fuzz/bin/fuzz_$1" \
		"build/fuzz/bin/replay_$1" "build/afl/bin/fuzz_$1" "build/cmplog/bin/fuzz_$1"
	one "$1" "$2"
fi
