#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Groups that stay: made, joined, changed, frozen, ended, removed; by root and by a user whom one
# was handed over to.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
where='sed -n "s/^0:://p" /proc/self/cgroup'

in_parent()
{
	sub=$1
	shift
	run "$cg" "$sub" --parent "$parent" "$@"
}
procs()
{
	wc -l <"$parent/$1/cgroup.procs"
}
state()
{
	sed -n "s/^$2 //p" "$parent/$1/cgroup.events"
}

# ---- made and joined ---------------------------------------------------------------------------

in_parent create job
is "a group is made" "$st:$out$err:$(ls -d "$parent/job")" "0::$parent/job"
in_parent create job
like "not twice" "$st:$err" '125:sbx-cg: *there is one of that name*File exists'
in_parent create --set cgroup.max.depth=3 --receipt deep
like "with limits, and a receipt" "$st:$err:$(cat "$parent/deep/cgroup.max.depth")" \
	'0:receipt*cgroup.max.depth*enforced*3*:3'
in_parent create rest --set cgroup.max.depth=4
is "options may follow the name" "$st:$(cat "$parent/rest/cgroup.max.depth")" "0:4"
in_parent create --set cgroup.max.depth=lots bad
like "a value that the kernel refuses: the file is named" "$st:$err" \
	'125:sbx-cg: *cgroup.max.depth*Invalid argument*'
is "and the half-made group is gone" "$(ls -d "$parent/bad" 2>/dev/null)" ""
in_parent create --set cgroup.max.depth=5 --plan planned
like "a plan" "$st:$out" '0:*planned*cgroup.max.depth*'
in_parent create --check planned
is "and a check make nothing" "$st:$(ls -d "$parent/planned" 2>/dev/null)" "0:"
in_parent create --check work2 --set nothing.here=1
like "a check knows" "$st:$(echo "$err" | wc -l)" '*:1'
in_parent exec job -- sh -c "$where; exit 7"
is "a program in it" "$st:$out" "7:${parent#"$top"}/job"
in_parent exec job sh -c 'exit 8'
is "also without dashes" "$st" 8
in_parent exec job -- "$T/nothing"
is "one that is not there" "$st" 127
run "$cg" exec "$parent/job" -- sh -c "$where"
is "the group by an absolute path" "$st:$out" "0:${parent#"$top"}/job"
in_parent exec job -- sh -c 'grep -E "CapEff|NoNewPrivs" /proc/self/status'
is "without privileges" "$out" "CapEff:	0000000000000000
NoNewPrivs:	1"
in_parent exec --keep-privs job -- sh -c 'grep -E "CapEff|NoNewPrivs" /proc/self/status'
is "or with them" "$out" "$(grep -E 'CapEff|NoNewPrivs' /proc/self/status)"
in_parent exec -t 300ms --grace 100ms job -- sleep 600
is "with a time limit" "$st" 124
in_parent exec job -- sbx-ns --proc -- sh -c 'echo $$'
is "a box in it" "$st:$out" "0:2"
sh -c 'echo $$ >"$0"; exec sleep 600' "$parent/job/cgroup.procs" &
other=$!
until_true test -s "$parent/job/cgroup.procs"
in_parent exec job -- sh -c '(sleep 600 &); exit 0'
is "others in it are left alone" "$st:$(kill -0 $other && echo there)" "0:there"
in_parent exec -t 300ms --grace 100ms job -- sh -c 'trap "" TERM; sleep 600'
is "by a time limit too" "$st:$(kill -0 $other && echo there)" "124:there"

# ---- held and ended ----------------------------------------------------------------------------

in_parent freeze job
is "frozen when we say so" "$st:$(state job frozen)" "0:1"
in_parent freeze job
is "a second time as well" "$st" 0
in_parent thaw job
is "and thawed" "$st:$(state job frozen)" "0:0"
in_parent rm job
like "it is not removed while somebody is in it" "$st:$err" \
	'125:sbx-cg: control group "job": there are processes in it; rm -r *'
in_parent freeze job
in_parent kill job
is "ended, frozen or not" "$st:$(procs job)" "0:0"
wait $other 2>/dev/null
is "by KILL" $? 137
in_parent thaw job
mkdir "$parent/job/inner"
in_parent rm job
like "nor while a group is in it" "$st:$err" \
	'125:sbx-cg: control group "job": there are groups in it; *'
sh -c 'echo $$ >"$0"; exec sleep 600' "$parent/job/inner/cgroup.procs" &
other=$!
until_true test -s "$parent/job/inner/cgroup.procs"
in_parent freeze job
in_parent thaw job/inner
like "what a group above it holds stays held" "$st:$err" \
	'125:sbx-cg: control group "job/inner": still frozen after 5 seconds*'
in_parent rm -r job
is "all of it at once" "$st:$(ls -d "$parent/job" 2>/dev/null)" "0:"
wait $other 2>/dev/null
in_parent rm deep
is "an empty one" "$st" 0
in_parent rm rest
is "and another" "$st" 0

# ---- changed -----------------------------------------------------------------------------------

in_parent create some
in_parent set --set cgroup.max.depth=6 some
is "a limit is set" "$st:$(cat "$parent/some/cgroup.max.depth")" "0:6"
in_parent set --set cgroup.max.depth=7 some --plan
like "or planned" "$st:$out:$(cat "$parent/some/cgroup.max.depth")" '0:*cgroup.max.depth*:6'
in_parent set --set cgroup.max.depth=lots some
like "or refused by the kernel" "$st:$err" '125:sbx-cg: *cgroup.max.depth*Invalid argument*'
in_parent rm some

# ---- a controller ------------------------------------------------------------------------------

# For what the first group has not handed down there is only the first group.
if has_controller hugetlb && [ -z "$(cat "$top/cgroup.subtree_control")" ]; then
	name=t.$$.huge
	in_parent create --hugetlb 2MB=4M more
	like "what the group above does not hand down" "$st:$err" '125:sbx-cg: *hugetlb*+hugetlb*'
	run "$cg" create --parent "$top" --hugetlb 2MB=4M $name
	is "a controller is enabled on the way" "$st:$(cat "$top/$name/hugetlb.2MB.max")" \
		"0:4194304"
	run "$cg" set --parent "$top" --hugetlb 2MB=6M $name
	is "its limit changed" "$st:$(cat "$top/$name/hugetlb.2MB.max")" "0:6291456"
	run "$cg" set --parent "$top" --set hugetlb.2MB.max=lots $name
	like "or refused by the kernel" "$st:$err" \
		'125:sbx-cg: *hugetlb.2MB.max*lots*Invalid argument*'
	echo +hugetlb >"$top/$name/cgroup.subtree_control"
	run "$cg" exec --parent "$top" $name -- true
	like "where controllers are enabled nobody can join" "$st:$err" \
		'125:sbx-cg: *controllers are enabled for the groups in it*'
	run "$cg" run --parent "$top/$name" --hugetlb 2MB=4M --receipt -- sh -c 'exit 3'
	like "a limit of a run, as the kernel has it" "$st:$err" \
		'3:*hugetlb.2MB.max*enforced*4194304*'
	run "$cg" rm --parent "$top" -r $name
	is "removed" "$st:$(ls -d "$top/$name" 2>/dev/null)" "0:"
	echo -hugetlb >"$top/cgroup.subtree_control"
else
	skip "limits of huge pages" "no such controller, or somebody uses it"
fi

# ---- swept -------------------------------------------------------------------------------------

start root "$cg" run --parent "$parent" -- sleep 600
until_true ls "$parent"/sbx.*/cgroup.procs
in_parent sweep
is "a run that goes on is nothing to sweep" "$st:$out:$(kill -0 "$started" && echo there)" \
	"0::there"
kill "$started"
wait "$started" 2>/dev/null
sh -c 'exit 0' &
gone=$!
wait $gone
mkdir "$parent/sbx.$gone.1" "$parent/other"
sleep 2.1
in_parent sweep
is "what nobody owns is, and is named" "$st:$out" "0:sbx.$gone.1"
is "but nothing else" "$(ls -d "$parent"/*/)" "$parent/other/"
rmdir "$parent/other"

# ---- somebody else -----------------------------------------------------------------------------

run as_nobody "$cg" create --parent "$parent" theirs
like "nobody may not make one here" "$st:$err" '125:sbx-cg: *'
mkdir "$parent/d"
chown nobody "$parent/d" "$parent/d/cgroup.procs" "$parent/d/cgroup.subtree_control" \
	"$parent/d/cgroup.threads"
run as_nobody "$cg" run --parent "$parent/d" -- true
like "from outside nobody gets into what is theirs" "$st:$err" "125:sbx-cg: *$top*cgroup.procs*"
nobody_in()
{
	run in_group "$parent/d" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
nobody_in "$cg" run -- sh -c "id -u; $where"
like "from inside they do" "$st:$out" "0:65534
${parent#"$top"}/d/sbx.*"
nobody_in "$cg" create a --set cgroup.max.depth=2
is "and make groups" "$st:$(stat -c %u:%a "$parent/d/a"):$(cat "$parent/d/a/cgroup.max.depth")" \
	"0:65534:755:2"
nobody_in "$cg" exec a -- sh -c "$where; exit 3"
is "and join them" "$st:$out" "3:${parent#"$top"}/d/a"
run as_nobody "$cg" exec --parent "$parent/d" a -- true
like "not from outside, which is explained" "$st:$err" \
	"125:sbx-cg: control group \"a\": no process of $top can join it *$top/cgroup.procs: *"
nobody_in "$cg" freeze a
nobody_in "$cg" thaw a
is "and hold them" "$st" 0
nobody_in "$cg" kill a
is "and end them" "$st" 0
nobody_in "$cg" kill "$parent"
like "but not ours" "$st:$err" '125:sbx-cg: *'
nobody_in "$cg" rm a
is "and remove them" "$st:$(ls -d "$parent/d"/*/ 2>/dev/null)" "0:"
nobody_in "$cg" run -t 300ms --grace 100ms -- sbx-ns -- sleep 600
is "with a box, and a limit" "$st" 124
rmdir "$parent/d"
empty "in the end"
finish
