#!/bin/sh
# Filters of random policies answer as these mean, and are proved; see tests/seccomp/random.c.
. tests/shell/lib.sh

seed=${SBX_RANDOM_SEED:-$(date +%s)}
if said=$(scripts/random.sh "${SBX_RANDOM_COUNT:-100000}" "$seed" 2>&1); then
	pass "random policies"
else
	fail "random policies" "$said"
fi
echo "## $(printf '%s\n' "$said" | tail -n 1)"

# The judge itself: a program that is given nothing to do, or nonsense, says so.
if said=$(scripts/random.sh nonsense 2>&1); then
	fail "no number of policies" "$said"
else
	is "no number of policies" "$said" 'random: "nonsense" is no number'
fi
finish
