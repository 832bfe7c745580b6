#!/bin/sh
# tap.sh GATE [WORD ...]: a script that says what is wrong and fails, as a suite of one test.
set -u
cd "$(dirname "$0")/.." || exit 2
. scripts/lib.sh

mkdir -p build
gate=$1
log=build/tap.$gate.log
shift
status=0
"scripts/$gate.sh" "$@" >"$log" 2>&1 </dev/null || status=$?
told "$gate has nothing to say" "$status" "$log"
finish
