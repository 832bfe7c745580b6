#!/bin/sh
# tap.sh GATE: a script that says what is wrong and fails, as a suite of one test.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/lib.sh

mkdir -p build
log=build/tap.$1.log
status=0
"scripts/$1.sh" >"$log" 2>&1 </dev/null || status=$?
told "$1 has nothing to say" "$status" "$log"
finish
