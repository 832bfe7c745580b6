#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# sbx-seccomp learn: the policy that a run makes.
. tests/shell/lib.sh
need_root

# learned COMMAND...: its policy in $T/policy.
learned()
{
	rm -f "$T/policy"
	run "$seccomp" learn -o "$T/policy" -- "$@"
}

learned busybox ls /
is "its own output and status" "$st:$out" "0:$(busybox ls /)"
like "a policy" "$(cat "$T/policy")" "default errno EPERM
*allow execve # once
*allow write #*"
run "$seccomp" -f "$T/policy" -- busybox ls /
is "under it the program runs again" "$st:$out" "0:$(busybox ls /)"
run "$seccomp" -f "$T/policy" -- busybox nc 127.0.0.1 9
like "and has no socket" "$st:$err" "1:*socket: Operation not permitted"

# What one value of an argument was seen of is allowed with that alone.
sockets='import socket, sys
for f in sys.argv[1:]:
    try:
        socket.socket(getattr(socket, f), socket.SOCK_DGRAM).close()
        print(f)
    except PermissionError:
        print("no", f)'
learned python3 -c "$sockets" AF_UNIX
like "a socket of one family" "$(grep socket "$T/policy")" "allow socket family in {AF_UNIX} #*"
run "$seccomp" -f "$T/policy" -- python3 -c "$sockets" AF_UNIX AF_INET
is "is not one of another" "$out" "AF_UNIX
no AF_INET"

# The whole tree, and calls that wait or end it.
learned sh -c 'sleep 0.1 & (exit 3) | cat; wait; kill -TERM $$'
is "a tree; the status is the program's" $st 143
like "all of it is seen" "$(cat "$T/policy")" "*allow execve # [3-9] times*"
run "$seccomp" -f "$T/policy" -- sh -c 'sleep 0.1 & (exit 3) | cat; wait; kill -TERM $$'
is "and runs again" $st 143

learned sh -c 'exit 42'
is "a status" "$st:$(grep -c '^default' "$T/policy")" "42:1"
learned "$T/nothing"
[ -e "$T/policy" ]
is "what does not run makes no policy" "$st:$?" "127:1"
run "$seccomp" learn -- sh -c 'echo said'
like "on standard output, at the end" "$st:$out" "0:said
default errno EPERM
*"
run "$seccomp" learn --report 9 -o "$T/policy" -- sh -c 'exit 5' 9>"$T/report"
like "the report tells its end" "$(cat "$T/report")" '*"event":"ended",*"cause":"exit","status":5,*'
run as_nobody "$seccomp" learn -- sh -c 'sleep 77.7 & sleep 0.1; echo said'
like "as anybody" "$st:$out" "0:said
default errno EPERM
*"
is "what the program leaves behind is ended" "$(pgrep -f 'sleep 77\.7')" ""
run "$seccomp" learn -o "$T/no/where" -- true
like "a file that cannot be written" "$st:$err" "125:sbx-seccomp: $T/no/where: *"
run "$seccomp" learn
like "no program" "$st:$err" "125:*no program to execute*"
status "what a learned one does not take" 125 "$seccomp" learn -p default -- true
# one filter may ask, the first
echo 'default allow
notify getuid' >"$T/numbers"
run python3 tests/seccomp/decide.py '{"allow":true}' "$T/asked" "$seccomp" supervise \
	-f "$T/numbers" --requests FD -- "$seccomp" learn -- true
like "not under another that asks" "$st:$err" "125:sbx-seccomp: seccomp: *already has a listener*"
finish
