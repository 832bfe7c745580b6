#!/bin/sh
# sbx-seccomp dump: what another process is under.
. tests/shell/lib.sh
need_root

echo 'default allow
errno EACCES chroot' >"$T/one"
echo 'default allow
errno EPERM mount' >"$T/two"
run "$seccomp" compile -f "$T/one" -o "$T/one.bpf"
run "$seccomp" compile -f "$T/two" -o "$T/two.bpf"
# The caller has to be under no filter itself: some containers give us one.
if ! grep -q '^Seccomp:.0' /proc/self/status; then
	skip "dump" "we are under a filter"
	finish
	exit
fi

start root "$seccomp" -f "$T/one" -- sleep 100
first=$started
start root "$seccomp" -f "$T/one" -- "$seccomp" -f "$T/two" -- sleep 100
second=$started
filtered()
{
	grep -q "^Seccomp_filters:.$2" "/proc/$1/status"
}
until_true filtered "$first" 1
until_true filtered "$second" 2

run "$seccomp" dump --to bpf -o "$T/got.bpf" "$first"
is "the bytes that were attached" "$st:$(cmp "$T/got.bpf" "$T/one.bpf" 2>&1)" "0:"
run "$seccomp" dump --to bpf -o "$T/got.bpf" "$second" 0
is "the first of two" "$st:$(cmp "$T/got.bpf" "$T/one.bpf" 2>&1)" "0:"
run "$seccomp" dump --to bpf -o "$T/got.bpf" "$second" 1
is "the second" "$st:$(cmp "$T/got.bpf" "$T/two.bpf" 2>&1)" "0:"
run "$seccomp" dump "$second"
like "which is to be said" "$st:$err" "125:sbx-seccomp: the process is under several filters*"
run "$seccomp" dump "$second" 2
like "no third" "$st:$err" "125:sbx-seccomp: the process has no filter of that number"
run "$seccomp" dump --asm "$first"
like "a listing" "$st:$out" "0:*ret*"
run "$seccomp" dump -o "$T/policy" "$first"
is "as a policy" $st 0
run "$seccomp" diff "$T/policy" "$T/one.bpf"
is "that means the same" $st 0

run "$seccomp" dump $$
like "under none" "$st:$err" "125:sbx-seccomp: the process is under no filter*"
run "$seccomp" -f "$T/one" -- "$seccomp" dump "$first"
like "not from under one" "$st:$err" "125:*CAP_SYS_ADMIN*Permission denied*"
run as_nobody "$seccomp" dump "$first"
like "not somebody else's" "$st:$err" "125:sbx-seccomp: ptrace: cannot look into the process*"
for word in 0 -1 x 99999999999 ''; do
	run "$seccomp" dump -- "$word"
	like "no process: '$word'" "$st:$err" "125:sbx-seccomp: \"$word\" is no process's number"
done
run "$seccomp" dump 4194304
like "nobody of that number" "$st:$err" "125:*No such process*"
run "$seccomp" dump
like "no number" "$st:$err" "125:*a process is due*"

# It goes on as if nothing had been: asleep, and not traced.
for pid in $first $second; do
	is "unharmed" "$(grep -Ec '^(State:.S|TracerPid:.0$)' "/proc/$pid/status")" 2
	kill "$pid"
	wait "$pid"
	is "and its end its own" $? 143
done
# one that is stopped stays so
start root "$seccomp" -f "$T/one" -- sleep 100
until_true filtered "$started" 1
kill -STOP "$started"
run "$seccomp" dump --to bpf -o "$T/got.bpf" "$started"
is "a stopped one" "$st:$(cmp "$T/got.bpf" "$T/one.bpf" 2>&1)" "0:"
stopped()
{
	grep -q '^State:.T' "/proc/$started/status"
}
until_true stopped
is "stays so" $? 0
kill -KILL "$started"
finish
