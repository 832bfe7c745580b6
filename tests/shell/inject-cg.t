#!/bin/sh
# vm: all controllers are there, and each write of a limit can fail. shellcheck disable=SC2016 #
# scripts for shells inside Each system call of each process of sbx-cg's by itself: it fails, or the
# process is killed at it. Either nothing ran and it is told why, or the program ran in its group
# with its limits; and however it ended, no process and no group stays. Of the fault's processes the
# monitor is 0; its guard and the program's process before the exec are 1.
. tests/shell/lib.sh
need_root
attackers
cg=$T/bin/sbx-cg
top=$(sed -n 's/^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]*\) [^-]* - cgroup2 .*/\1/p' /proc/self/mountinfo |
	head -n 1)
if [ -z "$top" ]; then
	skip "faults" "no hierarchy of version 2"
	finish
	exit
fi
case " $(cat "$top/cgroup.controllers") " in
*' memory '*) limits='-m 64M -c 1 -p 64' shown='memory.max cpu.max pids.max' ;;
*) limits='--set cgroup.max.depth=3' shown=cgroup.max.depth ;;
esac
# Each worker has a group of its own to make groups in: what the other's runs make is not its.
for place in one two; do
	mkdir "$top/inject.$place.$$"
	[ "$shown" = cgroup.max.depth ] ||
		echo '+memory +cpu +pids' >"$top/inject.$place.$$/cgroup.subtree_control"
done
trap 'rmdir "$top/inject.one.$$" "$top/inject.two.$$" 2>/dev/null; cd /; rm -rf "$T"' EXIT

# What the program prints of its group.
cat >"$T/say" <<END
read -r line </proc/self/cgroup
case \$line in *::*) ;; *) line=\$(grep '^0::' /proc/self/cgroup) ;; esac
case \$line in */inject.*.$$/sbx.*) echo in ;; esac
cd "$top\${line#0::}" && cat $shown
END

# sbx PLACE WORDS...: as the tests run it.
sbx()
{
	sbx_place=$top/inject.$1.$$
	shift
	# shellcheck disable=SC2086 # lists of words
	"$@" "$cg" run --parent "$sbx_place" $limits -- /bin/sh "$T/say"
}

libc='158 218 231 96 94'
libc_call()
{
	case " $libc " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

sbx one "$T/bin/fault" list >"$T/base" 2>"$T/list" </dev/null
is "a run" $? 0
like "in a group with its limits" "$(cat "$T/base")" "in
[0-9]*"
# up to the program's own calls, which come after the second exec
awk '
$1 == "exec" && $2 == 1 { ended = 1 }
$1 == "call" && ($2 == 0 || ($2 == 1 && !ended)) { print $2, $3, $4 }' "$T/list" >"$T/points"
is "there are points in each" "$(cut -d ' ' -f 1 "$T/points" | sort -u | tr '\n' ' ')" "0 1 "

# worker PLACE ACTION: "DEPTH NUMBER CALL OUTCOME STATUS GROUPS MESSAGE" for each point of standard
# input.
worker()
{
	while read -r depth nth call; do
		st=0
		sbx "$1" env --default-signal=INT,QUIT "$T/bin/fault" "$depth" "$nth" "$2" \
			>"$T/$1.out" 2>"$T/$1.err" </dev/null || st=$?
		outcome=differs
		[ -s "$T/$1.out" ] || outcome=nothing
		! cmp -s "$T/$1.out" "$T/base" || outcome=same
		left=0
		for group in "$top/inject.$1.$$"/sbx.*; do
			[ ! -d "$group" ] || left=$((left + 1))
		done
		[ $left = 0 ] || rmdir "$top/inject.$1.$$"/sbx.*
		echo "$depth $nth $call $outcome $st $left $(head -n 1 "$T/$1.err")"
	done
}
both()
{
	awk 'NR % 2' "$T/points" | worker one "$1" >"$T/results.1" &
	awk 'NR % 2 == 0' "$T/points" | worker two "$1" >"$T/results.2"
	wait
	cat "$T/results.1" "$T/results.2" >"$T/results"
	is "$1: each was run" "$(wc -l <"$T/results")" "$(wc -l <"$T/points")"
	is "$1: no group is left" "$(awk '$6 != 0' "$T/results")" ""
}

# ---- it fails ------------------------------------------------------------------------------------

both 1
while read -r depth nth call outcome st left message; do
	libc_call "$call" && continue
	case $outcome$st$message in
	nothing125'sbx-cg: '*) ;;                # refused, and said so
	nothing12[56]'sbx-cg: cannot execute '*) ;; # the exec itself
	same0) ;;                                # it could do without
	same137 | nothing137) ;;                 # what cannot be watched any more is ended
	*) echo "process $depth, call $nth ($call): $outcome, $st, $left $message" ;;
	esac
done <"$T/results" >"$T/bad"
is "EPERM at each: refused, or the same group" "$(cat "$T/bad")" ""
is "some were refused" "$(awk '$4 == "nothing" { print "yes"; exit }' "$T/results")" yes

# ---- it is killed --------------------------------------------------------------------------------

both kill
while read -r depth nth call outcome st left message; do
	case $depth$outcome$st in
	0nothing137 | 0same137 | 0differs137) ;; # the monitor
	1nothing137 | 1same137 | 1differs137) ;; # the guard: the run ends with it
	1nothing125) ;;                          # before the start
	?same0) ;;                               # not reached this time, or at the very end
	*) echo "process $depth, call $nth ($call): $outcome, $st, $left $message" ;;
	esac
done <"$T/results" >"$T/bad"
is "killed at each: no process stays" "$(cat "$T/bad")" ""
finish
