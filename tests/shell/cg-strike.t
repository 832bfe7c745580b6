#!/bin/sh
# One of our own processes is killed at a moment of chance, two hundred times each: a tenth of a
# second later no process and no group is there. Of all at once an empty group may stay, which sweep
# removes. vm-cg.t has the same done with limits, a few times.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
attackers
: "${SBX_STRIKES:=200}"
tree="$T/bin/processes scatter-stay 5"
limits=''
! has_controller memory || limits='-m 64M -c 1 -p 64'

# strike WHICH WORDS...: of what makes its groups in $strike_in.
strike_in=$parent
strike()
{
	strike_which=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	run "$T/bin/strike" "$strike_which" "$SBX_STRIKES" $$ "$strike_in" "$@"
	echo "# $out"
	is "$strike_which is killed" "$st" 0
}
# with WHICH WORDS...: what is behind it has limits.
with()
{
	with_which=$1
	shift
	# shellcheck disable=SC2086 # a list of words
	strike "$with_which" "$cg" run --parent "$parent" $limits -- "$@"
}
# shellcheck disable=SC2086 # lists of words
{
	with monitor $tree
	with guard $tree
	with monitor sbx-ns -- $tree
	with guard sbx-ns -- $tree
	with init sbx-ns -- $tree
	with all sbx-ns -- $tree
}
# a group is swept when it is two seconds old
sleep 2.1
run "$cg" sweep --parent "$parent"
is "what is left of all at once is swept" "$st:$(ls -d "$parent"/*/ 2>/dev/null)" "0:"

# We have moved to a group of our own, and are all that is in there.
if [ -n "$limits" ]; then
	own=$parent/own
	mkdir "$own"
	# shellcheck disable=SC2016 # for that shell
	inside='echo $$ >"$0/cgroup.procs" && exec "$@"'
	strike_in=$own
	for which in monitor guard; do
		# shellcheck disable=SC2086 # lists of words
		strike $which sh -c "$inside" "$own" "$cg" run $limits -- $tree
		is "and nothing is enabled any more" "$(cat "$own/cgroup.subtree_control")" ""
	done
	rmdir "$own"
fi
empty "in the end"
finish
