#!/bin/sh
# sbx-seccomp: a filter is there before the program's first instruction, and nothing else changes.
. tests/shell/lib.sh

cat >"$T/only.policy" <<'END'
default allow
errno EACCES mkdir mkdirat
kill-process sethostname
END

for who in root nobody; do
	[ "$(id -u)" = 0 ] || [ $who = nobody ] || continue
	status "$who: a program's status is ours" 7 as $who "$seccomp" -p none -- sh -c 'exit 7'
	status "$who: a call that fails" 1 as $who "$seccomp" --errno mkdir=EXDEV,mkdirat=EXDEV -- \
		mkdir "$T/no"
	like "$who: as it was told to" "$err" '*cross-device link'
	status "$who: a call that kills" 159 as $who \
		sh -c '"$@"' sh "$seccomp" --kill uname -- uname
	status "$who: a policy from a file" 1 as $who "$seccomp" -f "$T/only.policy" -- \
		mkdir "$T/no"
	like "$who: says what the file says" "$err" '*ermission denied'
	run as $who "$seccomp" -p none -- grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status
	is "$who: no_new_privs and a filter" "$out" "NoNewPrivs:	1
Seccomp:	2"
done

# each FILE is also - or @N
run sh -c '"$1" -f - -- mkdir "$2/no" <"$2/only.policy"' sh "$seccomp" "$T"
like "a policy from standard input" "$err" '*ermission denied'
run sh -c '"$1" -f @9 -- mkdir "$2/no" 9<"$2/only.policy"' sh "$seccomp" "$T"
like "a policy from a descriptor" "$err" '*ermission denied'
status "it compiles" 0 "$seccomp" compile -f "$T/only.policy" -o "$T/only.bpf"
run sh -c '"$1" -b @9 -- mkdir "$2/no" 9<"$2/only.bpf"' sh "$seccomp" "$T"
like "a compiled one from a descriptor" "$err" '*ermission denied'
for level in 0 1 2; do
	status "level $level" 1 "$seccomp" -O $level -f "$T/only.policy" -- mkdir "$T/no"
done

# several are one filter, in which the strictest counts
# shellcheck disable=SC2016 # for the inner shell
run "$seccomp" --errno mkdir=EXDEV -f "$T/only.policy" -b "$T/only.bpf" --kill uname -- \
	sh -c 'mkdir "$1/no"; grep Seccomp_filters /proc/self/status' sh "$T"
is "several policies are one filter" "$out" "Seccomp_filters:	1"
status "of which each counts" 159 \
	sh -c '"$@"' sh "$seccomp" --kill uname -f "$T/only.policy" -- uname
status "and the other" 1 "$seccomp" --kill uname -f "$T/only.policy" -- mkdir "$T/no"

# filters add up
status "a filter in a filter" 1 "$seccomp" --errno rmdir=EPERM -- "$seccomp" -p none -- \
	rmdir "$T/bin"

# this kernel made to look old, for other programs of ours
status "an old kernel" 125 "$seccomp" --errno mount_setattr=ENOSYS -- "$ns" -- true
like "which is told" "$err" '*mount_setattr*'

# descriptors, environment, directory
run sh -c 'exec 5<"$2" 6<"$2"; "$1" -p none --keep-fd 6 -- ls /proc/self/fd' \
	sh "$seccomp" "$T/only.bpf"
is "descriptors are those that were named" "$(echo "$out" | tr '\n' ' ')" "0 1 2 3 6 "
run env SBX_REPORT_FD=9 A=b "$seccomp" -p none -- env 9>"$T/events"
like "the environment passes" "$out" '*A=b*'
case $out in
*SBX_REPORT_FD*) fail "but for our own" "$out" ;;
*) pass "but for our own" ;;
esac
like "an event" "$(cat "$T/events")" \
	'{"v":1,"tool":"sbx-seccomp","event":"enforced","restrictions":[[]{"name":"seccomp",*'
run "$seccomp" -p none --report 9 -- sh -c 'echo forged >&9' 9>"$T/events"
case $(cat "$T/events") in
*forged*) fail "the report is not the program's" ;;
*) pass "the report is not the program's" ;;
esac
run "$seccomp" -p none --receipt -- true
like "a receipt" "$err" 'receipt
  seccomp * enforced *instructions, proved*'

# PATH
mkdir "$T/a" "$T/b"
printf '#!/bin/sh\necho a\n' >"$T/a/program"
printf '#!/bin/sh\necho b\n' >"$T/b/program"
chmod 644 "$T/a/program"
chmod 755 "$T/b/program"
run env PATH="$T/a:$T/b:$PATH" "$seccomp" -p none -- program
is "the first that can be executed" "$out" b
status "found, but not executable" 126 env PATH="$T/a" "$seccomp" -p none -- program
is "is told" "$err" 'sbx-seccomp: cannot execute "program": Permission denied'
status "not found" 127 "$seccomp" -p none -- no-such-program
is "is told too" "$err" 'sbx-seccomp: cannot execute "no-such-program": No such file or directory'
status "an empty name" 127 "$seccomp" -p none -- ''
printf '#!/no/such/interpreter\n' >"$T/a/script"
chmod 755 "$T/a/script"
status "no interpreter" 126 "$seccomp" -p none -- "$T/a/script"
run "$seccomp" -p none --report 9 -- "$T/a/script" 9>"$T/events"
like "an end for the report" "$(tail -n 1 "$T/events")" '*"event":"ended","stage":"exec"*ENOENT*'
# what the filter says to a look at the file does not matter
status "a name in the second directory of PATH" 0 env PATH="$T/a:/bin:/usr/bin" \
	"$seccomp" --kill access,faccessat,faccessat2 -- busybox true

# flags, those of a profile too
flags()
{
	run strace -o "$T/trace" -e seccomp "$seccomp" "$@" -- true
	sed -n 's/^seccomp(SECCOMP_SET_MODE_FILTER, \([^,]*\), .*/\1/p' "$T/trace"
}
is "no flags" "$(flags -p none)" 0
is "flags" "$(flags -p none --tsync --log --spec-allow)" \
	"SECCOMP_FILTER_FLAG_TSYNC|SECCOMP_FILTER_FLAG_LOG|SECCOMP_FILTER_FLAG_SPEC_ALLOW"
echo '{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"],
	"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}' >"$T/log.json"
is "flags of a profile" "$(flags -f "$T/log.json")" SECCOMP_FILTER_FLAG_LOG
is "and of one of several" "$(flags -f "$T/log.json" -p none --spec-allow)" \
	"SECCOMP_FILTER_FLAG_LOG|SECCOMP_FILTER_FLAG_SPEC_ALLOW"

# a word is a program unless it is the first
status "a program that is called as a subcommand" 127 env PATH="$T/a" "$seccomp" -p none -- stat
status "judged only" 0 "$seccomp" -p none --check -- no-such-program
run "$seccomp" -f "$T/only.policy" --plan
like "the plan is the policy" "$out" '*errno EACCES mkdir*instructions *'
is "and no directory was made" "$(find "$T" -name no)" ""

if [ "$(id -u)" = 0 ]; then
	run "$seccomp" -p none --allow-new-privs -- grep NoNewPrivs /proc/self/status
	is "root may do without no_new_privs" "$out" "NoNewPrivs:	0"
fi
status "nobody may not" 125 as_nobody "$seccomp" -p none --allow-new-privs -- true
like "and is told" "$err" '*needs CAP_SYS_ADMIN*'
# doubts are for audit to tell, a line at each run is none
printf 'default allow\nerrno EPERM mount\n' >"$T/doubtful"
run "$seccomp" audit -f "$T/doubtful"
like "audit has doubts" "$out" '*(dangerous-allowed)*'
run "$seccomp" -f "$T/doubtful" -- echo ran
is "a run tells of none" "$st:$out:$err" 0:ran:
finish
