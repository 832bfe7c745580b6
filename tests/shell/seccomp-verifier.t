#!/bin/sh
# Our verifier accepts what seccomp(2) accepts, and refuses what it refuses.
# vm: another kernel checks filters
. tests/shell/lib.sh
tests/seccomp/build.sh verifier || exit 1

# Other programs every day.
status "20000 programs are judged as the kernel judges them" 0 \
	build/seccomp/verifier 20000 "$(date +%Y%m%d)"
# shellcheck disable=SC2154 # set by status()
printf '%s\n' "$out" | sed 's/^/## /'
finish
