#!/bin/sh
# What sbx-cg stat, ls, tree, watch and events tell where all controllers are: each source, each
# event.
# shellcheck disable=SC2016,SC2154 # scripts for shells inside; $parent is of cg-lib.sh
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
attackers
greed=$T/bin/greed
disk=$(cat /sys/block/vda/dev)

cat >"$T/judge.py" <<'END'
import json
import sys

# of the lines of a file, each of which is an object of JSON: d is their list, e the last one
d = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
e = d[-1]
web = [x for x in d if (x["event"], x["group"]) == ("rates", "web")]
for line in sys.stdin.read().replace("\n\t", " ").splitlines():
    title, _, text = line.partition(" = ")
    try:
        good = eval(text) is True
    except Exception as fault:
        good = False
        text = repr(fault)
    print("ok " + title if good else "no %s: %s" % (title, text))
END
# judge FILE: each line "TITLE = EXPRESSION" of standard input has to be true; one that begins with
# a tab goes on with it. Python is started once, which takes seconds here.
judge()
{
	python3 "$T/judge.py" "$1" >"$T/judged" || fail "$1 is JSON" "$(cat "$1")"
	while read -r judge_word judge_title; do
		if [ "$judge_word" = ok ]; then
			pass "$judge_title"
		else
			fail "$judge_title" "$(cat "$1")"
		fi
	done <"$T/judged"
}
# starting DIR COMMAND...: in the background, in that group; $started.
starting()
{
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@" >/dev/null 2>&1 &
	started=$!
}
in_parent()
{
	in_parent_sub=$1
	shift
	run "$cg" "$in_parent_sub" --parent "$parent" "$@"
}
has_line()
{
	grep -q "$1" "$T/lines"
}
put()
{
	echo "$2" >"$parent/$1"
}
put cgroup.subtree_control '+memory +pids +cpu +io'
mkdir "$parent/web" "$parent/idle" "$parent/web/a" "$parent/web/a/b" "$parent/deep"
put web/memory.max 64M
put web/memory.swap.max 0
put web/pids.max 20
put web/cpu.max '20000 100000'

# ---- stat: each source ---------------------------------------------------------------------------

starting "$parent/web" sh -c '"$1" read /dev/vda 4194304 && head -c 12582912 /dev/zero >"$2/hog" &&
	"$1" cpu 300 && : >"$2/done" && exec sleep 600' - "$greed" "$T"
until_true test -e "$T/done"
in_parent stat --json web
judge "$T/.out" <<END
stat: one line = len(d) == 1 and (e["v"], e["tool"], e["event"]) == (1, "sbx-cg", "stat")
whose = (e["group"], e["path"]) == ("web", "$parent/web")
its state = e["populated"] is True and e["frozen"] is False
cpu = e["cpu"]["usage_us"] >= 300000 and e["cpu"]["user_us"] > 0 and e["cpu"]["system_us"] >= 0
held back = 0 < e["cpu"]["throttled"] <= e["cpu"]["periods"] and e["cpu"]["throttled_us"] > 100000
memory = 12582912 <= e["memory"]["current"] <= e["memory"]["peak"] <= e["memory"]["max"] == 1 << 26
out of it = [e["memory"][k] for k in ("oom", "oom_kill", "local_oom_kill", "high_hits")] == [0] * 4
swap = e["memory"]["swap"] == 0
pids = (e["pids"]["current"], e["pids"]["max"], e["pids"]["max_hits"]) == (1, 20, 0)
pids at most = 1 < e["pids"]["peak"] < 5
pressure = 0 < e["pressure"]["cpu"]["some_us"] and e["pressure"]["cpu"]["some_avg10"] >= 0
of all three = sorted(e["pressure"]) == ["cpu", "io", "memory"]
END
judge "$T/.out" <<END
io = e["io"]["rbytes"] >= 4194304 and e["io"]["rios"] > 0 and e["io"]["wbytes"] == 0
io of each device = [(x["device"], x["rbytes"] == e["io"]["rbytes"])
	for x in e["io"]["devices"]] == [("$disk", True)]
END
in_parent stat web
like "for people" "$out" "group      $parent/web
state      populated
processes  1 of 20, at most *
cpu        *s: user *s, system *s; held back *s in * of * periods
memory     *M of 64M, at most *M
swap       0*
io         read *M in *, written 0 in 0
  $disk    read *M in *, written 0 in 0
stalled    cpu *% (*s), memory *% (*s), io *% (*s)"
in_parent stat --json idle
judge "$T/.out" <<END
nothing has happened = (e["populated"], e["pids"]["current"], e["cpu"]["usage_us"]) == (False, 0, 0)
no limit = e["memory"]["max"] is None and e["pids"]["max"] is None
END
run "$cg" stat --json --parent "$top"
judge "$T/.out" <<END
the first group: no level, no limit = not {"memory", "pids", "populated"} & set(e)
but what the machine did = e["cpu"]["usage_us"] > 300000 and e["io"]["rbytes"] >= 4194304
END
rm "$T/hog"

# ---- stat: through the wall of a box -------------------------------------------------------------

starting "$parent/deep" "$ns" --net new --tmp /tmp --tmp /mnt -- \
	sh -c 'head -c 3000000 /dev/zero >/tmp/x; echo >/mnt/ready; exec sleep 600'
# which is there when the programs before it are gone
inside=
sleeps()
{
	while read -r pid; do
		! grep -qx sleep "/proc/$pid/comm" || inside=$pid
	done <"$parent/deep/cgroup.procs"
	[ -n "$inside" ]
}
until_true sleeps
modprobe veth
ip link add outside type veth # and a peer, which gets the name veth0
ip link set veth0 netns "$inside"
ip addr add 10.9.9.1/24 dev outside
ip link set outside up
nsenter -t "$inside" -n ip addr add 10.9.9.2/24 dev veth0
nsenter -t "$inside" -n ip link set veth0 up
nsenter -t "$inside" -n ping -c 3 -i 0.2 -s 1000 10.9.9.1 >"$T/ping" 2>&1
is "a box that has a network" $? 0
nsenter -t "$inside" -n ip link set veth0 down
in_parent stat --json deep
grep veth0 "/proc/$inside/net/dev" | tr ':' ' ' >"$T/veth"
read -r _ rx_bytes rx_packets _ _ _ _ _ _ tx_bytes tx_packets _ <"$T/veth"
judge "$T/.out" <<END
bytes and packets of its network = e["network"] == {"rx_bytes": $rx_bytes,
	"rx_packets": $rx_packets, "tx_bytes": $tx_bytes, "tx_packets": $tx_packets}
those of three pings at least = min($rx_bytes, $tx_bytes) > 3000 and
	min($rx_packets, $tx_packets) >= 3
bytes in what it can write to = [3000000 <= m["used"] < 3100000 and m["size"] == 1 << 26
	for m in e["mounts"] if m["target"] == "/tmp"] == [True]
and nothing of the host's = sorted(m["target"] for m in e["mounts"]) == ["/dev/shm", "/mnt", "/tmp"]
END
in_parent stat deep
like "for people too" "$out" '*network    received *K in *, sent *K in *
mounts *2.8M of 64M (tmpfs) /tmp*'
put deep/cgroup.kill 1
wait $started 2>/dev/null
# an overlay is somebody's too
modprobe overlay
mkdir "$T/layers"
starting "$parent/deep" unshare -m sh -c 'mount --make-rprivate / && mount -t tmpfs -o size=8M \
	layers "$1" && mkdir "$1/up" "$1/work" && mount -t overlay -o \
	lowerdir=/sbx,upperdir="$1/up",workdir="$1/work" over /mnt && head -c 1000000 /dev/zero \
	>/mnt/x && : >"$2/overlaid" && exec sleep 600' - "$T/layers" "$T"
until_true test -e "$T/overlaid"
in_parent stat --json deep
judge "$T/.out" <<END
an overlay = [1000000 <= m["used"] < 1200000 and m["size"] == 8 << 20
	for m in e["mounts"] if (m["target"], m["type"]) == ("/mnt", "overlay")] == [True]
no network of its own = "network" not in e
END
put deep/cgroup.kill 1
wait $started 2>/dev/null

# ---- ls and tree ---------------------------------------------------------------------------------

evil=$(printf 'x\033[31m\r\377\302\233\342\200\256')
mkdir "$parent/$evil"
mkdir "$parent/a
b" 2>/dev/null
is "no kernel takes a line end in a name" $? 1
"$cg" run --parent "$parent" -m 16M -- sleep 600 &
owner=$!
until_true sh -c 'grep -q . "$1"/sbx.*/cgroup.procs' - "$parent"
leaf=$(cd "$parent" && echo sbx.*)
in_parent tree --json
judge "$T/.out" <<END
tree: all of them, each after what it is in = [x["group"] for x in d] == [".", "deep",
	"idle", "$leaf", "web", "web/a", "web/a/b", "x\x1b[31m\r\ufffd\x9b\u202e"]
their states = [x["populated"] for x in d] ==
	[True, False, False, True, True, False, False, False]
processes = [x["processes"] for x in d][:5] ==
	[0, 0, 0, $(wc -l <"$parent/$leaf/cgroup.procs"), 1]
memory, where it is counted = ["memory" in x for x in d] == [True] * 5 + [False] * 2 + [True]
and how much = d[0]["memory"] >= d[3]["memory"] > 0
owner = [x.get("owner") for x in d] ==
	[None, None, None, "alive", None, None, None, None]
END
# as a pattern
shown='x\\x1b\[31m\\x0d\\xff\\xc2\\x9b\\xe2\\x80\\xae'
in_parent tree
like "for people" "$out" "state     processes    memory owner group
populated         0 *[KM] -     .
empty             0 * -     |- deep
empty             0 * -     |- idle
populated         [12] * alive |- $leaf
populated         1 * -     |- web
empty             0         - -     |  \`- a
empty             0         - -     |     \`- b
empty             0         0 -     \`- $shown"
in_parent ls web
like "ls" "$out" "*owner group
empty             0         - -     a"
kill $owner
wait $owner 2>/dev/null

# ---- watch ---------------------------------------------------------------------------------------

starting "$parent/web" sh -c 'head -c 57671680 /dev/zero >"$2/hog"; while :; do
	"$1" read /dev/vda 1048576 >/dev/null; done' - "$greed" "$T"
until_true sh -c '[ "$(cat "$1/web/memory.current")" -gt 57671680 ]' - "$parent"
in_parent watch --interval 1s --count 4 --alert 'memory>80%' --alert 'memory>8G' \
	--alert 'pids>1' --alert 'io>1K' --alert 'cpu>3'
is "watch: an alert is the status" $st 1
judge "$T/.out" <<END
alerts, once each = sorted((x["group"], x["alert"]) for x in d if x["event"] == "alert") ==
	[(".", "io>1K"), (".", "pids>1"), ("web", "io>1K"), ("web", "memory>80%"),
	("web", "pids>1")]
a share of the limit = [85 < x["percent"] <= 100 for x in d
	if x.get("alert") == "memory>80%"] == [True]
a number = [x["value"] >= 2 for x in d if x.get("alert") == "pids>1"] == [True, True]
four rounds of every group = len([x for x in d if x["event"] == "rates"]) ==
	4 * len({x["group"] for x in d})
names that others chose = "x\x1b[31m\r\ufffd\x9b\u202e" in {x["group"] for x in d}
no more than its fifth of a processor, in a second = all(0 < x["cpu"]["usage_us"] < 320000
	for x in web)
memory = all(x["memory"]["max"] == 1 << 26 and x["memory"]["current"] > 57671680
	for x in web)
pids = all(x["pids"]["max"] == 20 and 1 < x["pids"]["current"] < 6 for x in web)
io in a second = any(x["io"]["rbytes"] >= 1048576 and x["io"]["rios"] > 0 for x in web)
pressure in a second = all(0 < x["pressure"]["cpu"]["some_us"] <= 1100000 for x in web)
END
cat >"$T/terminal.py" <<'END'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
while True:
    try:
        text = os.read(fd, 65536)
    except OSError:
        break
    os.write(1, text)
END
run env TERM=xterm NO_COLOR=1 python3 "$T/terminal.py" "$cg" watch --parent "$parent" \
	--interval 500ms --count 3
out=$(printf '%s\n' "$out" | tr -d '\r' | sed 's/.\[[0-9?]*[A-Za-z]//g')
like "a table on a terminal" "$out" 'group * cpu * memory *pids read/s write/s stalled
*
web *% *M [=][=][=]* * *% *'
is "of names that do nothing" "$(printf '%s' "$out" | LC_ALL=C tr -d ' -~\n')" ""
put web/cgroup.kill 1
wait $started 2>/dev/null
rm "$T/hog"

# ---- events --------------------------------------------------------------------------------------

mkdir "$parent/oom" "$parent/pids"
put oom/memory.max 16M
put oom/memory.swap.max 0
put pids/pids.max 4
: >"$T/lines"
"$cg" events --parent "$parent" --psi cpu:some:50ms/500ms oom pids web "$evil" >"$T/lines" \
	2>"$T/lines.err" &
listener=$!
until_true has_line '"event":"watching".*"group":"x'
rmdir "$parent/$evil"
starting "$parent/oom" "$greed" memory 200000000
wait $started 2>/dev/null
is "memory is used up" $? 137
starting "$parent/pids" "$greed" forks 20
wait $started 2>/dev/null
starting "$parent/web" "$greed" cpu 1000
until_true has_line '"group":"web","populated":true'
in_parent freeze web
until_true has_line '"group":"web","populated":true,"frozen":true'
in_parent thaw web
wait $started 2>/dev/null
until_true has_line '"group":"web","populated":false'
until_true has_line '"event":"pids"'
put pids/cgroup.kill 1
until_true has_line '"group":"pids","populated":false'
rmdir "$parent/pids"
until_true has_line '"event":"removed".*"group":"pids"'
kill $listener
wait $listener
is "events: until it is ended" "$?:$(cat "$T/lines.err")" "0:"
judge "$T/lines" <<END
events: one line of JSON each = all((x["v"], x["tool"]) == (1, "sbx-cg") and
	x["ms"] >= 0 for x in d)
what is watched comes first = [x["event"] for x in d[:4]] == ["watching"] * 4
oom_kill = sum(x.get("oom_kill", 0) for x in d
	if (x["event"], x["group"]) == ("memory", "oom")) == 1
the limit that led to it = sum(x.get("max", 0) for x in d
	if (x["event"], x["group"]) == ("memory", "oom")) > 0
no other group's = {x["group"] for x in d if x["event"] == "memory"} == {"oom"}
pids = sum(x["max"] for x in d if (x["event"], x["group"]) == ("pids", "pids")) == 1
populated, frozen, thawed, empty = [(x["populated"], x["frozen"]) for x in d
	if (x["event"], x["group"]) == ("state", "web")] ==
	[(True, False), (True, True), (True, False), (False, False)]
populated 0 of all that ended = {x["group"] for x in d
	if x["event"] == "state" and not x["populated"]} == {"oom", "pids", "web"}
pressure = {(x["resource"], x["kind"], x["stall_us"], x["window_us"]) for x in d
	if x["event"] == "pressure"} == {("cpu", "some", 50000, 500000)}
of who was held back = "web" in {x["group"] for x in d if x["event"] == "pressure"}
removed = [x["group"] for x in d if x["event"] == "removed"] ==
	["x\x1b[31m\r\ufffd\x9b\u202e", "pids"]
END
is "nothing in it that a terminal would do" \
	"$(LC_ALL=C tr -d ' -~\n' <"$T/lines" | sed 's/\xef\xbf\xbd//g')" ""

# ---- what comes and goes -------------------------------------------------------------------------

"$cg" watch --parent "$parent" --interval 200ms >"$T/lines" &
listener=$!
until_true test -s "$T/lines"
mkdir "$parent/new"
until_true has_line '"made".*"group":"new"'
rmdir "$parent/new"
until_true has_line '"removed".*"group":"new"'
kill $listener
wait $listener
is "watch: groups that come and go" "$?" 0
finish
