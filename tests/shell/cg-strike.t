#!/bin/sh
# vm: the same with limits, on a slower machine One of our own processes is killed at a moment of
# chance, two hundred times each: a tenth of a second later no process and no group is there. Of all
# at once an empty group may stay, which sweep removes.
. tests/shell/lib.sh
need_root
attackers
cg=$T/bin/sbx-cg
: "${SBX_STRIKES:=200}"
top=$(sed -n 's/^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]*\) [^-]* - cgroup2 .*/\1/p' /proc/self/mountinfo |
	head -n 1)
if [ -z "$top" ]; then
	skip "strikes" "no hierarchy of version 2"
	finish
	exit
fi
parent=$top/strike.$$
mkdir "$parent"
trap 'rmdir "$parent" 2>/dev/null; cd /; rm -rf "$T"' EXIT
limits=''
case " $(cat "$parent/cgroup.controllers") " in
*' memory '*) limits='-m 64M -c 1 -p 64' ;;
esac

# strike WHICH WORDS...
strike()
{
	# shellcheck disable=SC2086 # a list of words
	run "$T/bin/strike" "$1" "$SBX_STRIKES" $$ "$parent" "$cg" run --parent "$parent" $limits -- $2
	echo "# $out"
	is "$1 is killed: $2" "$st" 0
}
strike monitor "$T/bin/processes scatter-stay 5"
strike guard "$T/bin/processes scatter-stay 5"
strike monitor "sbx-ns -- $T/bin/processes scatter-stay 5"
strike guard "sbx-ns -- $T/bin/processes scatter-stay 5"
strike init "sbx-ns -- $T/bin/processes scatter-stay 5"
strike all "sbx-ns -- $T/bin/processes scatter-stay 5"
# a group is swept when it is two seconds old
sleep 2.1
run "$cg" sweep --parent "$parent"
is "what is left of all at once is swept" "$st:$(ls -d "$parent"/*/ 2>/dev/null)" "0:"
rmdir "$parent"
is "and the group above it is empty" $? 0
finish
