#!/bin/sh
# sbx-seccomp refuses what is wrong, with its place, and applies nothing.
. tests/shell/lib.sh

# refused TITLE PATTERN WORD...: status 125, one line, and the program was not executed.
refused()
{
	refused_title=$1 refused_like=$2
	shift 2
	rm -f "$T/ran"
	run "$seccomp" "$@"
	if [ "$st" != 125 ] || [ -n "$out" ] || [ -e "$T/ran" ]; then
		fail "$refused_title" "status $st: $out $err"
	else
		like "$refused_title" "$err" "sbx-seccomp: $refused_like"
	fi
}

# bad TITLE PATTERN TEXT: such a policy, of which no program comes to run.
bad()
{
	printf '%s\n' "$3" >"$T/p"
	refused "$1" "$T/p:$2" -f "$T/p" -- touch "$T/ran"
}

printf 'default allow\nerrno EPERM mkdir\n' >"$T/good"
status "what is good is executed" 0 "$seccomp" -f "$T/good" -- touch "$T/ran"
is "so that a refusal can be told" "$(ls "$T/ran")" "$T/ran"

bad "an unknown call, with the nearest" '2:*"sockett"*"socket"*' 'default allow
errno EPERM sockett'
bad "an unknown action" '1:*"alow"*' 'default alow'
bad "an errno that is none" '2:*EPREM*' 'default allow
errno EPREM mkdir'
bad "an errno out of range" '2:*4096*' 'default allow
errno 4096 mkdir'
bad "an argument that there is not" '2:*' 'default allow
errno EPERM socket arg6 == 1'
bad "an operator that is none" '2:*' 'default allow
errno EPERM socket family =! 1'
bad "a rule that can never match" '2:*' 'default allow
errno EPERM socket family == 1 and family == 2'
bad "default allow with only allows" '*' 'default allow
allow mkdir'
bad "an empty policy" '*' ''
bad "JSON that is none" '2:1: *' '{'
bad "no execve" '*execve is answered with errno EPERM*' 'default errno EPERM
allow exit_group'
bad "execve denied by a rule, with its place" '3:1: execve is answered with errno EACCES*' \
	'default allow
errno EPERM mkdir
errno EACCES execve'
bad "a notify without a supervisor" '*supervise*' 'default allow
notify socket'

refused "no policy" 'no policy: -p PROFILE*' -- touch "$T/ran"
refused "no program" 'no program to execute*' -p none
refused "an unknown profile" 'unknown profile "defualt"*default*' -p defualt -- touch "$T/ran"
refused "a file that is not there" "$T/none: cannot open it*" -f "$T/none" -- touch "$T/ran"
refused "--errno without an errno" '--errno mkdir: CALL=ERRNO is due*' --errno mkdir -- \
	touch "$T/ran"
refused "--errno with an unknown call" '--errno: unknown call "mkdri"; did you mean "mkdir"?' \
	--errno mkdri=EPERM -- touch "$T/ran"
refused "--errno with an unknown set" '--errno: unknown call "@mont"; did you mean "@mount"?' \
	--errno @mont=EPERM -- touch "$T/ran"
refused "--kill with nothing" '--kill: unknown call ""*' --kill mkdir, -- touch "$T/ran"
refused "--kill of execve" '*execve is answered with kill-process*' --kill execve -- touch "$T/ran"
refused "an unknown architecture" '--arch: *' --arch vax -p none -- touch "$T/ran"
refused "an unknown capability" 'unknown capability "CAP_X"' --caps CAP_X -p none -- touch "$T/ran"
refused "no version" '--kernel 6: a version like 6.12 is due' --kernel 6 -p none -- touch "$T/ran"
refused "an option twice" '--log: given twice' --log --log -p none -- touch "$T/ran"
refused "an option of a subcommand" '--asm does not belong to this subcommand' --asm -p none -- \
	touch "$T/ran"
refused "a level that there is not" '-*3*' -O 3 -p none -- touch "$T/ran"
refused "a report nowhere" 'the report descriptor is not open' --report 77 -p none -- \
	touch "$T/ran"
refused "a descriptor that is not open" '--keep-fd 77: that descriptor is not open' \
	--keep-fd 77 -p none -- touch "$T/ran"
refused "the report to the program" '--keep-fd 9: that is the report descriptor*' --report 9 \
	--keep-fd 9 -p none -- touch "$T/ran" 9>/dev/null

# compiled filters
printf 'abc' >"$T/b"
refused "bytes that are no filter" "$T/b: *" -b "$T/b" -- touch "$T/ran"
: >"$T/b"
refused "no bytes" "$T/b: *" -b "$T/b" -- touch "$T/ran"
printf '\006\000\000\000\000\000\005\000\040\000\000\000\000\000\000\000' >"$T/b"
refused "a filter that does not end in a return" "$T/b: *" -b "$T/b" -- touch "$T/ran"
printf '\006\000\000\000\001\000\005\000' >"$T/b"
refused "a filter that allows nothing" "*" -b "$T/b" -- touch "$T/ran"
printf 'default errno EPERM\nallow read\n' >"$T/p"
refused "one of several that has no execve" "$T/p: execve is answered with errno EPERM*" -p none \
	-f "$T/p" -- touch "$T/ran"
refused "a filter for a policy" "$T/b:*" -f "$T/b" -- touch "$T/ran"

# what the kernel refuses
for fault in prctl:EINVAL seccomp:EINVAL seccomp:ENOSYS seccomp:ENOMEM seccomp:EACCES; do
	rm -f "$T/ran"
	run strace -o /dev/null -e "inject=${fault%:*}:error=${fault#*:}" "$seccomp" -p none -- \
		touch "$T/ran"
	like "$fault: told" "$st $err" "125 sbx-seccomp: ${fault%:*}: cannot *"
	is "$fault: nothing was executed" "$(find "$T" -name ran)" ""
done

# an error of the lint is a refusal, a warning is a line
cat >"$T/p" <<'END'
{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
	{ "names": ["mkdirat"], "action": "SCMP_ACT_ERRNO" },
	{ "names": ["mkdirat"], "action": "SCMP_ACT_KILL" }
] }
END
status "a warning" 0 "$seccomp" -f "$T/p" -- true
like "is said with its place" "$err" "sbx-seccomp: $T/p:3:*: warning: *"
finish
