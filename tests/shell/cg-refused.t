#!/bin/sh
# What sbx-cg refuses: one line, status 125, and nothing made.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh

# refused PATTERN WORDS...: says so in one line.
refused()
{
	refused_like=$1
	shift
	run "$cg" "$@"
	like "sbx-cg $*" "$st:$(printf '%s\n' "$err" | wc -l):$out$err" \
		"125:1:sbx-cg: $refused_like"
}

refused 'a subcommand is due (run, exec, *'
refused 'no subcommand is called "start" (run, exec, *' start
refused 'the subcommand (run, exec, *) comes before the options' -m 64M run true
refused 'unknown option "--nonsense"; *' run --nonsense -- true
refused 'unknown option "--memroy"; did you mean "--memory"?' run --memroy 64M -- true
refused 'no program to execute*' run -m 64M
refused '--memory: given twice' run -m 64M -m 64M -- true
for bad in '-m 12Q' '-m 0' '-m 1' '-m -5' '-c 0' '-c 1e9' '-c x' '-c 0.0001' '-p 0' '-p -1' \
	'-p 99999999' '--cpu-weight 0' '--cpu-weight 10001' '--cpus 3-1' '--cpus x' \
	'--set cgroup.procs=1' '--set ../x=1' '--set memory.max' '--set /etc/passwd=x' \
	'--hugetlb 2MB' '--io /dev/null' '--io nowhere:rbps=1' '--io /dev/null:fast=1' \
	'--device nothing' '--device c:1' '-t 5' '-t 0s' '--grace x' '--idle-timeout 0s' \
	'--cpu-time 0s' '--degrade disk' '--cpu-burst 1s' '--cpu-period 100ms'; do
	# shellcheck disable=SC2086 # a list of words
	refused '*' run $bad -- true
done
refused '--memory does not belong to this subcommand' freeze -m 64M x
refused '--timeout does not belong to this subcommand' create -t 5s x
refused '--memory does not belong to this subcommand' exec -m 64M x true
refused '--recursive does not belong to this subcommand' kill -r x
refused '--plan does not belong to this subcommand' kill --plan x
refused '--keep-privs does not belong to this subcommand' create --keep-privs x

refused 'the name of a new control group is due' create
refused 'one control group at a time' create a b
for bad in a/b .. . .x sbx.1.2 cgroup.procs memory.max ''; do
	refused '*' create "$bad"
done
refused '*' create "$(printf '%0300d' 0)"
for sub in set freeze thaw kill rm; do
	words=$sub
	[ $sub != set ] || words='set -m 64M'
	# shellcheck disable=SC2086
	refused 'the name of a control group is due' $words
	# shellcheck disable=SC2086
	refused '*one control group at a time: what is "b"?' $words a b
done
refused 'a limit is due*' set x
refused 'the name of a control group is due: *' exec
refused 'no program to execute: *' exec x
refused 'no program to execute: *' exec x --

need_groups
for sub in freeze thaw kill rm sweep 'exec' 'set -m 64M'; do
	program=''
	[ "$sub" != exec ] || program=/bin/true
	# shellcheck disable=SC2086
	refused 'no control group "nowhere" can be opened in *: No such file or directory' \
		$sub --parent "$parent" nowhere $program
	# shellcheck disable=SC2086
	refused 'control group "../x": a path with "..", *' $sub --parent "$parent" ../x $program
	# shellcheck disable=SC2086
	refused 'control group "/etc": control groups are below *' $sub /etc $program
done
ln -s "$parent" "$T/link"
for word in ../x /etc nowhere "$T/link"; do
	refused "*$word*" run --parent "$word" -- true
done
for sub in freeze thaw kill rm 'rm -r'; do
	# shellcheck disable=SC2086
	refused "$top: that is the top *" $sub "$top"
	mkdir "$parent/own"
	# shellcheck disable=SC2086
	run in_group "$parent/own" "$cg" $sub .
	like "$sub of the group that we are in" "$st:$err" \
		"125:sbx-cg: *this process is in it itself"
	# shellcheck disable=SC2086
	run in_group "$parent/own" "$cg" $sub "$parent"
	like "$sub of one above it" "$st:$err" "125:sbx-cg: *this process is in it itself"
	rmdir "$parent/own"
done

# What this machine has not got is named, and what would provide it.
for limit in 'memory -m 64M' 'cpu -c 0.5' 'pids -p 9' 'cpuset --cpus 0'; do
	controller=${limit%% *}
	if has_controller "$controller"; then
		skip "without the controller $controller" "this machine has it"
		continue
	fi
	# shellcheck disable=SC2086
	refused "*$controller*" run --parent "$parent" ${limit#* } -- true
	# shellcheck disable=SC2086
	refused "*$controller*" create --parent "$parent" ${limit#* } x
done
empty "after all of these"
finish
