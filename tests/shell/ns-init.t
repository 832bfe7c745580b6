#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# The first process of a box: it reaps, passes signals on, and is all there is beside the payload.
. tests/shell/lib.sh
need_root
attackers

# ---- orphans -------------------------------------------------------------------------------------

zombies='for i in 1 2 3 4 5 6 7 8 9 10; do (/bin/true & /bin/true &) ; done
cd /proc
i=0
while set -- [0-9]* && [ $# -gt 2 ] && [ $i -lt 250 ]; do
	i=$((i + 1))
	sleep 0.02
	wait
done
echo $#'
for who in root nobody; do
	# init and the shell
	run as $who "$ns" --proc -- /bin/sh -c "$zombies"
	is "$who: orphans are reaped" "$out" 2
	run as $who "$ns" --proc --no-init -- /bin/sh -c 'exec /usr/bin/python3 -c "
import os
child = os.fork()
if child == 0:
	if os.fork() == 0:
		os._exit(0)
	os._exit(0)
os.waitpid(child, 0)
import time
for i in range(200):
	state = [open(\"/proc/%s/status\" % p).read() for p in os.listdir(\"/proc\") if p.isdigit()]
	if len(state) == 2 and any(\"State:	Z\" in s for s in state):
		print(\"zombie\")
		break
	time.sleep(0.02)
"'
	is "planted: $who: --no-init leaves that to the payload" "$out" zombie
	run as $who "$ns" --proc -- /bin/sh -c 'echo $$ $PPID; tr "\0" " " </proc/1/cmdline' word
	is "$who: init is the payload's parent, and shows the caller's words" "$out" \
		"2 1
$ns --proc -- /bin/sh -c echo \$\$ \$PPID; tr \"\\0\" \" \" </proc/1/cmdline word "
done

# ---- signals -------------------------------------------------------------------------------------

# box WHO SCRIPT [OPTION...]: in the background, once it said "ready".
box()
{
	box_who=$1 box_script=$2
	shift 2
	# what a shell starts in the background has these ignored
	start "$box_who" env --default-signal=INT,QUIT "$ns" "$@" -- /bin/sh -c "$box_script" \
		>"$T/said" 2>&1
	until_true grep -q ready "$T/said"
}

catch='for s in HUP INT QUIT USR1 USR2 ALRM WINCH TERM; do trap "echo $s" $s; done
echo ready; i=0; while [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done'
for who in root nobody; do
	for options in '' --no-init '--pid inherit' --new-session; do
		# shellcheck disable=SC2086
		box $who "$catch" $options
		for sig in HUP INT QUIT USR1 USR2 ALRM WINCH TERM; do
			kill -$sig "$started"
			until_true grep -q "^$sig$" "$T/said"
		done
		is "$who${options:+, $options}: signals reach the payload, once each" \
			"$(tr '\n' ' ' <"$T/said")" "ready HUP INT QUIT USR1 USR2 ALRM WINCH TERM "
		kill -KILL "$started"
		wait "$started" 2>/dev/null
		is "$who${options:+, $options}: and KILL ends the box" $? 137
	done
	for sig in 1 2 3 10 12 14 15; do
		box $who 'ulimit -c 0; echo ready; exec sleep 600'
		kill -$sig "$started"
		wait "$started" 2>/dev/null
		is "$who: signal $sig ends a payload that does not mind it" $? $((128 + sig))
	done
	# from inside: only who may signal the payload anyway gets init to do it
	run as $who "$ns" -- /bin/sh -c \
		'trap "echo got it" USR1; kill -USR1 1; kill -TERM 1; kill -INT 1
		sleep 0.2; echo alive'
	is "$who: signals from within to init do nothing" "$out" alive
	run as $who /usr/bin/python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGTERM])
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.umask(0o27)
os.nice(3)
os.execv(sys.argv[1], sys.argv[1:])' "$ns" --proc -- /usr/bin/python3 -c '
import os
print([l.split()[1] for l in open("/proc/self/status") if l[:6] in ("SigBlk", "SigIgn")],
      oct(os.umask(0)), os.nice(0))'
	# Python itself ignores two more
	is "$who: mask, ignored signals, umask and priority are the caller's" "$out" \
		"['0000000000004800', '0000000001001002'] 0o27 $(($(nice) + 3))"
done

# ---- the payload's end is the box's --------------------------------------------------------------

for who in root nobody; do
	run timeout 10 setpriv "$ns" -- /bin/sh -c 'sleep 600 & exit 5'
	is "$who: what it leaves running ends" "$st" 5
	run as $who "$ns" -- /bin/sh -c 'exec sleep 0.1'
	is "$who: an exec of its own is no end" "$st" 0
done

# ---- sessions ------------------------------------------------------------------------------------

ids='import os
print(os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid())'
for who in root nobody; do
	for options in '' --no-init; do
		# shellcheck disable=SC2086
		run as $who "$ns" $options --new-session -- /usr/bin/python3 -c "$ids"
		is "$who${options:+, $options}: --new-session" "$out" "True True"
	done
	run as $who "$ns" -- /usr/bin/python3 -c "$ids"
	is "$who: without it session and group are the caller's" "$out" "False False"
done
finish
