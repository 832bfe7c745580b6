#!/bin/sh
# What the programs print for the golden boxes and machines, byte for byte; see scripts/golden.sh.
. tests/shell/lib.sh

if said=$(scripts/golden.sh 2>&1); then
	pass "golden plans"
else
	fail "golden plans" "$said"
fi
finish
