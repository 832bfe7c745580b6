#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Each system call of each process of sbx-cg's by itself: it fails, or the process is killed at it.
# Either nothing ran and it is told why, or the program ran in its group with its limits; and
# however it ended, no process and no group stays. Of the fault's processes the monitor is 0; its
# guard and the program's process before the exec are 1. vm-cg.t has the same done where all
# controllers are, and each write of a limit can fail.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
attackers
if has_controller memory; then
	limits='-m 64M -c 1 -p 64' shown='memory.max cpu.max pids.max'
	echo '+memory +cpu +pids' >"$parent/cgroup.subtree_control"
else
	limits='--set cgroup.max.depth=3' shown=cgroup.max.depth
fi
# Each worker has a group of its own to make groups in: what the other's runs make is not its.
mkdir "$parent/one" "$parent/two"

# What the program prints of its group, in one line.
cat >"$T/say" <<END
while read -r line; do
	case \$line in 0::*) at=\${line#0::} ;; esac
done </proc/self/cgroup
case \$at in "${parent#"$top"}"/*/sbx.*) said=in ;; esac
for file in $shown; do
	read -r line <"$top\$at/\$file" && said="\$said \$line"
done
echo "\$said"
END

# A process that is alone in a group, before it becomes the next.
cat >"$T/enter" <<'END'
#!/bin/sh
echo $$ >"$1/cgroup.procs" && shift && exec "$@"
END
chmod 755 "$T/enter"

# sbx PLACE WORDS...: as the tests run it, from outside of the place or alone in it.
from=outside
sbx()
{
	sbx_place=$parent/$1
	shift
	# shellcheck disable=SC2086 # lists of words
	case $from in
	outside) "$@" "$cg" run --parent "$sbx_place" $limits -- /bin/sh "$T/say" ;;
	inside) "$@" "$T/enter" "$sbx_place" "$cg" run $limits -- /bin/sh "$T/say" ;;
	esac
}

libc='158 218 231 96 94'
libc_call()
{
	case " $libc " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

# points: each run from here on is judged by one without a fault. Those of the monitor begin with
# its own exec.
points()
{
	sbx one "$T/bin/fault" list >"$T/base" 2>"$T/list" </dev/null
	is "$from: a run" $? 0
	base=$(cat "$T/base")
	like "$from: in a group with its limits" "$base" "in [0-9]*"
	before=0
	[ $from = outside ] || before=1
	awk -v before=$before '
	$1 == "exec" && $2 == 0 { begun++ }
	$1 == "call" && begun > before && $2 < 2 { print $2, $3, $4 }' "$T/list" >"$T/points"
	is "$from: there are points in each" \
		"$(cut -d ' ' -f 1 "$T/points" | sort -u | tr '\n' ' ')" "0 1 "
}

# tidy PLACE: a controller that is still enabled there is something left, and nothing runs in it.
tidy()
{
	read -r enabled <"$parent/$1/cgroup.subtree_control"
	[ -n "$enabled" ] || return 0
	left="${left:-}:$(echo "$enabled" | tr ' ' ,)"
	for controller in $enabled; do
		echo "-$controller" >"$parent/$1/cgroup.subtree_control"
	done
}

# worker PLACE ACTION [COMMAND...]: "DEPTH NUMBER CALL OUTCOME STATUS GROUPS MESSAGE" for each point
# of standard input.
worker()
{
	place=$1 action=$2
	shift 2
	while read -r depth nth call; do
		st=0 said='' message='' left=0
		sbx "$place" "$@" "$T/bin/fault" "$depth" "$nth" "$action" \
			>"$T/$place.out" 2>"$T/$place.err" </dev/null || st=$?
		read -r said <"$T/$place.out"
		read -r message <"$T/$place.err"
		case $said in
		"$base") outcome=same ;;
		'') outcome=nothing ;;
		*) outcome=differs ;;
		esac
		for group in "$parent/$place"/sbx.*; do
			[ ! -d "$group" ] || left=$((left + 1))
		done
		[ $left = 0 ] || rmdir "$parent/$place"/sbx.*
		[ $from = outside ] || tidy "$place"
		echo "$depth $nth $call $outcome $st $left $message"
	done
}
# all ACTION: as many workers as there are processors. What is started by "&" ignores SIGINT and
# SIGQUIT, which are to be as they are elsewhere.
all()
{
	if [ "$(nproc)" = 1 ]; then
		worker two "$1" <"$T/points" >"$T/results"
	else
		awk 'NR % 2' "$T/points" |
			worker one "$1" env --default-signal=INT,QUIT >"$T/results.1" &
		awk 'NR % 2 == 0' "$T/points" | worker two "$1" >"$T/results.2"
		wait
		cat "$T/results.1" "$T/results.2" >"$T/results"
	fi
	is "$from: $1: each was run" "$(wc -l <"$T/results")" "$(wc -l <"$T/points")"
	# a lock whose descriptor is not closed (3) is held, and nobody knows that it is by us
	is "$from: $1: nothing is left" \
		"$(awk -v from=$from '$6 != 0 && (from == "outside" || $3 != 3)' "$T/results")" ""
}

# fails: it is told, or it can do without.
fails()
{
	all 1
	while read -r depth nth call outcome st left message; do
		libc_call "$call" && continue
		case $outcome$st$message in
		# refused, and said so; the exec itself
		nothing125'sbx-cg: '*) ;;
		nothing12[56]'sbx-cg: cannot execute '*) ;;
		# it could do without; what cannot be watched any more is ended
		same0) ;;
		same137 | nothing137) ;;
		*) echo "process $depth, call $nth ($call): $outcome, $st, $left $message" ;;
		esac
	done <"$T/results" >"$T/bad"
	is "$from: EPERM at each: refused, or the same group" "$(cat "$T/bad")" ""
	is "$from: some were refused" \
		"$(awk '$4 == "nothing" { print "yes"; exit }' "$T/results")" yes
}

killed()
{
	all kill
	while read -r depth nth call outcome st left message; do
		case $depth$outcome$st in
		# the monitor; the guard, with which the run ends
		0nothing137 | 0same137 | 0differs137) ;;
		1nothing137 | 1same137 | 1differs137) ;;
		# before the start; not reached this time, or at the very end
		1nothing125) ;;
		?same0) ;;
		*) echo "process $depth, call $nth ($call): $outcome, $st, $left $message" ;;
		esac
	done <"$T/results" >"$T/bad"
	is "$from: killed at each: no process stays" "$(cat "$T/bad")" ""
}

points
fails
killed
if has_controller memory; then
	# where it moves to a group of its own
	from=inside
	tidy one
	tidy two
	points
	fails
	killed
fi
rmdir "$parent/one" "$parent/two"
empty "in the end"
finish
