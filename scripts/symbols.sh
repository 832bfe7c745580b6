#!/bin/sh
# What the release objects of core and cmd need from elsewhere: each folder only itself, those above
# it and a few functions of libc that make no system call; core/sys alone makes them. Pure code has
# no global that can be written.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
files '^(core|cmd)/.*\.c$' >"$tmp/sources"
sed 's,^,build/release/,; s,c$,o,' "$tmp/sources" >"$tmp/objects"
bad=0
while read -r source; do
	object=build/release/${source%.c}.o
	if [ ! -e "$object" ] || [ -n "$(find "$source" -newer "$object")" ]; then
		echo "$source: not built; make all"
		bad=1
	fi
done <"$tmp/sources"
[ $bad = 0 ] || exit 1

xargs nm -A --defined-only <"$tmp/objects" | sed 's,^build/release/,def ,; s/:/ /' >"$tmp/names"
xargs nm -A -u <"$tmp/objects" | sed 's,^build/release/,use ,; s/:/ /' >>"$tmp/names"
# the first column but one of a section's line is its name, whatever the width of its number
xargs readelf -SW <"$tmp/objects" |
	sed 's,^File: build/release/,file ,; s/^ *\[ *[0-9]*\] /section /' >>"$tmp/names"

awk '
BEGIN {
	n = split("base text bytes spec plan sys run cli", order)
	for (i = 1; i <= n; i++)
		rank[order[i]] = i
	pure = rank["plan"]
	n = split("memchr memcmp memcpy memmem memmove memrchr memset strlen __stack_chk_fail " \
		"_GLOBAL_OFFSET_TABLE_", word, " ")
	for (i = 1; i <= n; i++)
		free[word[i]] = 1
	# these change bits in memory; program_only is given by the link
	n = split("sigaddset sigdelset sigemptyset sigfillset sigismember program_only", word, " ")
	for (i = 1; i <= n; i++)
		impure[word[i]] = 1
}
function place(object, part) {
	split(object, part, "/")
	return part[1] == "core" ? rank[part[2]] : 99
}
function bad(object, what) {
	sub(/o$/, "c", object)
	print object ": " what
	found = 1
}
$1 == "def" && $(NF - 1) ~ /^[A-Z]$/ && !($NF in home) { home[$NF] = $2 }
$1 == "use" { user[++uses] = $2; used[uses] = $NF }
$1 == "file" { file = $2 }
$1 == "section" && place(file) <= pure && $2 ~ /^\.(t?bss|t?data)(\.|$)/ &&
	$2 !~ /^\.data\.rel\.ro(\.|$)/ && $6 !~ /^0+$/ && $2 !~ /^\.rela/ {
	bad(file, "pure code has something to write to: " $2)
}
END {
	for (i = 1; i <= uses; i++) {
		own = place(user[i])
		name = used[i]
		if (name in free || own == rank["sys"] || (own > pure && name in impure))
			continue
		if (!(name in home))
			bad(user[i], (own <= pure ? "is not pure: " : "is not core/sys: ") name)
		else if (place(home[name]) > own)
			bad(user[i], "is above " home[name] ": " name)
	}
	if (!uses || file == "")
		print "nothing to look at"
	exit found || !uses || file == ""
}' "$tmp/names"
