#!/bin/sh
# What the payload has open: 0, 1, 2 as they came, and what was named.
. tests/shell/lib.sh
need_root
attackers

# Each number that is open below /proc/self/fd, without the one that reads it.
# shellcheck disable=SC2016 # for the shell inside
list='for fd in /proc/self/fd/*; do
	[ -e "$fd" ] && echo "${fd##*/}"
done'

for who in root nobody; do
	run as $who "$ns" --proc -- /bin/sh -c "$list" 5<"$T" 9</dev/null
	is "$who: only the first three pass" "$out" "0
1
2"
	held "$who: whatever their number" as $who "$ns" -- "$T/bin/files" others 0
	run as $who "$ns" --proc --keep-fd 9 --keep-fd 7 -- /bin/sh -c "$list" \
		5<"$T" 7</dev/null 9</dev/null
	is "$who: and those that are named" "$out" "0
1
2
7
9"
	run as $who "$ns" --keep-fd 9 -- /bin/cat /dev/fd/9 9<"$T/.out"
	is "$who: /dev/fd leads nowhere without /proc" "$st" 1
done
hole "a descriptor more would be seen" "$ns" --keep-fd 9 -- "$T/bin/files" others 3 9</dev/null
echo kept >"$T/kept"
# shellcheck disable=SC2016
run "$ns" --keep-fd 9 -- /bin/sh -c 'read -r line <&9; echo "$line"' 9<"$T/kept"
is "a kept descriptor can be read" "$out" kept
status "one that is not open is refused" 125 "$ns" --keep-fd 9 -- /bin/true 9<&-
like "by its number" "$err" '*--keep-fd 9: that descriptor is not open'
status "the report descriptor is never kept" 125 \
	"$ns" --report 8 --keep-fd 8 -- /bin/true 8>"$T/report"
status "neither is 0, 1 or 2 named" 125 "$ns" --keep-fd 2 -- /bin/true

way=way-out.$$
# A caller that has closed one of the first three: nothing else comes to lie in its place.
for who in root nobody; do
	for fd in 0 1 2; do
		eval "as $who \"$ns\" -- \"$T/bin/files\" from $fd tmp/$way $fd>&-" >"$T/said"
		is "$who: closed $fd is no way out" "$?" 1
		eval "as $who \"$ns\" -- /bin/sh -c 'exec 5<&$fd' $fd>&-" 2>"$T/said"
		is "$who: closed $fd is closed inside" "$?" 2
	done
	as $who "$ns" -- /bin/sh -c 'exit 42' 0<&- 1>&- 2>&-
	is "$who: and it works with all three closed" "$?" 42
done
(cd / && "$ns" -- "$T/bin/files" from 5 tmp >"$T/said" 5</ 0<&-)
is "a number above them is closed" "$?" 1
hole "a directory that was kept is a way out" "$ns" --keep-fd 5 -- \
	"$T/bin/files" from 5 "tmp/$way" 5</
[ -e "/tmp/$way" ]
is "planted: as the host's file shows" $? 0
rm -f "/tmp/$way"
"$ns" --version >&- 2>"$T/said"
is "what cannot be printed is an error" $? 125
like "and is told" "$(cat "$T/said")" '*cannot write to standard output: Bad file descriptor'

# Streams pass whole, and end when the payload closes them.
head -c 300000 /dev/urandom >"$T/bytes"
for who in root nobody; do
	as $who "$ns" -- /bin/cat <"$T/bytes" >"$T/copy"
	cmp -s "$T/bytes" "$T/copy"
	is "$who: standard input and output are the caller's" $? 0
done
# The reader sees the end although the payload lives on.
mkfifo "$T/stream"
"$ns" -- /bin/sh -c 'echo last; exec >/dev/null; exec sleep 600' >"$T/stream" &
running=$!
got=$(timeout 10 cat "$T/stream")
is "nobody of ours holds a stream that the payload has closed" "$? $got" "0 last"
kill "$running"
wait "$running" 2>/dev/null
is "which lived on" $? 143
finish
