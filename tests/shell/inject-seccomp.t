#!/bin/sh
# Every system call of sbx-seccomp fails once: either nothing was applied and nothing ran, or the
# program ran under the filter; or it is told that it could not be watched to its end. Nothing waits
# for ever, and nobody is left behind.
. tests/shell/lib.sh
need_root
chmod 777 "$T"

attackers
echo 'default allow
errno EXDEV mkdirat' >"$T/apply"
echo 'default allow
errno EXDEV mkdirat
notify getuid' >"$T/supervise"
tests=$PWD/tests

# Without -f strace sees the first process only; of apply that is the program as well, but each call
# is made to fail at a place before its exec.
traced_apply()
{
	as "$who" "$@" "$seccomp" --audit-only --receipt -f "$T/apply" -- "$T/bin/injected"
}
traced_supervise()
{
	# shellcheck disable=SC2086 # words
	python3 "$tests/seccomp/decide.py" '{"value":4711}' "$T/asked.$who" $become "$@" \
		"$seccomp" supervise --audit-only -f "$T/supervise" --requests FD -- \
		"$T/bin/injected"
}
traced_learn()
{
	rm -f "$T/learned.$who"
	as "$who" "$@" "$seccomp" learn -o "$T/learned.$who" -- "$T/bin/injected"
}
# Nobody is left, whatever waits to be reaped by others.
left()
{
	ps -eo stat=,pid=,args= | awk -v t="$T/bin/" '$1 !~ /^Z/ && index($3, t) == 1'
}
none_left()
{
	[ -z "$(left)" ]
}
# NAME COUNT of the calls before the second exec.
counted()
{
	awk '
	/^execve\(/ && ++execs == 2 { exit }
	match($0, /^[a-z0-9_]+\(/) { n[substr($0, 1, RLENGTH - 1)]++ }
	END { for (name in n) print name, n[name] }' "$1" | sort
}

libc='execve arch_prctl set_tid_address exit_group exit'
for who in root nobody; do
	become=
	[ $who = root ] || become='setpriv --reuid 65534 --regid 65534 --clear-groups'
	for mode in apply supervise learn; do
		rm -f "$T/trace"
		st=0
		traced_$mode strace -o "$T/trace" >"$T/base" 2>/dev/null </dev/null || st=$?
		is "$who: $mode: under strace" "$st" 7
		bad='' refused=0 same=0
		while read -r name most; do
			case " $libc " in
			*" $name "*) continue ;;
			esac
			for error in EPERM ENOMEM EINTR ENOSYS; do
				i=1
				while [ $i -le "$most" ] && [ $i -le 9 ]; do
					st=0
					rm -f "$T/asked.$who"
					traced_$mode timeout -k 1 8 strace -o /dev/null \
						-e trace="$name" \
						-e inject="$name:error=$error:when=$i" \
						>"$T/out" 2>"$T/err" </dev/null || st=$?
					says=$(grep -v warning "$T/err" | grep -c '^sbx-seccomp: ')
					case $st in
					7)
						cmp -s "$T/out" "$T/base" && same=$((same + 1)) ||
							bad="$bad$name $error $i: $(cat "$T/out")
"
						;;
					126)
						# it could not be told that it can be executed
						[ "$name" = faccessat2 ] && [ ! -s "$T/out" ] ||
							bad="$bad$name $error $i: 126
"
						;;
					125)
						refused=$((refused + 1))
						[ "$says" = 1 ] || [ "$name" = write ] ||
							bad="$bad$name $error $i: $(cat "$T/err")
"
						[ $mode != apply ] || [ ! -s "$T/out" ] ||
							bad="$bad$name $error $i: it ran
"
						;;
					*)
						bad="$bad$name $error $i: $st $(cat "$T/err")
"
						;;
					esac
					i=$((i + 1))
				done
			done
		done <<END_COUNTED
$(counted "$T/trace")
END_COUNTED
		is "$who: $mode: a call that fails is a refusal, or does not matter" "$bad" ""
		is "$who: $mode: there were some of both ($refused, $same)" \
			"$([ $refused -gt 10 ] && [ $same -gt 0 ] && echo yes)" yes
		until_true none_left
		is "$who: $mode: nobody is left" "$(left)" ""
	done
done
finish
