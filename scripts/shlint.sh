#!/bin/sh
# Runs shellcheck over every shell script, whatever it is called.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

# scripts: those that start with #!, and those that others source; the latter set what they do not
# use themselves
programs=
sourced=
for file in $(files '^(scripts|tests|fuzz|\.ci)/|^[^/]*$' | grep -v '^fuzz/corpus/'); do
	if head -c 64 "$file" | head -n 1 | tr -d '\0' | grep -q '^#!.*sh$'; then
		programs="$programs $file"
	elif [ "${file%.sh}" != "$file" ]; then
		sourced="$sourced $file"
	fi
done
bad=0
# shellcheck disable=SC2086 # lists
{
	printf '%s\n' $programs | xargs -P "$(nproc)" -n 6 shellcheck -x -f gcc || bad=1
	shellcheck -x -f gcc -e SC2034 $sourced || bad=1
}
exit $bad
