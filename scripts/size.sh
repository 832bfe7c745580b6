#!/bin/sh
# Files of core and cmd have at most 400 lines, functions at most 60, unless listed here with why.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

# FILE or FILE:FUNCTION, and the reason. One that is not needed is an error as well.
exceptions='core/spec/argrows.h a table
core/spec/callrows.h a table, a line for each call
core/spec/constrows.h a table, a line for each constant
core/sys/sys_linux.c one short function for each system call, nothing to divide
core/run/step.c:process_step one switch, a line or three for each operation'

# shellcheck disable=SC2016 # a program in awk
files '^(core|cmd)/.*\.[ch]$' | xargs awk -v list="$exceptions" '
BEGIN {
	n = split(list, line, "\n")
	for (i = 1; i <= n; i++) {
		key = line[i]
		sub(/ .*/, "", key)
		listed[key] = 1
	}
}
function check(what, lines, most) {
	if (lines <= most)
		return
	if (what in listed) {
		used[what] = 1
		return
	}
	printf "%s: %d lines, %d are a reason to divide it\n", what, lines, most
	found = 1
}
FNR == 1 {
	check(file, length_of_file, 400)
	file = FILENAME
	name = ""
	start = 0
}
{ length_of_file = FNR }
/^[A-Za-z_][A-Za-z0-9_]*\(/ {
	name = $0
	sub(/\(.*/, "", name)
}
/^\{/ { start = FNR }
/^\}/ {
	if (start)
		check(file ":" name, FNR - start - 1, 60)
	start = 0
}
END {
	check(file, length_of_file, 400)
	for (key in listed)
		if (!(key in used)) {
			print key ": needs no exception"
			found = 1
		}
	exit found
}'
