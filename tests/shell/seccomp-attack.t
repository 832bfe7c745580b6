#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# sbx-seccomp in the hands of somebody who means it ill: input of every kind, programs that reach
# for their supervisor or leave calls behind, and ends at every moment.
. tests/shell/lib.sh
need_root
chmod 777 "$T"

attackers
hostile=$T/bin/hostile
echo 'default allow
notify getuid' >"$T/numbers"
printf '\177ELF and no more' >"$T/bin/broken"
chmod 755 "$T/bin/broken"

left()
{
	ps -eo stat=,pid=,args= | awk -v t="$T/bin/" '$1 !~ /^Z/ && index($3, t) == 1'
}
none_left()
{
	[ -z "$(left)" ]
}

# ---- input ---------------------------------------------------------------------------------------

: >"$T/empty"
head -c 100000 /dev/urandom >"$T/random"
head -c 20000000 /dev/zero >"$T/zeros"
"$seccomp" compile -p none -o "$T/whole"
head -c 5 "$T/whole" >"$T/cut"
for file in "$T/empty" "$T/random" "$T/zeros" "$T/cut" "$T" "$T/missing" /dev/zero /proc/self/mem \
	@9 @-1 @ @99999999999999999999 @1024 ''; do
	for option in -f -b; do
		run timeout 20 strace -f -o "$T/trace" -e trace=seccomp,execve \
			"$seccomp" $option "$file" -- true
		is "$option '$file': refused in one line" "$st $(echo "$err" | wc -l)" "125 1"
		is "$option '$file': nothing applied, nothing executed" \
			"$(grep -Ec 'seccomp\(|execve' "$T/trace")" 1
	done
	status "diff of '$file'" 125 timeout 20 "$seccomp" diff none "$file"
done
status "standard input for two" 125 sh -c 'printf "default allow\n" | "$@"' sh \
	"$seccomp" -f - -f - -- true
status "a descriptor for two" 125 sh -c '"$@" 9<"$0"' "$T/numbers" "$seccomp" -f @9 -f @9 -- true
for to in compile 'stat' 'convert --to policy'; do
	# shellcheck disable=SC2086 # words
	status "$to: a full device" 125 sh -c '"$@" >/dev/full' sh "$seccomp" $to -p strict
	# shellcheck disable=SC2086 # words
	status "$to: no standard output" 125 sh -c '"$@" >&-' sh "$seccomp" $to -p strict
done
status "-o: a full device" 125 "$seccomp" compile -p strict -o /dev/full
run sh -c '"$@" 0>&- 1>&- 2>&-' sh "$seccomp" -p none -- sh -c '[ ! -e /proc/self/fd/9 ]'
is "closed streams" "$st" 0
run "$seccomp" explain -p none read fd=1 fd=1
is "an argument twice" "$st:$err" "125:sbx-seccomp: argument 0 is there already"

# A descriptor is for the report as well as for the policy.
run python3 -c '
import os, socket, subprocess, sys
ours, theirs = socket.socketpair()
ours.sendall(b"default allow\nerrno EPERM mkdir mkdirat\n")
ours.shutdown(socket.SHUT_WR)
os.set_inheritable(theirs.fileno(), True)
n = str(theirs.fileno())
p = subprocess.run([sys.argv[1], "-f", "@" + n, "--report", n, "--", "true"], close_fds=False,
    stderr=subprocess.DEVNULL)
theirs.close()
print(p.returncode, ours.recv(4096).count(b"enforced"))' "$seccomp"
is "a policy and the report on one descriptor" "$out" "0 2"

# ---- applied, but to nobody's good ---------------------------------------------------------------

case $(uname -m) in
aarch64) other=x86_64 ;;
*) other=aarch64 ;;
esac
run "$seccomp" -p default --arch $other --arch riscv64 -- true
is "a filter for other machines" "$st:$err" \
	"125:sbx-seccomp: --arch: the program runs on $(uname -m), which is none of them"
for calls in exit_group exit,exit_group; do
	run timeout -s KILL 10 "$seccomp" --errno "$(echo "$calls" | sed 's/,/=EPERM,/')=EPERM" -- \
		"$T/bin/broken"
	like "no exec, and no exit by $calls" "$err" '*broken*Exec format error*'
	is "it has ended all the same" "$([ $st != 137 ] && echo yes)" yes
done
run "$seccomp" learn -o "$T/no/where" --report 9 -- "$hostile" exit 9>"$T/events"
is "a policy that cannot be written" "$st:$(grep -c '"ended"' "$T/events")" "125:1"
like "the end says why" "$(cat "$T/events")" '*"cause":"exit","status":6,"error":"*cannot write it*'

# ---- filters around us ---------------------------------------------------------------------------

for who in root nobody; do
	status "$who: learn under the default filter" 6 as $who "$seccomp" -p default -- \
		"$seccomp" learn -o "$T/learned.$who" -- "$hostile" exit
	for error in ENOSYS EPERM; do
		status "$who: faccessat2 gives $error" 6 as $who \
			"$seccomp" --errno faccessat2=$error -- \
			"$seccomp" -p default -- "$hostile" exit
		status "$who: and for a name that is not there" 127 as $who \
			env PATH=/usr/bin:/bin "$seccomp" --errno faccessat2=$error -- \
			"$seccomp" -p default -- no-such-name
	done
	for call in seccomp prctl close_range capget uname mmap; do
		run as $who "$seccomp" --errno $call=ENOSYS -- "$seccomp" -p none -- "$hostile" exit
		is "$who: without $call nothing runs" \
			"$st $(echo "$err" | grep -c '^sbx-seccomp: ')" "125 1"
	done
	for call in seccomp prctl close_range clone ioctl pidfd_open signalfd4 rt_sigprocmask \
		wait4; do
		run as $who timeout 10 "$seccomp" --errno $call=ENOSYS -- \
			"$seccomp" learn -o "$T/learned.$who" -- "$hostile" exit
		is "$who: learn without $call" \
			"$st $(echo "$err" | grep -c '^sbx-seccomp: ')" "125 1"
	done
	run as $who "$seccomp" learn -o "$T/learned.$who" -- \
		"$seccomp" learn -o "$T/learned" -- true
	like "$who: learn in learn" "$st:$err" '125:*already has a listener*'
done

# ---- programs and their supervisor ---------------------------------------------------------------

# decided HOW COMMAND...: with the filter that asks about getuid.
decided()
{
	decided_how=$1
	shift
	run timeout -s KILL 30 python3 tests/seccomp/decide.py "$decided_how" "$T/asked" "$@"
}
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
supervised="$seccomp supervise -f $T/numbers --requests FD --"
# shellcheck disable=SC2086 # words
{
	decided none $nobody $supervised "$hostile" reach
	is "no way into the supervisor" "$st:$out" "0:own 0, ways 0"
	run as nobody "$seccomp" learn -o "$T/learned.nobody" -- "$hostile" reach
	is "nor into who learns" "$st:$out" "0:own 0, ways 0"
	run as nobody sh -c '"$1" reach; exit' sh "$hostile"
	is "planted: who can be traced has ways in" $st 1
	for how in none '{"allow":true}' close kill; do
		case $how in
		kill) exit=137 exec=137 ;;
		close) exit=125 exec=125 ;;
		*) exit=5 exec=6 ;;
		esac
		decided "$how" $supervised "$hostile" thread-exit
		is "$how: an exit while a thread waits" $st $exit
		decided "$how" $supervised "$hostile" thread-exec
		is "$how: an exec while a thread waits" $st $exec
	done
	decided none $supervised "$hostile" bomb
	is "six hundred that wait" $st 7
	is "none of them is left" "$(left)" ""
	decided none $nobody $supervised "$hostile" bomb
	is "as nobody" $st 7
	is "none is left either" "$(left)" ""
}

for option in requests answers; do
	[ $option = answers ] && other=--requests || other=--answers
	run "$seccomp" supervise -f "$T/numbers" "$other" 8 "--$option" 9 --report 9 -- true \
		8<>/dev/null 9<>/dev/null
	like "$option: a report is no request" "$st:$err" \
		"125:*--$option: that is the report descriptor"
done

# ---- ends at every moment ------------------------------------------------------------------------

# What comes of being killed is said by others; that it ends at once, and nobody is left, by this.
ended()
{
	ended_title=$1 ended_want=$2 ended_signal=$3
	shift 3
	rm -f "$T/never"
	# shellcheck disable=SC2094 # both ends are one device
	run timeout -k 1 200 python3 tests/seccomp/ends.py "$ended_signal" 30 "$seccomp" "$@" -- \
		"$hostile" wait 9<>/dev/null
	like "$ended_title: by SIG$ended_signal" " $out " "$ended_want"
	until_true none_left
	is "$ended_title: nobody is left" "$(left)" ""
}
for signal in KILL:9:137 TERM:15:143 SEGV:11:139 HUP:1:129; do
	name=${signal%%:*} codes=${signal#*:}
	own=" -${codes%:*} "
	for mode in supervise learn apply; do
		want="$own"
		case $mode in
		supervise) set -- supervise -f "$T/numbers" --requests 9 ;;
		learn) set -- learn -o "$T/never" ;;
		apply) set -- -p default ;;
		esac
		# before it watches, it ends by the signal itself; then it passes on what can be
		case $mode:$name in
		apply:* | *:KILL | *:SEGV) ;;
		*) want=" *${codes#*:} " ;;
		esac
		ended "$mode" "$want" "$name" "$@"
		[ "$name" != KILL ] ||
			is "$mode: no policy of a run that was not seen to its end" \
				"$(cat "$T/never" 2>/dev/null)" ""
	done
done

# ---- dump ----------------------------------------------------------------------------------------

refused_dump()
{
	dump_title=$1
	shift
	run timeout 10 "$seccomp" dump "$@"
	is "dump of $dump_title" "$st $(echo "$err" | grep -c '^sbx-seccomp: ')" "125 1"
}
for pid in 1 2 0 abc 4194304 99999999999 $$ ''; do
	refused_dump "'$pid'" "$pid"
done
sh -c 'sh -c : & exec sleep 20' &
sleeper=$!
zombie()
{
	pgrep -P $sleeper -r Z
}
until_true zombie
refused_dump "a zombie" "$(zombie)"
kill $sleeper
refused_dump "a filter of that number" $$ 99
finish
