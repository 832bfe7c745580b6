#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# sbx-seccomp supervise: calls that somebody else decides.
. tests/shell/lib.sh
attackers

echo 'default allow
notify getuid
notify socket' >"$T/numbers"
echo 'default allow
notify write
notify sendmsg' >"$T/pointers"
echo 'default notify' >"$T/all"

# decided HOW OPTIONS CALLS: as decide.py has it; stdout in $out, requests in $asked.
decided()
{
	decided_how=$1 decided_options=$2
	shift 2
	# shellcheck disable=SC2086 # words
	run python3 tests/seccomp/decide.py "$decided_how" "$T/asked" "$seccomp" supervise \
		$decided_options -- "$@"
	asked=$(sed 's/"pid":[0-9]*/"pid":P/' "$T/asked")
}
one="-f $T/numbers --requests FD"
two="-f $T/numbers --requests OUT --answers IN"

# ---- decisions -----------------------------------------------------------------------------------

decided '{"allow":true}' "$one" "$T/bin/calls" gs
is "allowed: status" $st 7
is "allowed: what the calls come to" "$out" "getuid $(id -u)
socket 0"
case $(uname -m) in
aarch64) numbers='174 198' ;;
*) numbers='102 41' ;;
esac
asks="\"pid\":P,\"arch\":\"$(uname -m)\",\"nr\":"
is "what is asked" "$asked" \
	"{\"v\":1,\"id\":1,$asks${numbers% *},\"call\":\"getuid\",\"args\":[]}
{\"v\":1,\"id\":2,$asks${numbers#* },\"call\":\"socket\",\"args\":[1,1,0]}"
decided '{"errno":"EACCES"}; {"errno":38}' "$two" "$T/bin/calls" gs
is "refused, over two pipes" "$st:$out" "7:getuid -13
socket -38"
decided '{"value":4711}; {"allow":true}' "$one" "$T/bin/calls" gs
is "a value of his own" "$out" "getuid 4711
socket 0"
decided 'bytes {"value":3}' "$one" "$T/bin/calls" g
is "an answer in single bytes" "$out" "getuid 3"
decided 'later {"value":1}; {"value":2}' "$one" "$T/bin/calls" fgW
is "two that wait, answered in the other order" "$(echo "$out" | tr -dc '12\n' | sort)" "1
2"
decided '{"value":5}' "$one" "$T/bin/calls" ffffgggW
is "children are under it as well" "$(echo "$out" | grep -c ' 5$'):$st" "7:7"

# Calls that the supervisor makes itself, and those that hand over descriptors.
decided '{"errno":"EIO"}' "-f $T/pointers --audit-only --requests FD" "$T/bin/calls" wm
is "write and sendmsg" "$out" "write -5
sendmsg -5"
decided '{"allow":true}' "-f $T/all --audit-only --requests FD" "$T/bin/calls" gw
is "every call, the exec first" "$st:$out" "7:getuid $(id -u)
write 0"
like "the exec is asked about" "$asked" '*"call":"execve"*"call":"exit_group"*'

# ---- no decision ---------------------------------------------------------------------------------

for how in close 'raw rubbish' 'raw {"id":7,"allow":true}' 'raw {"id":1}' \
	'raw {"id":1,"allow":false}' 'raw {"id":1,"errno":"ENOTHING"}'; do
	decided "$how" "$one" "$T/bin/calls" gs
	is "$how: the calls fail" "$out" "getuid -1
socket -1"
	is "$how: status" $st 125
	like "$how: it is told" "$err" "sbx-seccomp: *; calls that were to be decided failed"
done
decided '{"allow":true}; close' "$one" "$T/bin/calls" gs
is "gone after the first answer" "$st:$out" "125:getuid $(id -u)
socket -1"
decided close "$one" "$T/bin/calls" ''
is "gone, and nobody asked" "$st:$out" "7:"
decided none "$one --timeout 200ms" "$T/bin/calls" gs
is "no answer in time is a refusal, and no fault" "$st:$out" "7:getuid -1
socket -1"
title="no answer at all keeps nobody from ending"
rm "$T/asked"
start root python3 tests/seccomp/decide.py none "$T/asked" "$seccomp" supervise -f "$T/numbers" \
	--requests FD -- "$T/bin/calls" fZ >"$T/said"
decider=$started
has_asked()
{
	grep -q getuid "$T/asked"
}
until_true has_asked
pid=$(pgrep -P "$decider" -f supervise)
kill -TERM "$pid"
wait "$decider"
is "$title" $? 143
gone()
{
	! pgrep -f "^$T/bin/calls" >/dev/null
}
until_true gone
is "and nobody is left" "$(pgrep -f "^$T/bin/calls")" ""

# ---- who asked has ended -------------------------------------------------------------------------

decided kill "$one" "$T/bin/calls" fWz
is "a call of a process that has ended is no call that failed" $st 7
decided 'held {"allow":true}' "$one" "$T/bin/calls" g
is "an answer when nobody is under the filter any more" $st 137
decided 'held {"allow":true}' "$one --timeout 100ms" "$T/bin/calls" g
is "a refusal that is due when nobody is" $st 137

# ---- how it ends ---------------------------------------------------------------------------------

title="a supervisor that is killed: its program goes with it"
rm "$T/asked"
start root python3 tests/seccomp/decide.py none "$T/asked" "$seccomp" supervise -f "$T/numbers" \
	--requests FD -- "$T/bin/calls" gZ >"$T/said"
decider=$started
until_true has_asked
kill -KILL "$(pgrep -P "$decider" -f supervise)"
wait "$decider"
is "$title" $? 137
until_true gone
is "and nobody is left that has its filter" "$(pgrep -f "^$T/bin/calls")" ""
decided '{"value":5}' "$one" "$T/bin/calls" bZ
is "what a program leaves behind is ended" "$st:$(pgrep -f "^$T/bin/calls")" "9:"
decided '{"allow":true}' "$one" sh -c 'kill -9 $$'
is "killed by a signal" $st 137
decided '{"allow":true}' "$one" "$T/nothing"
is "not there" $st 127
decided '{"allow":true}' "$one" "$T/numbers"
is "not to be executed" $st 126
decided '{"allow":true}' "$one" ls /proc/self/fd
is "the program has none of our descriptors" "$(echo "$out" | sort -n | head -3 | tr '\n' ' ')$(
	echo "$out" | wc -l)" "0 1 2 4"

# ---- refused -------------------------------------------------------------------------------------

refused()
{
	refused_title=$1 refused_like=$2
	shift 2
	run "$seccomp" supervise "$@" -- "$T/bin/calls" g 9>/dev/null
	like "$refused_title" "$st:$out:$err" "125::sbx-seccomp: $refused_like"
}
refused "a pointer is no decision" "$T/pointers:3:1: a supervisor is asked about sendmsg *" \
	-f "$T/pointers" --requests 9
refused "all calls neither" "$T/all:*" -f "$T/all" --requests 9
refused "no descriptor" "*--requests N is due*" -f "$T/numbers"
refused "one that is not open" "*--requests: that descriptor is not open*" -f "$T/numbers" \
	--requests 77
refused "the program's own" "*" -f "$T/numbers" --requests 9 --keep-fd 9
refused "standard output" "*" -f "$T/numbers" --requests 1
refused "no policy" "*no policy*" --requests 9
run "$seccomp" supervise -f "$T/numbers" --requests 9 9>/dev/null
like "no program" "$st:$err" "125:*no program to execute*"
status "--check" 0 "$seccomp" supervise -f "$T/numbers" --requests 9 --check 9>/dev/null
finish
