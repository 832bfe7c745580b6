#!/bin/sh
# Compiles the attack programs into build/attack, static, so that they run in any root.
set -eu
cd "$(dirname "$0")/../.."

mkdir -p build/attack
for source in tests/attack/*.c; do
	name=${source##*/}
	name=${name%.c}
	program=build/attack/$name
	newer=$(find "$source" tests/attack/attack.h -newer "$program" 2>/dev/null || echo none)
	[ -n "$newer" ] || continue
	# under a name of its own until it is whole: several tests may build at the same time
	musl-gcc -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -static -s \
		-o "$program.$$" "$source"
	mv "$program.$$" "$program"
done
