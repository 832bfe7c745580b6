#!/bin/sh
# Text: C as .clang-format says, no trailing blanks, no line over 100 columns in C, shell and make,
# a line end at the end, no carriage returns.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

bad=0
c_files | xargs clang-format-14 --dry-run -Werror 2>&1 | grep -A 2 'error:' && bad=1

# text in which each byte counts as it is: data of the tests
files '^(core|cmd|fuzz|tests|scripts|man|\.ci)/|^[^/]*$' |
	grep -Ev '^fuzz/(corpus|crashes)/|^tests/(vectors|golden)/' >build/text-files.$$
trap 'rm -f build/text-files.$$' EXIT
# shellcheck disable=SC2016 # a program in awk
xargs awk '
function bad(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what
	found = 1
}
function columns(s,    n, i, c) {
	gsub(/[\200-\277]/, "", s) # what continues a character of UTF-8
	n = 0
	while ((i = index(s, "\t")) > 0) {
		n += i - 1
		n += 8 - n % 8
		s = substr(s, i + 1)
	}
	return n + length(s)
}
FNR == 1 { wide = FILENAME ~ /\.([ch]|sh|t)$|^Makefile$|^scripts\/vm$|^scripts\/vm\.d\// }
/[ \t]$/ { bad("trailing blank") }
/\r/ { bad("carriage return") }
wide && length($0) > 50 && columns($0) > 100 { bad("over 100 columns") }
END { exit found }' <build/text-files.$$ || bad=1
while read -r file; do
	[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || {
		echo "$file: no line end at the end"
		bad=1
	}
done <build/text-files.$$
exit $bad
