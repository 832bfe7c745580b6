#!/bin/sh
# Compiles the attack programs into build/attack, static, so that they run in any root.
# build.sh -A arm64: into build/attack-arm64, for a machine of scripts/vm.
set -eu
cd "$(dirname "$0")/../.."

cc=musl-gcc folder=build/attack
# the machine's own are where they always are
if [ "${1:-}" = -A ] && [ "$2-$(uname -m)" = arm64-x86_64 ]; then
	cc=aarch64-linux-musl-gcc folder=build/attack-arm64
fi
mkdir -p $folder
for source in tests/attack/*.c; do
	name=${source##*/}
	name=${name%.c}
	program=$folder/$name
	newer=$(find "$source" tests/attack/attack.h -newer "$program" 2>/dev/null || echo none)
	[ -n "$newer" ] || continue
	# under a name of its own until it is whole: several tests may build at the same time
	$cc -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -static -s \
		-o "$program.$$" "$source"
	mv "$program.$$" "$program"
done
