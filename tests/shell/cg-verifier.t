#!/bin/sh
# Programs for devices, made of rules by chance: the kernel takes them, and says what the rules say.
# vm: another kernel checks and runs them
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
tests/seccomp/build.sh devices || exit 1

mkdir "$parent/devices" "$T/nodes"
run "$seccomp" --errno bpf=EPERM -- build/seccomp/devices 1 1 "$parent/devices" "$T/nodes"
is "without the kernel it is no test" "$st" 2
rm -f "$T/nodes"/*
# Other programs every day.
run build/seccomp/devices 500 "$(date +%Y%m%d)" "$parent/devices" "$T/nodes"
case $err in
*'does not take'*'not permitted' | *'not implemented')
	skip "device programs" "$err"
	;;
*)
	is "500 programs are judged as the rules say" "$st" 0
	printf '%s\n%s\n' "$out" "$err" | sed 's/^/## /'
	;;
esac
rmdir "$parent/devices"
empty "in the end"
finish
