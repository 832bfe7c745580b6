#!/bin/sh
# Each system call of each process of ours by itself: it fails, or the process is killed at it. What
# strace counts for all processes alike is told apart here: the monitor (0), the box's first process
# (1), the payload's process before its exec (2).
. tests/shell/lib.sh
need_root
attackers
for s in user mnt pid net ipc uts cgroup time; do
	export "NS_$s=$(readlink "/proc/self/ns/$s")"
done
top=$PWD
cd / || exit 1
inventory=$T/bin/inventory

mountinfo()
{
	cut -d ' ' -f 3- /proc/self/mountinfo
}
before=$(mountinfo)

# Numbers of calls that fail before main(), in the C library, or never.
case $(uname -m) in
x86_64) libc='158 218 231' ;;
*) libc='96 94' ;;
esac
libc_call()
{
	case " $libc " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

# points WHO FILE: "WHO DEPTH NUMBER CALL" of each point up to the payload's exec. The first process
# is held (vfork) until that is done: what it calls once the next has begun comes after, though it
# may be seen before.
points()
{
	awk -v who="$1" '
	$1 == "exec" && $2 == 2 { exit }
	$1 == "call" && $2 == 2 { begun = 1 }
	$1 == "call" && $2 == 1 && begun { next }
	$1 == "call" { print who, $2, $3, $4 }' "$2"
}

# worker DIRECTORY ACTION: "WHO DEPTH NUMBER CALL OUTCOME STATUS MESSAGE" for each point of standard
# input.
worker()
{
	mkdir "$1"
	while read -r who depth nth call; do
		st=0
		as "$who" env --default-signal=INT,QUIT "$T/bin/fault" "$depth" "$nth" "$2" \
			"$ns" --proc -- "$inventory" >"$1/out" 2>"$1/err" </dev/null || st=$?
		outcome=differs
		[ -s "$1/out" ] || outcome=nothing
		! cmp -s "$1/out" "$T/base.$who" || outcome=same
		echo "$who $depth $nth $call $outcome $st $(head -n 1 "$1/err")"
	done
}

# both ACTION: two workers over $T/points; their lines are in $T/results.
both()
{
	awk 'NR % 2' "$T/points" | worker "$T/$1-one" "$1" >"$T/results.1" &
	awk 'NR % 2 == 0' "$T/points" | worker "$T/$1-two" "$1" >"$T/results.2"
	wait
	cat "$T/results.1" "$T/results.2" >"$T/results"
	is "$1: each was run" "$(wc -l <"$T/results")" "$(wc -l <"$T/points")"
}

for who in root nobody; do
	as $who "$T/bin/fault" list "$ns" --proc -- "$inventory" >"$T/base.$who" 2>"$T/list.$who" \
		</dev/null
	is "$who: a box" $? 0
	as $who "$ns" --proc -- "$inventory" </dev/null >"$T/again"
	is "$who: looks as it does untraced" "$(cat "$T/again")" "$(cat "$T/base.$who")"
	points $who "$T/list.$who" >>"$T/points"
done
is "there are points in each process" "$(cut -d ' ' -f 2 "$T/points" | sort -u | tr '\n' ' ')" \
	"0 1 2 "

# ---- it fails ------------------------------------------------------------------------------------

both 1
while read -r who depth nth call outcome st message; do
	libc_call "$call" && continue
	case $depth$outcome$st$message in
	?nothing125'sbx-ns: '*) ;;                # refused, and said so
	?same0) ;;                                # it could do without
	2nothing126'sbx-ns: cannot execute '*) ;; # the exec itself
	*) echo "$who: process $depth, call $nth ($call): $outcome, $st $message" ;;
	esac
done <"$T/results" >"$T/bad"
is "EPERM at each: refused, or the same box" "$(cat "$T/bad")" ""
is "each process was refused something" \
	"$(awk '$5 == "nothing" { print $1, $2 }' "$T/results" | sort -u | tr '\n' ' ')" \
	"nobody 0 nobody 1 nobody 2 root 0 root 1 root 2 "

# ---- it is killed --------------------------------------------------------------------------------

# Also while the payload runs, and after; the payload itself is not ours.
for who in root nobody; do
	awk -v who=$who '$1 == "call" && $2 < 2 { print who, $2, $3, $4 }' "$T/list.$who"
done >"$T/points"
both kill
while read -r who depth nth call outcome st message; do
	case $depth$outcome$st in
	?nothing137) ;; # the monitor; or init, after the exec
	1nothing125) ;; # the box, before
	?same137) ;;    # when all was done
	?same0) ;;      # not reached this time, or at the very end
	?differs137) ;; # in the middle of the payload's words
	*) echo "$who: process $depth, call $nth ($call): $outcome, $st $message" ;;
	esac
done <"$T/results" >"$T/bad"
is "killed at each: no process stays, and what ran is not denied" "$(cat "$T/bad")" ""
is "every kind was seen" \
	"$(awk '$5 == "nothing" { print $2, $6 }' "$T/results" | sort -u | tr '\n' ' ')" \
	"0 137 1 125 1 137 "
# Of a box that ended in the middle only the beginning was printed.
is "no mount is left" "$(mountinfo)" "$before"

# shellcheck disable=SC2016
"$T/bin/fault" 0 1 1 /bin/sh -c '"$1" scatter 1' sh "$T/bin/processes" >"$T/said" 2>&1
is "planted: a process that stays is seen" $? 99
cd "$top" || exit 1
finish
