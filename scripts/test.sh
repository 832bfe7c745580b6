#!/bin/sh
# Runs every suite and counts: the last line is "N passed, N failed, N skipped".
set -u
export LC_ALL=C
cd "$(dirname "$0")/.."
. scripts/toolchain.sh

mkdir -p build
totals=build/test-totals
: >"$totals"

# suite NAME COMMAND...: its TAP goes to build/log/NAME; a plan that is not met, or a status that
# says so when no test does, is a failure as well.
suite()
{
	suite_name=$1
	suite_log=build/log/$1
	shift
	mkdir -p "${suite_log%/*}"
	suite_status=0
	"$@" >"$suite_log" 2>&1 || suite_status=$?
	awk -v name="$suite_name" -v status="$suite_status" '
	/^ok / { if (/# SKIP/) skipped++; else passed++ }
	/^not ok / { failed++ }
	/^1\.\.[0-9]+/ { plan = substr($0, 4) + 0; planned = 1 }
	END {
		ran = passed + failed + skipped
		if (!planned || plan != ran) {
			printf "# %s: planned %s, ran %d\n", name, planned ? plan : "nothing", ran
			failed++
		} else if (status != 0 && !failed) {
			printf "# %s: exit status %d\n", name, status
			failed++
		}
		printf "total %d %d %d %s\n", passed, failed, skipped, name
	}' "$suite_log" | tee -a "$totals" | grep '^#'
	if tail -n 1 "$totals" | grep -q '^total [0-9]* 0 '; then
		tail -n 1 "$totals" | awk '{ printf "%-28s %5d passed %4d skipped\n", $5, $2, $4 }'
	else
		grep -A 8 '^not ok' "$suite_log"
		tail -n 1 "$totals" | awk '{ printf "%-28s %5d passed %4d FAILED\n", $5, $2, $3 }'
	fi
}

make -s -j"$JOBS" all units || exit 1
for unit in build/unit/bin/test_*; do
	suite "unit/${unit##*/test_}" "$unit"
done
for script in tests/shell/*.t; do
	name=${script##*/}
	suite "shell/${name%.t}" "$script"
done

awk '$1 == "total" { p += $2; f += $3; s += $4 }
END {
	printf "%d passed, %d failed, %d skipped\n", p, f, s
	exit f > 0 || p == 0
}' "$totals"
