# Sourced by the tests of sbx-cg: a group of their own in the first one, and what this machine's
# hierarchy of version 2 has.
# shellcheck shell=sh

# The mount point of the hierarchy.
top=$(sed -n 's/^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]*\) [^-]* - cgroup2 .*/\1/p' \
	/proc/self/mountinfo | head -n 1)

# Without one there is nothing to test but the refusal.
need_groups()
{
	need_root
	[ -z "$top" ] || mkdir "$top/t.$$" 2>/dev/null || top=
	if [ -z "$top" ]; then
		skip "${0##*/}" "no writable hierarchy of version 2"
		finish
		exit
	fi
	parent=$top/t.$$
	trap 'groups_end; cd /; rm -rf "$T"' EXIT
}

# What a failed test may have left.
groups_end()
{
	[ -e "$parent" ] || return 0
	echo 1 >"$parent/cgroup.kill"
	until_true grep -q 'populated 0' "$parent/cgroup.events"
	find "$parent" -depth -type d -exec rmdir {} + 2>/dev/null
}

has_controller()
{
	case " $(cat "$top/cgroup.controllers") " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# in_group DIR COMMAND...: as a process in that group.
in_group()
{
	# shellcheck disable=SC2016 # for the shell inside
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@"
}

# empty TITLE: no group is in ours, and no process.
empty()
{
	empty_populated=$(sed -n 's/^populated //p' "$parent/cgroup.events")
	is "$1: nothing is left" "$(ls -d "$parent"/*/ 2>/dev/null):$empty_populated" ":0"
}

now_ms()
{
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}0"
}

# told WORDS...: sbx-cg run in our group: $st, $out, $err, the events in $report, the last of them
# in $ended, and how long it took in $ms.
told()
{
	told_from=$(now_ms)
	# shellcheck disable=SC2154 # of lib.sh
	run "$cg" run --parent "$parent" --report 9 "$@" 9>"$T/report"
	ms=$(($(now_ms) - told_from))
	report=$(cat "$T/report")
	ended=$(grep '"event":"ended"' "$T/report" || true)
}

# lasted LOW HIGH TITLE: it took so many milliseconds.
lasted()
{
	if [ "$ms" -ge "$1" ] && [ "$ms" -le "$2" ]; then
		pass "$3"
	else
		fail "$3" "$ms ms, want $1 to $2"
	fi
}
