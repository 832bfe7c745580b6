#!/bin/sh
# Our interpreter says what the kernel does.
# vm: another kernel checks and runs filters
. tests/shell/lib.sh
tests/seccomp/build.sh kernel policy || exit 1

figures()
{
	printf '%s\n' "$out" | sed 's/^/## /'
}

# int80: the calls of an i386 program were among them.
int80()
{
	title="$1: calls by int 0x80"
	# shellcheck disable=SC2154 # set by status()
	case $out in
	*skipped:*) skip "$title" "this kernel has no int 0x80" ;;
	*) like "$title" "$out" "*calls: [1-9]* by int 0x80*" ;;
	esac
}

# Other programs every day.
status "random programs answer random calls as the kernel does" 0 \
	build/seccomp/kernel 2000 "$(date +%Y%m%d)"
figures
int80 "random programs"

status "our profiles: kernel, interpreter and plain evaluator answer every number alike" 0 \
	build/seccomp/policy
figures

: "${SBX_PROFILES:=../shared/vectors/seccomp}"
for name in moby-default containers-default; do
	profile=$SBX_PROFILES/$name.json
	title="$name: kernel, interpreter and plain evaluator answer every number alike"
	if [ ! -f "$profile" ]; then
		skip "$title" "there is no $profile"
		continue
	fi
	status "$title" 0 build/seccomp/policy "$profile"
	figures
	int80 "$name"
done
finish
