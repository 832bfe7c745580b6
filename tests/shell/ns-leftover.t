#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# However a run ends, nothing of it stays: processes, mounts, control groups, files, descriptors.
. tests/shell/lib.sh
need_root
attackers

groups()
{
	grep -E ' cgroup2 ' /proc/self/mountinfo | cut -d ' ' -f 5 | while read -r top; do
		find "$top" -maxdepth 4 -type d -name 'sbx.*'
	done
}
# Groups are named for the PID of who made them; only those of our own boxes are asked for.
own_groups()
{
	groups | grep -E "/sbx\.($(echo "$monitors" | tr -s ' ' '|'))\." || true
}
# Processes of these tests that are no zombies: PID 1 may take its time with them.
processes()
{
	ps -eo stat=,pid=,args= | awk -v t="$T/bin/" -v me=$$ '
		$1 !~ /^Z/ && $2 != me && index($3, t) == 1 { print }'
}
mountinfo()
{
	cut -d ' ' -f 3- /proc/self/mountinfo
}
tree()
{
	find "$T/h" /dev/shm -maxdepth 2 | sort
}
descriptors()
{
	ls "/proc/$$/fd"
}

mkdir "$T/h"
echo file >"$T/h/file"
chmod -R a+rwX "$T/h"
# Everything that could be left.
left()
{
	processes
	mountinfo
	tree
	own_groups
	descriptors
}

monitors=none
before=$(left)

none_running()
{
	[ -z "$(processes)" ]
}
# nothing TITLE: all is as it was.
nothing()
{
	until_true none_running
	is "$1: nothing is left" "$(left)" "$before"
}

# box WHO OPTIONS SCRIPT: in the background, once it said "ready"; $started is the monitor.
box()
{
	: >"$T/said"
	# shellcheck disable=SC2086 # a list
	start "$1" "$ns" $2 -- /bin/sh -c "$3" sh "$T/bin/processes" >"$T/said" 2>&1
	monitors="$monitors $started"
	until_true grep -q ready "$T/said"
}
# The first process of the box, as the host sees it.
first()
{
	tr ' ' '\n' <"/proc/$1/task/$1/children" | while read -r child; do
		[ "$(readlink "/proc/$child/ns/pid")" = "$(readlink "/proc/$1/ns/pid")" ] ||
			echo "$child"
	done
}
# The guard of its control group: the one that has a session but no program of its own.
guard()
{
	tr ' ' '\n' <"/proc/$1/task/$1/children" | while read -r child; do
		[ "$(readlink "/proc/$child/exe")" != "$T/bin/sbx-ns" ] || echo "$child"
	done
}

stay='"$1" scatter 5; echo ready; exec sleep 600'
all='--tmp /mnt --bind /etc /mnt/etc --rw '"$T/h --hostname x --proc"

# ---- it ends by itself ---------------------------------------------------------------------------

for who in root nobody; do
	for options in '' "$all" --no-init '--pid inherit' '--user inherit --no-init'; do
		[ "$who$options" != 'nobody--user inherit --no-init' ] || continue
		# shellcheck disable=SC2086
		start $who "$ns" $options -- "$T/bin/processes" scatter 5
		monitors="$monitors $started"
		wait "$started"
		is "$who${options:+, $options}: success" $? 0
		# without privilege nothing but a PID namespace holds what left its session
		if [ "$who$options" = 'nobody--pid inherit' ]; then
			until_true none_running
			is "nobody, --pid inherit: nothing stays" "$(processes)" ""
			continue
		fi
		nothing "$who${options:+, $options}: success"
	done
	for failing in "--chdir /absent" "--rw $T/h --bind /etc $T/h/absent" "--tmp /absent" \
		"--tmp $T/h --bind /etc $T/h/a/b --chdir $T/h/c" "--ro /absent" \
		"--net /etc/passwd" "--no-init --chdir /absent" "--pid inherit --chdir /absent"; do
		# shellcheck disable=SC2086
		start $who "$ns" $failing -- "$T/bin/processes" scatter 5 2>"$T/said"
		monitors="$monitors $started"
		wait "$started"
		is "$who, $failing: fails" $? 125
		nothing "$who, $failing"
	done
	start $who "$ns" -- /absent 2>"$T/said"
	wait "$started"
	nothing "$who: absent program"
done

# ---- somebody is killed --------------------------------------------------------------------------

for who in root nobody; do
	for options in '' "$all" --outlive-parent; do
		box $who "$options" "$stay"
		kill -TERM "$started"
		wait "$started" 2>/dev/null
		is "$who${options:+, $options}: payload ended by TERM" $? 143
		nothing "$who${options:+, $options}: payload ended by TERM"

		box $who "$options" "$stay"
		kill -KILL "$started"
		wait "$started" 2>/dev/null
		nothing "$who${options:+, $options}: monitor killed"

		box $who "$options" "$stay"
		kill -KILL "$(first "$started")"
		wait "$started" 2>/dev/null
		is "$who${options:+, $options}: init killed" $? 137
		nothing "$who${options:+, $options}: init killed"
	done
done
# The payload's own PID, where there is no init: it printed that, or is the first.
payload()
{
	said_pid=$(sed -n 's/^ready //p' "$T/said")
	if [ "$said_pid" = 1 ]; then
		first "$1"
	else
		echo "$said_pid"
	fi
}
# Without an init the kernel ends nothing by itself; for root there is the control group.
for options in '--no-init' '--pid inherit' '--pid inherit --mount inherit --user inherit'; do
	box root "$options" "$stay"
	kill -KILL "$started"
	wait "$started" 2>/dev/null
	nothing "root, $options: monitor killed"
	box root "$options" '"$1" scatter 5; echo "ready $$"; exec sleep 600'
	kill -KILL "$(payload "$started")"
	wait "$started" 2>/dev/null
	is "root, $options: payload killed" $? 137
	nothing "root, $options: payload killed"
	box root "$options" '"$1" scatter 5; echo "ready $$"; exec sleep 600'
	guard=$(guard "$started")
	if [ -n "$guard" ]; then
		kill -KILL "$guard"
		# the kernel lets PID 1 have no TERM that it has no handler for
		kill -KILL "$(payload "$started")"
		wait "$started" 2>/dev/null
		is "root, $options: guard of the control group killed" $? 137
		nothing "root, $options: guard of the control group killed"
	else
		kill -KILL "$started"
		skip "root, $options: guard killed" "no control group of version 2 to write to"
	fi
done
box nobody --no-init 'echo ready; exec sleep 600'
kill -KILL "$started"
wait "$started" 2>/dev/null
nothing "nobody, --no-init: monitor killed"

# ---- the caller ends -----------------------------------------------------------------------------

# called WHO OPTIONS: a box whose caller is a shell of its own, $started.
called()
{
	: >"$T/said"
	start "$1" /bin/sh -c 'ns=$1 p=$2; shift 2; "$ns" "$@" -- /bin/sh -c "
		\"\$1\" scatter 5; echo ready; exec sleep 600" sh "$p" & echo "monitor $!"; wait' \
		sh "$ns" "$T/bin/processes" ${2:+"$2"} >"$T/said" 2>&1
	until_true grep -q ready "$T/said"
	monitor=$(sed -n 's/^monitor //p' "$T/said")
	monitors="$monitors $monitor"
}
for who in root nobody; do
	for options in '' --new-session --no-init; do
		[ "$who$options" != nobody--no-init ] || continue
		called $who "$options"
		kill -KILL "$started"
		wait "$started" 2>/dev/null
		nothing "$who${options:+, $options}: caller killed"
	done
	called $who --outlive-parent
	kill -KILL "$started"
	wait "$started" 2>/dev/null
	sleep 0.3
	[ "$(processes | wc -l)" -gt 2 ]
	is "$who: --outlive-parent stays" $? 0
	kill -TERM "$monitor"
	nothing "$who: --outlive-parent, then ended"
done
# A caller that is a thread: the box goes on when the thread ends, as long as the process lives.
run /usr/bin/python3 -c '
import subprocess, sys, threading, time
box = []
def begin():
	box.append(subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE))
t = threading.Thread(target=begin)
t.start()
t.join()
time.sleep(0.3)
box[0].stdin and box[0].stdin.close()
print(box[0].poll(), box[0].communicate()[0])' "$ns" -- /bin/sh -c 'sleep 0.5; echo alive'
is "a thread that ends is not the caller's end" "$out" "None b'alive\\n'"

# ---- what is shared with the caller --------------------------------------------------------------

run /usr/bin/python3 -c '
import fcntl, os, subprocess, sys
r, w = os.pipe()
before = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (r, w)]
subprocess.run(sys.argv[1:], stdin=r, stdout=w, stderr=w, pass_fds=(w,))
print(before == [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (r, w)])
print(os.read(r, 100))' "$ns" -- /bin/echo x
is "the mode of a stream is not changed" "$out" "True
b'x\\n'"
finish
