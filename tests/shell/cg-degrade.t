#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Limits without controllers, where that was agreed to: what takes their place, and what is said of
# it.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
for name in memory cpu pids; do
	if has_controller $name; then
		skip "${0##*/}" "this machine has the controller $name"
		finish
		exit
	fi
done

status "without agreement nothing is run" 125 "$cg" run --parent "$parent" -m 64M -- touch "$T/run"
is "nothing at all" "$(ls "$T/run" 2>/dev/null)" ""
status "agreement to another limit does not count" 125 "$cg" run --parent "$parent" -m 64M -p 9 \
	--degrade pids -- true
told -m 64M --degrade memory -- sh -c 'ulimit -v; exit 3'
is "memory: the address space of each process" "$st:$out" "3:65536"
like "which the receipt calls what it is" "$report" \
	'*"requested":"needed","mechanism":"*RLIMIT_AS*","state":"best-effort"*'
told -m 64M --degrade memory -t 20s -- python3 -c 'b = bytearray(200 << 20)'
is "more is not to be had" "$st" 1
told -m 64M --degrade memory -t 20s -- sh -c '
	for i in 1 2 3 4 5; do python3 -c "
import time
b = bytearray(b\"x\") * (30 << 20)
time.sleep(60)" & done; wait'
like "nor by several together, which are looked at" "$st:$ended" \
	'137:*"cause":"killed"*"limit":"memory"*"sampled_peak":*'
told -c 0.5 --degrade cpu -t 4s -- sh -c 'ulimit -t'
is "processor time: the part of the time" "$st:$out" "0:2"
told --cpu-time 300ms --grace 100ms --degrade cpu -- sh -c 'while :; do :; done'
like "where a group can be made its time is known, and limited as ever" "$st:$ended" \
	'124:*"cause":"timeout"*'
run unshare --mount sh -c 'mount --make-rprivate / && umount "$0" && exec "$@"' "$top" \
	"$cg" run --cpu-time 3s --degrade cpu -- sh -c 'ulimit -t'
is "else each process has a limit" "$st:$out" "0:3"
status "a share alone cannot be had" 125 "$cg" run --parent "$parent" -c 0.5 --degrade cpu -- true
told -p 9 --degrade pids -- true
like "root's processes cannot be limited so" "$st:$err" '125:sbx-cg: *'
chmod 755 "$T"
nobody()
{
	run as_nobody "$cg" run --report 9 "$@" 9>"$T/report"
	report=$(cat "$T/report")
}
nobody -p 50 --degrade pids -- sh -c 'ulimit -u || ulimit -p'
is "an ordinary user's can" "$st:$out" "0:50"
like "and that is told" "$report" '*RLIMIT_NPROC*"state":"best-effort"*'
nobody -m 64M -p 50 -c 1 -t 5s --degrade memory,cpu,pids -- sh -c 'ulimit -v'
is "all of them" "$st:$out" "0:65536"
empty "in the end"
finish
