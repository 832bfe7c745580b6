#!/bin/sh
# A folder of core includes itself and those above it, cmd includes core, nothing includes cmd or a
# source; pure code includes no header of the system.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

# shellcheck disable=SC2016 # a program in awk
c_files | xargs awk '
BEGIN {
	n = split("base text bytes spec plan sys run cli", order)
	for (i = 1; i <= n; i++)
		rank[order[i]] = i
	pure = rank["plan"]
}
function bad(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what
	found = 1
}
FNR == 1 {
	depth = split(FILENAME, part, "/")
	top = part[1]
	own = top == "core" ? rank[part[2]] : 0
	if (top == "core" && (depth != 3 || !own))
		bad("core has no such folder: DESIGN, section 3")
}
!/^[ \t]*#[ \t]*include/ { next }
/^[ \t]*#[ \t]*include[ \t]*<[^>]*>[ \t]*$/ {
	gsub(/.*<|>.*/, "")
	if (own && own <= pure && !/^(errno|stdbool|stddef|stdint|string)\.h$/)
		bad("pure code includes <" $0 ">")
	next
}
!/^[ \t]*#[ \t]*include[ \t]*"[^"]*"[ \t]*$/ {
	bad("an include that cannot be read: " $0)
	next
}
{
	gsub(/^[^"]*"|"[^"]*$/, "")
	depth = split($0, part, "/")
	if (!/\.h$/)
		bad("a source includes a source: " $0)
	else if (/(^|\/)\.\.?\/|^\//)
		bad("a path that climbs: " $0)
	else if (part[1] == "cmd" || (top != "cmd" && /^sbx-/))
		bad("nothing includes cmd: " $0)
	else if (top == "core" && (depth != 2 || !rank[part[1]]))
		bad("not of the form folder/x.h: " $0)
	else if (top == "core" && rank[part[1]] > own &&
	    !(own == rank["plan"] && $0 == "sys/uapi.h"))
		bad("core/" order[own] " is above core/" part[1] ": " $0)
	else if ($0 == "sys/kcall.h" && own != rank["sys"])
		bad("only core/sys makes system calls: " $0)
	else if (top == "cmd" && depth > 1 && !rank[part[1]])
		bad("cmd includes core only: " $0)
}
END { exit found }'
