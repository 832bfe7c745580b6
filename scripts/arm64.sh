#!/bin/sh
# The programs for arm64 are what those of this machine are, and the unit tests say there what they
# say here. As TAP. They run under qemu-user, and without sanitizers, which it cannot run. It has no
# clone3, no seccomp and no namespaces; what needs those runs in scripts/vm -A arm64.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 2

# ran NAME COMMAND...: what it prints is TAP, for tap.awk.
ran()
{
	echo "@arm64 begin $1"
	shift
	status=0
	"$@" 2>&1 </dev/null || status=$?
	printf '\n@arm64 end %s 0\n' "$status"
}

{
	ran elf scripts/tap.sh elfcheck out/arm64/sbx-*
	for source in tests/unit/test_*.c; do
		name=${source#tests/unit/test_}
		name=${name%.c}
		ran "unit/$name" qemu-aarch64 "build/unit-arm64/bin/test_$name"
	done
	echo "@arm64 done"
} | awk -v id=arm64 -f scripts/vm.d/tap.awk
