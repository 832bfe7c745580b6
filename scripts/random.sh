#!/bin/sh
# random.sh [COUNT [SEED [FIRST]]]: so many random policies are compiled at every level, judged by
# the plain evaluator, proved, and compiled with faults that have to be found. What fails tells its
# number; SEED and that as FIRST have it again.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh

make -s -j"$JOBS" build/quick/bin/random
exec build/quick/bin/random "$@"
