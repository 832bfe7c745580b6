#!/bin/sh
# The programs for arm64 do there what those of this machine do here. As TAP.
#
# arm64.sh [units]  They are made as they should be, and the unit tests say the same: under
#                   qemu-user, and without sanitizers, which that cannot run.
# arm64.sh machine  With a kernel of theirs, which qemu-user is not: the tests of the shipped
#                   programs in scripts/vm, but for those that are long.
# arm64.sh all      With these, too.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 2

# Those of tests/shell that look at the tree; and vm*, which start machines.
outside='golden seccomp-peer seccomp-random'
# Long there, and about what depends on the processor less than on chance, on sizes, on texts.
long='cg-groups cg-stat cg-strike cg-table hook-config hook-demo hook-forge hook-matrix
hook-outcomes hook-refused hook-time inject-cg inject-ns inject-points inject-seccomp
ns-attack-files ns-attack-mounts ns-leftover ns-places ns-tty seccomp-attack seccomp-verifier'

# ran NAME COMMAND...: what it prints is TAP, for tap.awk.
ran()
{
	echo "@arm64 begin $1"
	shift
	status=0
	"$@" 2>&1 </dev/null || status=$?
	printf '\n@arm64 end %s 0\n' "$status"
}

units()
{
	ran elf scripts/tap.sh elfcheck out/arm64/sbx-*
	for source in tests/unit/test_*.c; do
		name=${source#tests/unit/test_}
		name=${name%.c}
		ran "unit/$name" qemu-aarch64 "build/unit-arm64/bin/test_$name"
	done
	echo "@arm64 done"
}

# machine LIMIT NAMES: without these. One machine is on the first root, with busybox; one is as an
# ordinary system is, with a disk.
machine()
{
	limit=$1 without=" $(printf '%s' "$2" | tr '\n' ' ') "
	set --
	for file in tests/vm/*.t tests/shell/*.t; do
		name=${file#tests/shell/}
		case $without$name in
		*" ${name%.t} "* | *' vm'* | *' tests/vm/initramfs.t') ;;
		*) set -- "$@" "$file" ;;
		esac
	done
	disk=$(mktemp) || exit 2
	trap 'rm -f "$disk"' EXIT
	truncate -s 64M "$disk"
	ran initramfs scripts/vm -A arm64 -t "$limit" tests/vm/initramfs.t
	ran system scripts/vm -A arm64 -t "$limit" -m 768 -d "$disk" -u "$@"
	echo "@arm64 done"
}

case ${1:-units} in
units) units ;;
machine) machine 1800 "$outside $long" ;;
all) machine 7200 "$outside" ;;
*)
	echo "arm64.sh: unknown word \"$1\"" >&2
	exit 2
	;;
esac | awk -v id=arm64 -f scripts/vm.d/tap.awk
