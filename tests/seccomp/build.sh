#!/bin/sh
# Compiles the judges into build/seccomp: with the objects that ship, so that those are judged.
# build.sh [-A ARCH] [NAME...]: only these; -A arm64: into build/seccomp-arm64, for a machine of
# scripts/vm.
set -eu
cd "$(dirname "$0")/../.."

# In the virtual machine is what was brought along.
command -v make >/dev/null || exit 0

musl=musl-gcc folder=build/seccomp release=release
if [ "${1:-}" = -A ]; then
	# the machine's own are where they always are
	if [ "$2-$(uname -m)" = arm64-x86_64 ]; then
		musl=aarch64-linux-musl-gcc folder=build/seccomp-arm64 release=arm64
	fi
	shift 2
fi
[ $# -gt 0 ] || set -- verifier kernel policy devices
objects=$(printf '%s\n' core/base/*.c core/text/*.c core/spec/*.c core/plan/*.c |
	sed "s,^,build/$release/,; s,c\$,o,")
mkdir -p $folder
# shellcheck disable=SC2086 # a list of words
make -s $objects
for name; do
	program=$folder/$name
	parts=tests/seccomp/judge.c
	cc="$musl -static" libs=
	case $name in
	peer | bench)
		cc=gcc libs=-lseccomp
		parts="$parts tests/seccomp/profile.c tests/seccomp/rival.c"
		;;
	kernel) parts="$parts tests/seccomp/shots.c" ;;
	policy) parts="$parts tests/seccomp/shots.c tests/seccomp/profile.c" ;;
	esac
	# shellcheck disable=SC2086
	newer=$(find tests/seccomp $objects -newer "$program" 2>/dev/null || echo none)
	[ -n "$newer" ] || continue
	# under a name of its own until it is whole: several tests may build at the same time
	# shellcheck disable=SC2086
	$cc -std=c11 -D_GNU_SOURCE -Icore -O2 -g -Wall -Wextra -Werror -o "$program.$$" \
		"tests/seccomp/$name.c" $parts $objects $libs -Wl,--gc-sections
	mv "$program.$$" "$program"
done
