#!/bin/sh
# Our interpreter says what the kernel does.
. tests/shell/lib.sh
tests/seccomp/build.sh kernel || exit 1

status "random programs answer random calls as the kernel does" 0 \
	build/seccomp/kernel 2000 "$(date +%Y%m%d)"
title="calls by int 0x80, as an i386 program makes them"
case $out in
*skipped:*) skip "$title" "this kernel has no int 0x80" ;;
*) like "$title" "$out" "*calls: [1-9]* by int 0x80*" ;;
esac
printf '%s\n' "$out" | sed 's/^/## /'
finish
