#!/bin/sh
# analyze.sh gcc|tidy|cppcheck: slow static analysis of what ships, as TAP.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/lib.sh

log=build/analyze.$1.log
mkdir -p build
status=0
case $1 in
gcc)
	title='gcc -fanalyzer has nothing to say'
	make -s -k -j"$JOBS" WERROR=-Werror analyze >"$log" 2>&1 || status=$?
	;;
tidy)
	title='clang-tidy has nothing to say'
	make -s -k -j"$JOBS" tidy >"$log" 2>&1 || status=$?
	;;
cppcheck)
	title='cppcheck has nothing to say'
	mkdir -p build/cppcheck
	# where a variable begins, its being called like a function of the same file, and a
	# "continue" that says so are a matter of taste; the names of an instruction's parts are
	# written out even where they are 0
	cppcheck --std=c11 --enable=warning,performance,portability,style --inline-suppr \
		--error-exitcode=1 --quiet -j "$JOBS" --cppcheck-build-dir=build/cppcheck \
		--suppress=missingIncludeSystem --suppress=variableScope \
		--suppress=redundantContinue --suppress=shadowFunction \
		--suppress='badBitmaskCheck:core/plan/bpfc*' -Icore core cmd >"$log" 2>&1 ||
		status=$?
	;;
*)
	echo "usage: scripts/analyze.sh gcc|tidy|cppcheck" >&2
	exit 2
	;;
esac
# the lines that say what, before those that say how
grep -E '(error|warning|style|portability|performance):' "$log" >"$log.short" || :
cat "$log" >>"$log.short"
told "$title" "$status" "$log.short"
finish
