# Sourced from the top of the tree: the two fuzz engines, each run once. Sets for the caller: execs
# (executions), reach (how far they got), crashed (inputs that failed, one a line).
# shellcheck shell=sh

ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19) || :
export ASAN_SYMBOLIZER_PATH
# AFL++ would refuse machines that are set up for something else than fuzzing
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export AFL_SKIP_CRASHES=1 AFL_HANG_TMOUT=10000

max_len=4096

found_in()
{
	find "$1" -type f ! -name README.txt 2>/dev/null | sort
}

# libfuzzer TARGET SECONDS WORK: from corpus, past crashes and WORK/libfuzzer, where what is new
# goes; the log is WORK/libfuzzer.log.
libfuzzer()
{
	mkdir -p "$3/libfuzzer" "$3/crashes"
	set -- "$1" "$2" "$3" "fuzz/corpus/$1"
	[ ! -d "fuzz/crashes/$1" ] || set -- "$@" "fuzz/crashes/$1"
	[ ! -d "$3/afl/default/queue" ] || set -- "$@" "$3/afl/default/queue"
	target=$1 seconds=$2 work=$3
	shift 3
	status=0
	"build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -max_len=$max_len -timeout=10 \
		-rss_limit_mb=2048 -dict="fuzz/dict/$target.dict" -print_final_stats=1 \
		-artifact_prefix="$work/crashes/" "$work/libfuzzer" "$@" \
		>"$work/libfuzzer.log" 2>&1 </dev/null || status=$?
	execs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/libfuzzer.log")
	reach=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges, \2 features/p' \
		"$work/libfuzzer.log" | tail -n 1)
	crashed=$(found_in "$work/crashes")
	[ $status = 0 ] || : "${crashed:=status $status, see $work/libfuzzer.log}"
	: "${execs:=0}" "${reach:=nothing}"
}

# afl TARGET SECONDS WORK: from the corpus and WORK/libfuzzer; what is new goes to
# WORK/afl/default/queue, and runs once more under the sanitizers; the log is WORK/afl.log.
afl()
{
	rm -rf "$3/afl" "$3/seeds"
	mkdir -p "$3/seeds"
	find "fuzz/corpus/$1" "$3/libfuzzer" -type f -size -$((max_len + 1))c \
		-exec cp {} "$3/seeds" \; 2>/dev/null || :
	afl-fuzz -V "$2" -G $max_len -t 2000+ -m none -i "$3/seeds" -o "$3/afl" \
		-x "fuzz/dict/$1.dict" -c "build/cmplog/bin/fuzz_$1" -- "build/afl/bin/fuzz_$1" \
		>"$3/afl.log" 2>&1 </dev/null || :
	execs=$(sed -n 's/^execs_done *: *//p' "$3/afl/default/fuzzer_stats" 2>/dev/null) || :
	reach=$(sed -n 's/^edges_found *: *\(.*\)/\1 edges/p' "$3/afl/default/fuzzer_stats" \
		2>/dev/null) || :
	crashed=$(found_in "$3/afl/default/crashes"; found_in "$3/afl/default/hangs")
	: "${execs:=0}" "${reach:=nothing}"
	[ "$execs" = 0 ] ||
		"build/fuzz/bin/replay_$1" "$3/afl/default/queue" >"$3/replay.log" 2>&1 ||
		crashed="$crashed
$3/afl/default/queue: see $3/replay.log"
}
