#!/bin/sh
# Every system call that makes a box fails once, up to the payload's exec: either the payload never
# runs and the status is 125, or it runs in the same box.
. tests/shell/lib.sh
need_root
attackers
for s in user mnt pid net ipc uts cgroup time; do
	export "NS_$s=$(readlink "/proc/self/ns/$s")"
done
# The working directory is the one thing that may be missed without a word; in / nothing is missed.
top=$PWD
cd / || exit 1
inventory=$T/bin/inventory

mountinfo()
{
	cut -d ' ' -f 3- /proc/self/mountinfo
}
processes()
{
	ps -eo stat=,pid=,args= | awk -v t="$T/bin/" '$1 !~ /^Z/ && index($3, t) == 1'
}
none_running()
{
	[ -z "$(processes)" ]
}
before=$(mountinfo)

# What strace shows as "PID name(...)", up to the second exec, which is the payload's: for each name
# the most calls that one process makes of it. Its "when=" counts in each process by itself.
counted()
{
	awk '
	$2 ~ /^execve\(/ && ++execs == 2 { exit }
	match($2, /^[a-z0-9_]+\(/) {
		name = substr($2, 1, RLENGTH - 1)
		n = ++seen[$1 " " name]
		if (n > most[name]) most[name] = n
	}
	END { for (name in most) print name, most[name] }' "$1" | sort
}

# The calls that came with a later kernel than 5.1, and those that take memory.
newer='clone3 mount_setattr openat2 close_range pidfd_open move_mount open_tree faccessat2'
memory='clone clone3 mmap mount open_tree pipe2 openat'
# The C library's own, before main(), and those that do not fail.
libc='execve arch_prctl set_tid_address exit_group'
# The payload here makes them itself, so that its own would fail: inject-points.t has them.
own='getcwd geteuid getegid getppid uname'

in_list()
{
	case " $2 " in
	*" $1 "*) return 0 ;;
	*) return 1 ;;
	esac
}

# cases WHO: a line "WHO NAME ERROR WHEN" each.
cases()
{
	counted "$T/trace.$1" | while read -r name most; do
		in_list "$name" "$libc $own" && continue
		i=1
		while [ $i -le "$most" ]; do
			echo "$1 $name EPERM $i"
			i=$((i + 1))
		done
		! in_list "$name" "$newer" || echo "$1 $name ENOSYS 1"
		! in_list "$name" "$memory" || echo "$1 $name ENOMEM 1"
	done
}

# worker DIRECTORY: runs the cases on standard input; what did not come out as it has to goes to
# standard output.
worker()
{
	mkdir "$1"
	chmod 777 "$1"
	while read -r who name error when; do
		st=0
		# what a shell starts in the background has these ignored
		as "$who" env --default-signal=INT,QUIT timeout 20 strace -f -o /dev/null \
			-e trace="$name" -e inject="$name:error=$error:when=$when" \
			"$ns" --proc -- "$inventory" >"$1/out" 2>"$1/err" </dev/null || st=$?
		verdict=bad
		# a write that fails may be that of the line itself
		if [ $st = 125 ] && [ ! -s "$1/out" ] &&
			{ [ "$name" = write ] || grep -q '^sbx-ns: ' "$1/err"; }; then
			verdict=refused
		elif [ $st = 0 ] && cmp -s "$1/out" "$T/base.$who"; then
			verdict=same
		elif [ "$name:$st" = ppoll:137 ] &&
			head -c "$(wc -c <"$1/out")" "$T/base.$who" | cmp -s - "$1/out"; then
			# what cannot be watched any more is ended
			verdict=ended
		fi
		echo "$who $name $error $when $verdict $st $(head -n 1 "$1/err")"
		[ $verdict != bad ] || diff "$T/base.$who" "$1/out" | sed 's/^/# /' | head -n 5
	done
}

for who in root nobody; do
	: >"$T/trace.$who"
	chmod 666 "$T/trace.$who"
	as $who strace -f -o "$T/trace.$who" "$ns" --proc -- "$inventory" >"$T/base.$who" </dev/null
	is "$who: a box under strace" $? 0
	as $who "$ns" --proc -- "$inventory" </dev/null >"$T/again"
	is "$who: looks as it does without" "$(cat "$T/again")" "$(cat "$T/base.$who")"
	cases $who
done >"$T/head"
grep -E '^(ok|not ok|#)' "$T/head"
number=$(grep -Ec '^(ok|not ok) ' "$T/head")
! grep -q '^not ok' "$T/head" || failed=1
grep -E '^(root|nobody) ' "$T/head" >"$T/cases"
is "there are cases" "$([ "$(wc -l <"$T/cases")" -gt 200 ] && echo enough)" enough
awk 'NR % 2' "$T/cases" | worker "$T/one" >"$T/results.1" &
awk 'NR % 2 == 0' "$T/cases" | worker "$T/two" >"$T/results.2"
wait
cat "$T/results.1" "$T/results.2" >"$T/results"
is "each was run" "$(grep -Ec '^(root|nobody) ' "$T/results")" "$(wc -l <"$T/cases")"
for who in root nobody; do
	for name in $(counted "$T/trace.$who" | cut -d ' ' -f 1); do
		in_list "$name" "$libc $own" && continue
		is "$who: $name fails: refused, or the same box" \
			"$(grep -A 5 "^$who $name [A-Z]* [0-9]* bad" "$T/results")" ""
	done
done
is "most were refused" \
	"$([ "$(grep -c ' refused ' "$T/results")" -gt "$(grep -c ' same ' "$T/results")" ] &&
		echo yes)" yes
# What a plan cannot do without is never let pass.
makers='clone|mount|move_mount|open_tree|mount_setattr|openat2|pivot_root|umount2|capset|prctl'
makers="$makers|mkdirat|mknodat|symlinkat|fchdir|ioctl|socket|pidfd_open|signalfd4|pipe2|unshare"
is "none of what makes the box was" \
	"$(grep ' same ' "$T/results" | grep -E " ($makers) ")" ""
until_true none_running
is "no process is left" "$(processes)" ""
is "no mount is left" "$(mountinfo)" "$before"

# ---- kernels without a call ----------------------------------------------------------------------

# without NAME... -- OPTIONS: all of them say ENOSYS, as an older kernel does, or a seccomp filter.
without()
{
	without_names=$1
	shift
	run as "$who" strace -f -o /dev/null -e trace="$without_names" \
		-e inject="$without_names:error=ENOSYS" "$ns" "$@"
}
for who in root nobody; do
	without clone3 --proc -- "$inventory"
	is "$who: without clone3 it is the same box" "$st $out" "0 $(cat "$T/base.$who")"
	without clone3 --proc --user new --time new --no-init -- "$inventory"
	is "$who: but for a time namespace without an init" "$st $out" "125 "
	like "$who: which is told" "$err" '*no time namespace:*without clone3*--time inherit is due'
	without clone3 --proc --time inherit --no-init -- "$T/bin/files" others 3
	is "$who: that works without one" "$st" 1
	run as "$who" strace -f -o /dev/null -e trace=clone3 -e inject=clone3:error=EPERM \
		"$ns" --proc --time inherit --no-init -- /bin/sh -c 'exit 7'
	is "$who: as where a filter refuses it in another way" "$st" 7
	run as "$who" strace -f -o /dev/null -e trace=clone3 -e inject=clone3:error=EPERM:when=2 \
		"$ns" --proc --no-init -- "$inventory"
	is "$who: where it fails after all nothing runs" "$st $out" "125 "
	like "$who: and the reason is given" "$err" \
		"sbx-ns: cannot make the namespaces*: Operation not permitted"
	for case in mount_setattr:5.12 openat2:5.6 close_range:5.11 open_tree:5.2 move_mount:5.2 \
		pidfd_open:5.3; do
		without "${case%:*}" -- "$inventory"
		is "$who: without ${case%:*} nothing runs" "$st $out" "125 "
		like "$who: the call and its kernel are named" "$err" \
			"sbx-ns: cannot *${case%:*} needs Linux ${case#*:}*Function not implemented"
	done
	without faccessat2 --proc -- "$inventory"
	is "$who: without faccessat2 it is the same box" "$st $out" "0 $(cat "$T/base.$who")"
done
# The older way of a control group: written to before the start.
who=root
if grep -q ' cgroup2 ' /proc/self/mountinfo; then
	mkfifo "$T/held"
	without clone3 --no-init --time inherit --keep-fd 3 -- "$T/bin/processes" scatter 5 \
		3>"$T/held" &
	timeout 20 cat "$T/held" >"$T/said"
	is "without clone3 the control group still ends everything" $? 0
	wait
else
	skip "without clone3 the control group still ends everything" "no hierarchy of version 2"
fi
cd "$top" || exit 1
finish
