#!/bin/sh
# Runs every suite and counts: the last line is "N passed, N failed, N skipped". Each suite speaks
# TAP into build/test/log/NAME; what is not planned and run is a failure. As many suites run at once
# as there are processors, but those that look at the whole machine one after the other.
#
# test.sh [PATTERN]: only the suites whose name matches, a case(1) pattern.
# test.sh -w BEGAN QUEUE...: a worker, as test.sh calls itself; see below.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 2
. scripts/toolchain.sh

all=build/test
totals=$all/totals
began=$(date +%s)

elapsed()
{
	elapsed_s=$(($(date +%s) - $1))
	printf '%d:%02d' $((elapsed_s / 60)) $((elapsed_s % 60))
}

# suite NAME COMMAND...: a line for people, one for the totals.
suite()
{
	suite_name=$1
	suite_log=$all/log/$1
	shift
	mkdir -p "${suite_log%/*}"
	suite_began=$(date +%s)
	suite_status=0
	"$@" >"$suite_log" 2>&1 </dev/null || suite_status=$?
	suite_time=$(elapsed "$suite_began")
	# shellcheck disable=SC2016 # a program in awk
	suite_said=$(awk -v name="$suite_name" -v status="$suite_status" -v took="$suite_time" \
		-v log_file="$suite_log" '
	/^ok / {
		if (/# SKIP/) {
			skipped++
			details = details "    skipped: " substr($0, index($0, " - ") + 3) "\n"
		} else {
			passed++
		}
	}
	/^not ok / { failed++ }
	/^(not )?ok / && $(1 + ($1 == "not") + 1) + 0 != ++ran { order = 1 }
	/^1\.\.[0-9]+$/ { plan = substr($0, 4) + 0; planned++ }
	/^## / { details = details "    " substr($0, 4) "\n" }
	/^not ok / { fault = 12 }
	/^ok |^1\.\./ { fault = 0 }
	fault-- > 0 && !/^## / { details = details "    " $0 "\n" }
	END {
		if (planned != 1 || plan != ran || order || ran == 0) {
			details = details sprintf("    planned %s, ran %d%s\n",
				planned ? plan : "nothing", ran, order ? ", out of order" : "")
			failed++
		} else if (status != 0 && !failed) {
			details = details sprintf("    exit status %d\n", status)
			failed++
		}
		printf "%-34s %5d passed %3d skipped %s %s\n%s", name, passed, skipped,
			failed ? failed " FAILED" : "ok", took, details
		if (failed)
			printf "    see %s\n", log_file
		printf "total %d %d %d %s\n", passed, failed, skipped, name
	}' "$suite_log")
	printf '%s\n' "$suite_said" | grep '^total ' >>$totals
	# one write, so that suites that end at the same time do not mix
	suite_said=$(printf '%s\n' "$suite_said" | grep -v '^total ')
	printf '[%s] %s\n' "$(elapsed "$began")" "$suite_said"
}

# worker QUEUE...: takes the next of the first queue that has one, for as long as there is one. Two
# cannot take the same: the second does not find it.
worker()
{
	while :; do
		worker_job=
		for worker_queue; do
			for worker_file in "$all/$worker_queue"/*; do
				mv "$worker_file" $all/taken/ 2>/dev/null || continue
				worker_job=$all/taken/${worker_file##*/}
				break 2
			done
		done
		[ -n "$worker_job" ] || return 0
		read -r worker_line <"$worker_job"
		# a wildcard that found nothing stays one, and fails
		set -f
		# shellcheck disable=SC2086 # words
		suite $worker_line
		set +f
	done
}

if [ "${1:-}" = -w ]; then
	began=$2
	shift 2
	worker "$@"
	exit 0
fi

pattern=${1:-*}
rm -rf $all
mkdir -p $all/log $all/alone $all/any $all/taken
: >$totals

# job QUEUE NAME COMMAND...: to be done in the order in which they come; no word has a blank.
jobs=0
job()
{
	job_queue=$1
	# shellcheck disable=SC2254 # the pattern is meant as one
	case $2 in
	$pattern) ;;
	*) return 0 ;;
	esac
	shift
	jobs=$((jobs + 1))
	echo "$*" >"$all/$job_queue/$(printf %04d $jobs)"
}

targets=$(for source in fuzz/fuzz_*.c; do
	name=${source#fuzz/fuzz_}
	echo "${name%.c}"
done)

# the long ones first
job any arm64/machine scripts/arm64.sh machine
for script in tests/shell/vm*.t; do
	[ ! -e "$script" ] || job any "shell/$(basename "$script" .t)" "$script"
done
job any analyze/tidy scripts/analyze.sh tidy
job any analyze/gcc scripts/analyze.sh gcc
job any repro scripts/repro.sh
job any arm64/units scripts/arm64.sh
for script in tests/*/*.t; do
	name=${script#tests/}
	name=${name%.t}
	case $name in
	# those of vm run in a virtual machine, which shell/vm* start
	vm/* | shell/vm*) ;;
	gates/*) job any "$name" "$script" ;;
	*) job alone "$name" "$script" ;;
	esac
done
job any check scripts/check.sh
job any analyze/cppcheck scripts/analyze.sh cppcheck
job any coverage scripts/cov.sh
job any readme scripts/tap.sh readme
for source in tests/unit/test_*.c; do
	name=${source#tests/unit/test_}
	name=${name%.c}
	job any "unit/$name" "build/unit/bin/test_$name"
done
for target in $targets; do
	job any "fuzz/$target/afl" scripts/smoke.sh afl "$target" 15
	job any "fuzz/$target/libfuzzer" scripts/smoke.sh libfuzzer "$target" 10
done

build_all()
{
	if make -s -j"$JOBS" WERROR=-Werror all units fuzz replay msan afl cmplog cov \
		arm64 units-arm64; then
		echo 'ok 1 - everything compiles without a warning'
	else
		echo 'not ok 1 - everything compiles without a warning'
	fi
	echo 1..1
}

suite build build_all
if grep -q '^total 1 0 ' $totals; then
	# xargs and not "&", which would have every test begin with SIGINT and SIGQUIT ignored
	awk -v n="$JOBS" 'BEGIN { print "alone any"; while (--n > 0) print "any" }' |
		xargs -P "$JOBS" -L 1 scripts/test.sh -w "$began"
else
	echo "nothing else was run"
fi

done_of=$(find $all/taken -type f | wc -l)
awk -v jobs="$jobs" -v done_of="$done_of" -v took="$(elapsed "$began")" '
$1 == "total" {
	suites++
	p += $2
	f += $3
	s += $4
	if ($3)
		bad = bad " " $5
}
END {
	# the first is the build
	if (suites != jobs + 1 || done_of != jobs) {
		printf "%d suites of %d came to an end\n", suites, jobs + 1
		f++
	}
	if (bad != "")
		print "failed:" bad
	printf "%d suites in %s\n%d passed, %d failed, %d skipped\n", suites, took, p, f, s
	exit f > 0 || p == 0
}' $totals
