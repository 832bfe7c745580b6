#!/bin/sh
# exec, check, plan, list, schema: any command in a declared box, and the box as words.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

# without filters, whose link has to be found in the box: hook-seccomp.t has that
boxes="$boxes,
\"rich\":{\"level\":\"namespaced\",\"seccomp\":\"none\",\"network\":\"none\",\"mount_proc\":true,
 \"hostname\":\"box\",
 \"writable_paths\":[\"$T/side\",\"$T/it's a \\\"dir\\\"\"],\"readonly_paths\":[\"$T/side/ro\"],
 \"tmp_paths\":[\"/mnt:size=1M,mode=0700\"],\"chdir\":\"/usr\",
 \"env\":[\"A=b c\",\"HOME=/x'y\",\"PASSED\",\"NOT_SET\",\"E=\",\"Q=\$HOME\\n;*\"]},
\"plain\":{\"seccomp\":\"none\"},
\"bare-none\":{\"level\":\"none\",\"chdir\":\"/usr\",\"env\":[\"A=b c\",\"PASSED\"]},
\"session\":{\"level\":\"none\",\"new_session\":true},
\"proc\":{\"mount_proc\":true,\"seccomp\":\"none\"}"
mkdir "$T/it's a \"dir\"" "$T/side/ro"
chmod 777 "$T/it's a \"dir\"" "$T/side/ro"
declare_hook inventory rich "$provider,$quick,\"env\":[\"HOOK=1\"]" <<'END'
cat >/dev/null
END
declared
c=$T/c.json

# What a process can say of its box; what is only ever once (inode numbers, pids) is left out.
cat >"$T/inventory" <<'END'
id
/bin/pwd
env | sort
hostname
umask
grep -E '^(Cap|NoNew|Sig(Blk|Ign))' /proc/self/status
cut -d ' ' -f 5- /proc/self/mountinfo
cut -d : -f 1 /proc/net/dev
ls -1 / /dev /dev/pts /run "$1"
# env(1), which stands for level none, closes nothing
[ "$2" = none ] || ls -1 /proc/self/fd
cat /proc/self/uid_map /proc/self/gid_map
for ns in user mnt pid net ipc uts cgroup time; do
	[ "$(readlink /proc/self/ns/$ns)" = "$(eval echo "\$ns_$ns")" ] && echo "host's $ns"
done
read -r pid comm state ppid pgrp session rest </proc/self/stat
[ "$session" = "$ppid" ] && echo "leads a session"
touch "$1/written" 2>&1
touch "$1/ro/written" 2>&1
touch /usr/written 2>&1
exit 41
END

cat >"$T/xargs" <<'END'
exec xargs -0 -a "$1" sh -c '"$@" 9>&-; echo $? >&9' sh 9>"$2"
END

export PASSED='by the caller' SECRET=1
PATH=$T/bin:$PATH

# same TITLE COMMAND...: prints what exec printed, and ends like it.
same()
{
	same_title=$1
	shift
	rm -f "$T/side/written"
	run "$@"
	if [ "$st" = 41 ] && [ "$out" = "$want" ] && [ "$err" = "$want_err" ]; then
		pass "$same_title"
	else
		printf '%s\n' "$want" >"$T/.want"
		fail "$same_title" "status $st
$(diff "$T/.want" "$T/.out")
$err"
	fi
}

chains()
{
	rm -f "$T/side/written"
	level=''
	case $box in *none) level=none ;; esac
	run $as "$hook" exec -f "$c" --box "$box" -- sh "$T/inventory" "$T/side" $level
	is "$who: exec in $box ends with the command's status" "$st" 41
	want=$out want_err=$err
	run $as "$hook" plan -f "$c" --chain --box "$box" -- sh "$T/inventory" "$T/side" $level
	printf '%s\n' "$out" >"$T/chain"
	# shellcheck disable=SC2086
	same "$who: the chain of $box gives the same" $as sh "$T/chain"
	$as "$hook" plan -f "$c" --argv -0 --box "$box" -- sh "$T/inventory" "$T/side" $level \
		>"$T/words"
	: >"$T/.status"
	chmod 666 "$T/.status"
	same_by_words
}

# xargs has a status of its own: the payload's goes by another way.
same_by_words()
{
	rm -f "$T/side/written"
	run $as sh "$T/xargs" "$T/words" "$T/.status"
	st=$(cat "$T/.status")
	if [ "$st" = 41 ] && [ "$out" = "$want" ]; then
		pass "$who: the words of $box give the same"
	else
		printf '%s\n' "$want" >"$T/.want"
		fail "$who: the words of $box give the same" "status $st
$(diff "$T/.want" "$T/.out")
$err"
	fi
}

nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
for as in '' "$nobody"; do
	who=${as:+nobody}
	who=${who:-root}
	for box in rich plain bare-none none proc; do
		chains
	done
done
as=''
run "$hook" exec -f "$c" --box rich -- sh "$T/inventory" "$T/side"
like "the inventory shows the box" "$out" "*A=b c
E=
HOME=/x'y
LANG=C.UTF-8
PASSED=by the caller
PATH=*box
*NoNewPrivs:	1
*/mnt rw,nosuid,nodev*
    lo
*"
like "and what it denies" "$out" \
	"*touch: *'$T/side/ro/written'*Read-only file system*/usr/written*Read-only*"
is "and wrote where it may" "$(ls "$T/side")" 'ro
written'

# plan
run "$hook" plan -f "$c" --argv inventory
is "the words of a hook, one a line" "$(echo "$out" | tail -n 3)" "--
sh
$T/h/inventory"
like "a hook has a session of its own" "$out" '*--new-session*--env=HOOK=1*'
run "$hook" plan -f "$c" --argv --box rich
like "a command has the caller's" "$out" 'sbx-ns*--env=A=b c*--
true'
case $out in
*--new-session*) fail "unless the box says otherwise" "$out" ;;
*) pass "unless the box says otherwise" ;;
esac
run "$hook" plan -f "$c" inventory
like "the steps of a hook" "$out" 'host  clone *exec  exec */sh
*enforced needed net: *'
run "$hook" run -f "$c" --plan inventory
like "run --plan is the same" "$st $out" '0 host  clone *'
run "$hook" run -f "$c" --check inventory
is "run --check says nothing where it could be done" "$st$out$err" 0
run "$hook" plan -f "$c" --print-facts inventory
like "the facts of a hook" "$out" '*uid 0*'
printf '%s\n' "$out" >"$T/facts"
run "$hook" plan -f "$c" --facts "$T/facts" inventory
like "a plan from facts" "$st $out" '0 host  clone *'
run "$hook" check -f "$c" --facts "$T/facts"
is "check from facts" "$st $out" '0 7 sandboxes, 1 hook: can be enforced here'

# check, list, schema
status "check" 0 "$hook" check -f "$c"
is "check says what it saw" "$out" '7 sandboxes, 1 hook: can be enforced here'
status "list" 0 "$hook" list -f "$c"
like "list: boxes and hooks" "$out" 'sandbox none none
sandbox spaces namespaced
*
hook inventory rich provider filter before_call'
status "schema" 0 "$hook" schema
# shellcheck disable=SC2016 # python's
is "the schema is JSON" "$(python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
print(s["$schema"], sorted(s["$defs"]))' "$T/.out")" \
	"https://json-schema.org/draft/2020-12/schema ['hook', 'sandbox']"

# where a configuration comes from
echo '{"network":"none"}' >"$T/bare.json"
status "a bare document" 3 "$hook" exec -f "$T/bare.json" -- sh -c 'exit 3'
st=0
out=$("$hook" exec -f - -- sh -c 'cat; echo done' <"$T/bare.json") || st=$?
is "-f -: standard input is used up" "$st $out" '0 done'
st=0
out=$(echo input | "$hook" exec -f @3 -- cat 3<"$T/bare.json") || st=$?
is "-f @3" "$st $out" '0 input'
st=0
out=$(echo input | "$hook" exec -f @3 --box proc sh -c 'cat; ls /proc/self/fd' 3<"$c") || st=$?
is "-f @3 is not the payload's" "$st $out" "0 input
0
1
2
3"
like "the number is read as one" "$("$hook" exec -f @x true 2>&1)" 'sbx-hook: *@N*'
mkfifo "$T/fifo"
cat "$T/bare.json" >"$T/fifo" &
status "a pipe" 0 "$hook" exec -f "$T/fifo" true

# exec: ends, limits, streams, terminals
for case in 'exit 0:0' 'exit 255:255' 'kill -TERM $$:143' 'kill -SEGV $$:139'; do
	status "exec: ${case%:*}" "${case##*:}" "$hook" exec -f "$T/bare.json" -- sh -c "${case%:*}"
done
status "exec: not found" 127 "$hook" exec -f "$T/bare.json" no-such-program
is "exec: it is named" "$err" \
	'sbx-hook: cannot find no-such-program in the PATH of the box: No such file or directory'
status "exec: not executable" 126 "$hook" exec -f "$T/bare.json" "$T/bare.json"
is "exec: why" "$err" "sbx-hook: cannot execute $T/bare.json: Permission denied"
status "exec: a time limit" 124 "$hook" exec -f "$T/bare.json" --timeout 2s --grace 0ms \
	sh -c 'trap "" TERM; sleep 1000 & sleep 1000'
status "exec: one that is not reached" 7 "$hook" exec -f "$T/bare.json" -t 1m -- sh -c 'exit 7'
status "exec: TERM first" 124 "$hook" exec -f "$c" -b spaces --timeout 2s --grace 20s \
	sh -c "trap 'echo late >$T/side/late; exit 0' TERM; sleep 1000 & wait"
is "exec: and time to end" "$(cat "$T/side/late")" late
echo '{"writable_paths":["/no/such/place"]}' >"$T/nowhere.json"
status "exec: a box that cannot be made" 125 "$hook" exec -f "$T/nowhere.json" touch "$T/side/never"
is "exec: where and why" "$err" \
	"sbx-hook: $T/nowhere.json:1:20: cannot clone the mount at /no/such/place: No such file \
or directory"
is "exec: nothing was executed" "$(ls "$T/side/never" 2>/dev/null)" ''
"$hook" exec -f "$T/bare.json" --report 3 sh -c 'exit 9' 3>"$T/events"
like "exec: the last event" "$(tail -n 1 "$T/events")" \
	'{"v":1,"tool":"sbx-hook","event":"ended","stage":"run","cause":"exit","status":9,'\
'"usage":{*'
run "$hook" exec -f "$T/bare.json" --receipt true
like "exec: the receipt" "$err" 'receipt
  user *
verdict  exit 0; * ms, cpu * ms, at most *'
run "$hook" exec -f "$T/nowhere.json" --receipt true
like "exec: no receipt for what never stood" "$err" 'sbx-hook: *
verdict  setup-failed'
events_hold

# what does not belong together
refused()
{
	refused_title=$1 refused_words=$2
	shift 2
	run "$hook" "$@"
	is "$refused_title" "$st $out$err" "125 sbx-hook: $refused_words"
}
subcommands='(run, exec, check, plan, list, schema)'
refused "no subcommand" "a subcommand is due $subcommands; --help says more"
refused "an unknown one" "no subcommand is called \"rnu\" $subcommands" rnu -f "$c" x
refused "options first" "the subcommand $subcommands comes before the options" -f "$c" run x
refused "no file" '-f FILE is due' check
refused "no such file" "$T/none: cannot open it: No such file or directory" check -f "$T/none"
refused "a directory" "$T: cannot read it: Is a directory" check -f "$T"
refused "the request's standard input" \
	'-f -: standard input is the request; @N with another descriptor is due' run -f - x
refused "words that nobody takes" 'unexpected word "x"' list -f "$c" x
refused "options of another" '--box does not belong to this subcommand' list -f "$c" --box none
# limits, as words of the program for them
printf '{"sandboxes":{"limited":{"memory":"64M","cpu":0.5,"cpus":"1,0","io":["8:0:rbps=1M"],
"cgroup_files":["misc.max=a b"],"oom_group":false},"small":{"level":"none","pids":9}},
"hooks":{"h":{"command":"true","hook":"eval","sandbox":"small","timeout":"3s"}}}' >"$T/limits"
run "$hook" plan -f "$T/limits" --chain --box limited -- true
like "limits come first in a chain" "$st $out" "0 sbx-cg run --memory=64M --no-oom-group --cpu=0.5 \
--cpus=0-1 --io=8:0:rbps=1048576 '--set=misc.max=a b' -- sbx-ns *"
run "$hook" plan -f "$T/limits" --chain h
like "a hook's with its time limit" "$st $out" \
	"0 sbx-cg run --pids=9 --timeout=3s --grace=2s --keep-privs -- setsid --wait env *"
refused "chain and words" '--chain and --argv exclude each other' plan -f "$c" --chain --argv x
refused "NUL without words" '--null goes with --argv' plan -f "$c" -0 x
refused "grace without a limit" '--grace goes with --timeout' exec -f "$c" --grace 1s -b none true
refused "no program" \
	'no program to execute: sbx-hook exec -f FILE [--box NAME] [--] prog [arg ...]' exec -f \
		"$c" -b none
refused "no box named" '--box NAME is due (declared: none, spaces, rich, plain, bare-none, '\
'session, proc)' \
	exec -f "$c" true
refused "an unknown box" 'no sandbox is called "x" (declared: none, spaces, rich, plain, '\
'bare-none, session, proc)' \
	exec -f "$c" -b x true
refused "a name for a bare box" "--box x: $T/bare.json is one sandbox without a name" \
	exec -f "$T/bare.json" -b x true
refused "no hooks" "$T/bare.json declares no hook" run -f "$T/bare.json" x
refused "facts for a run" '--facts goes with --plan or --check' exec -f "$T/bare.json" \
	--facts "$T/facts" true
refused "a report nowhere" 'the report descriptor is not open' exec -f "$T/bare.json" --report 77 \
	true
i=0
{
	printf '{"sandboxes":{'
	while [ $i -lt 100 ]; do
		printf '%s"sandbox-%s":{}' "${comma:-}" $i
		comma=,
		i=$((i + 1))
	done
	printf '}}'
} >"$T/many.json"
run "$hook" exec -f "$T/many.json" true
like "many boxes: as many names as fit" "$err" \
	'sbx-hook: --box NAME is due (declared: sandbox-0, sandbox-1, *, sandbox-[0-9]*, ...)'
finish
