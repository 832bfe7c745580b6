#!/bin/sh
# The table that sbx-cg watch draws on a terminal.
# shellcheck disable=SC2016,SC2154 # scripts for shells inside; $top and others are of cg-lib.sh
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups

# screen.py ROWS COLUMNS THEN COMMAND...: runs it on a terminal of that size, of THEN columns once
# something is shown; says what is on the screen in the end, and in a last line the status, colours
# that were set, and what a terminal must not get.
cat >"$T/screen.py" <<'END'
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios

rows, columns, then = map(int, sys.argv[1:4])
signal.alarm(60)
ready, go = os.pipe()
pid, fd = pty.fork()
if pid == 0:
    os.close(go)
    os.read(ready, 1)
    os.execvp(sys.argv[4], sys.argv[4:])


def size(n):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, n, 0, 0))


size(columns)
os.close(go)
text = b""
while True:
    try:
        more = os.read(fd, 65536)
    except OSError:
        break
    if not more:
        break
    text += more
    if then != columns and b"\n" in more:
        columns = then
        size(then)
status = os.waitpid(pid, 0)[1]

lines, row, column, wraps, seen = [[]], 0, 0, True, set()
for m in re.finditer(r"\x1b\[([0-9;?]*)([A-Za-z])|.", text.decode("utf-8", "replace"), re.S):
    word, number, what = m[0], m[1], m[2]
    if word == "\r":
        column = 0
    elif word == "\n" or (wraps and not what and column == columns):
        row += 1
        column = 0 if word != "\n" else column
        if row == len(lines):
            lines.append([])
    elif what == "A":
        row = max(row - int(number), len(lines) - rows, 0)
    elif what == "K":
        del lines[row][column:]
    elif what == "J":
        del lines[row][column:], lines[row + 1:]
    elif what == "m":
        seen.add("colour " + number)
    elif (number, what) in (("?7", "h"), ("?7", "l")):
        wraps = what == "h"
    elif what or not word.isprintable():
        seen.add(repr(word))
    if word != "\n" and word.isprintable() and not what:
        at = min(column, columns - 1)
        lines[row] += [" "] * (at + 1 - len(lines[row]))
        lines[row][at] = word
        column = at + 1
for line in lines:
    print("".join(line).rstrip())
print("+", status >> 8, *sorted(seen))
END

# starting DIR COMMAND...: in the background, in that group; $busy.
starting()
{
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@" 2>/dev/null &
	busy=$!
}
# watched ROWS,COLUMNS,THEN VARIABLE=VALUE... OPTION...: $out is the screen, $sent the last line.
watched()
{
	watched_size=$1
	shift
	watched_env='TERM=xterm LC_ALL=C.UTF-8'
	while case ${1:-} in *=*) true ;; *) false ;; esac do
		watched_env="$watched_env $1"
		shift
	done
	# shellcheck disable=SC2046,SC2086 # lists of words
	run python3 "$T/screen.py" $(echo "$watched_size" | tr , ' ') env $watched_env \
		"$cg" watch --parent "$parent" --interval 100ms "$@"
	sent=$(printf '%s\n' "$out" | tail -n 1)
	out=$(printf '%s\n' "$out" | sed '$d')
}
names()
{
	printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' '
}
widest()
{
	printf '%s\n' "$out" | LC_ALL=C.UTF-8 python3 -c 'import sys
print(max(len(x.rstrip("\n")) for x in sys.stdin))'
}
mkdir "$parent/idle" "$parent/busy"
starting "$parent/busy" sh -c 'while :; do :; done'
until_true grep -q 'usage_usec [1-9]' "$parent/busy/cpu.stat"

watched 24,80,80 --count 4
is "drawn over and over in one place" "$(names)" "group . busy idle "
like "columns that there is something for" "$out" 'group *cpu *
*busy  *%*
*idle *0.0%*'
graph()
{
	printf '%s\n' "$out" | grep "^$1 " | LC_ALL=C tr -d ' -~'
}
is "a line that goes up where there is work" \
	"$(graph busy | grep -c '[▁▂▃▄▅▆▇█]'):$(graph idle)" "1:"
like "nothing that a terminal must not get" "$sent" "+ 0 colour 0 colour 1*"
is "nor anything else" "$(echo "$sent" | grep -c "'")" 0
watched 24,80,80 LC_ALL=C --count 4
is "without UTF-8 it is ASCII" "$(printf '%s' "$out" | LC_ALL=C tr -d ' -~\n')" ""
like "which has a line too" "$(printf '%s\n' "$out" | grep '^busy')" 'busy *%*[.,:=+*#]*'
watched 24,80,80 NO_COLOR=1 --count 2
is "NO_COLOR" "$sent:$(names)" "+ 0:group . busy idle "
watched 24,80,80 NO_COLOR= --count 2
like "which says nothing when it is empty" "$sent" "+ 0 colour 0 colour 1*"
watched 24,80,80 TERM=dumb --count 2
is "a terminal that cannot go back: one table below the other" "$sent:$(names)" \
	"+ 0:group . busy idle  group . busy idle  group . busy idle "
watched 24,40,40 --count 2
[ "$(widest)" -le 40 ]
is "narrow: columns are left out" "$?:$(names)" "0:group . busy idle "
like "the ones that matter least" "$out" 'group *cpu*'
watched 24,100,30 --count 4
[ "$(widest)" -le 30 ]
is "made narrower meanwhile" "$?:$(names | sed 's/.*\(group .*\)/\1/')" "0:group . busy idle "
watched 24,30,100 --count 4
is "made wider meanwhile" "$(names)" "group . busy idle "

# shellcheck disable=SC2046 # numbers
(cd "$parent" && mkdir $(seq -f w%g 1 20))
watched 8,80,80 --count 4
is "more groups than lines: those that use most" \
	"$(names | sed 's/busy [.]/. busy/'):$(printf '%s\n' "$out" | tail -n 1)" \
	"group . busy idle w1 w10 and :and 18 more, which use less"
(cd "$parent" && rmdir w*)

watched 24,80,80 --count 3 --alert 'cpu>1%' busy
like "an alert stands above the table" "$sent:$out" "+ 1 *:alert: busy: cpu>1% (*%)
group *
busy *"
watched 24,80,80 --count 3 --alert 'memory>80%' idle
like "one that cannot come does, too" "$sent:$out" '+ 0 *:--alert "memory>80%": no group has*
group *
idle *'

evil=$(printf 'e\033[31m\r\377\302\233\342\200\256x')
mkdir "$parent/$evil" "$parent/日本語" "$parent/eé"
# wide enough for the name beside the columns of all controllers
watched 24,120,120 --count 2
is "names that others chose do nothing" "$(names):$(echo "$sent" | grep -c "'")" \
	"group . busy e\\x1b[31m\\x0d\\xff\\xc2\\x9b\\xe2\\x80\\xaex eé idle 日本語 :0"
(cd "$parent" && rmdir "$evil" 日本語 eé)
long=$(printf '%0200d' 0)
mkdir "$parent/$long"
watched 24,80,80 --count 2
is "a long one is cut" "$(names | tr -d 0)" "group . … busy idle "
rmdir "$parent/$long"

# Ended by a signal: what was drawn stays, and the next line is free.
cat >"$T/interrupted" <<'END'
(sleep 1; kill -INT $$) &
exec "$@"
END
run python3 "$T/screen.py" 24 80 80 env TERM=xterm sh "$T/interrupted" \
	"$cg" watch --parent "$parent" --interval 100ms
is "ended by a signal" "$(names)" "group . busy idle  + "
echo 1 >"$parent/cgroup.kill"
wait $busy 2>/dev/null
finish
