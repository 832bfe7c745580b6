#!/bin/sh
# What sbx-cg stat, ls and tree tell of groups, for people and for programs.
# shellcheck disable=SC2016 # scripts for shells inside
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups

# Controllers of the groups below.
enabled=''
for c in memory pids io cpu; do
	has_controller $c || continue
	echo +$c >"$top/cgroup.subtree_control" && echo +$c >"$parent/cgroup.subtree_control" &&
		enabled="$enabled $c"
done
# member EXPRESSION: of the last line of $out, as Python says it; d is that object.
member()
{
	printf '%s\n' "$out" | tail -n 1 | python3 -c '
import json, sys
d = json.loads(sys.stdin.read())
print(eval("(" + sys.argv[1] + ")"))' "$1"
}
# json EXPRESSION: of each line of $out.
json()
{
	printf '%s\n' "$out" | python3 -c '
import json, sys
for line in sys.stdin:
    d = json.loads(line)
    print(eval("(" + sys.argv[1] + ")"))' "$1"
}
in_parent()
{
	sub=$1
	shift
	run "$cg" "$sub" --parent "$parent" "$@"
}
mkdir "$parent/idle" "$parent/busy" "$parent/box" "$parent/busy/below"

# ---- stat ----------------------------------------------------------------------------------------

in_parent stat idle
like "figures for people" "$st:$out" "0:group      $parent/idle
state      empty
*cpu        0.*user 0.*system 0.*"
in_parent stat idle --json
is "and for programs" "$st:$(member 'd["v"], d["tool"], d["event"], d["group"], d["path"],
	d["populated"], d["frozen"], "network" in d, "mounts" in d')" \
	"0:(1, 'sbx-cg', 'stat', 'idle', '$parent/idle', False, False, False, False)"
in_group "$parent/busy" sh -c 'while :; do :; done' &
busy=$!
until_true grep -q 'usage_usec [1-9]' "$parent/busy/cpu.stat"
in_parent stat --json busy
is "somebody works in it" "$(member 'd["populated"], d["cpu"]["usage_us"] > 0, "mounts" in d')" \
	"(True, True, False)"
echo 1 >"$parent/busy/cgroup.freeze"
until_true grep -q 'frozen 1' "$parent/busy/cgroup.events"
in_parent stat busy
like "frozen" "$out" "*state      populated, frozen
*"
in_parent stat
like "without a name it is the base" "$st:$out" "0:group      $parent
*"
run "$cg" stat "$parent/busy"
like "by an absolute path" "$st:$out" "0:group      $parent/busy
*"
for c in $enabled; do
	case $c in
	memory) want='d["memory"]["current"] > 0 and d["memory"]["max"] is None' ;;
	pids) want='d["pids"]["current"] == 1 and d["pids"]["max"] is None' ;;
	io) want='d["io"]["rbytes"] >= 0' ;;
	*) want='d["cpu"]["throttled"] >= 0' ;;
	esac
	in_parent stat --json busy
	is "what the controller $c tells" "$(member "$want")" True
done
case $enabled in
*memory*pids*)
	echo 100M >"$parent/busy/memory.max"
	echo 50 >"$parent/busy/pids.max"
	in_parent stat busy
	like "with limits" "$out" "*processes  1 of 50*memory     *K of 100M*"
	;;
esac

# ---- of a box ------------------------------------------------------------------------------------

in_group "$parent/box" "$ns" --tmp /tmp --tmp /mnt -- \
	sh -c 'head -c 300000 /dev/zero >/tmp/x; echo >/mnt/ready; exec sleep 600' &
box=$!
box_is_ready()
{
	in_parent stat --json box
	[ "$(member 'any(m["target"] == "/mnt" and m["used"] > 0
		for m in d.get("mounts", []))')" = True ]
}
until_true box_is_ready
is "its file systems" "$(member '[(m["type"], m["used"] >= 300000, m["size"])
	for m in d["mounts"] if m["target"] == "/tmp"]')" "[('tmpfs', True, 67108864)]"
is "none of them is the host's" "$(member 'sorted(m["target"] for m in d["mounts"])')" \
	"['/dev/shm', '/mnt', '/tmp']"
is "its network" "$(member 'd["network"]')" \
	"{'rx_bytes': 0, 'rx_packets': 0, 'tx_bytes': 0, 'tx_packets': 0}"
in_parent stat box
like "for people" "$out" "*network    received 0 in 0, sent 0 in 0
*296K of 64M (tmpfs) /tmp*"
kill $box

# ---- ls and tree ---------------------------------------------------------------------------------

"$cg" run --parent "$parent" -- sleep 600 &
owner=$!
mkdir "$parent/sbx.1.2"
leaf_is_there()
{
	leaf=$(cd "$parent" && echo sbx."$owner".*)
	[ -s "$parent/$leaf/cgroup.procs" ]
}
until_true leaf_is_there
box_is_empty()
{
	grep -q 'populated 0' "$parent/box/cgroup.events"
}
until_true box_is_empty
# Columns, without that of memory.
columns()
{
	printf '%s\n' "$out" | sed 's/^\([^ ]*  *[^ ]* \) *[^ ]* /\1/; s/  */ /g'
}
in_parent ls
is "groups below, by name" "$st:$(columns)" "0:state processes owner group
empty 0 - box
frozen 1 - busy
empty 0 - idle
empty 0 gone sbx.1.2
populated $(wc -l <"$parent/$leaf/cgroup.procs") alive $leaf"
in_parent ls --json
is "for programs" "$(member 'd["event"], d["group"], d["populated"], d["owner"]')" \
	"('group', '$leaf', True, 'alive')"
in_parent ls busy
is "below another one" "$(columns)" "state processes owner group
frozen 0 - below"
in_parent ls --json busy
is "as it is to be named" "$(member 'd["group"]')" busy/below
in_parent tree
is "all of them" "$(columns | sed '$d')" "state processes owner group
populated 0 - .
empty 0 - |- box
frozen 1 - |- busy
frozen 0 - | \`- below
empty 0 - |- idle
empty 0 gone |- sbx.1.2"
in_parent tree --json
is "the same for programs" "$(member 'd["group"], d["event"]')" "('$leaf', 'group')"
is "each by the name that it is to be called by" "$(json 'd["group"]')" ".
box
busy
busy/below
idle
sbx.1.2
$leaf"
for name in ./busy busy/ .//busy/.; do
	in_parent ls --json $name
	is "$name: one name for it" "$(member 'd["group"]')" busy/below
done
in_parent ls --json "$parent//busy/"
is "by a path too" "$(member 'd["group"]')" "$parent/busy/below"
run env LC_ALL=C.UTF-8 "$cg" tree --parent "$parent" busy
is "with lines" "$(columns)" "state processes owner group
frozen 1 - busy
frozen 0 - └─ below"
is "whom we looked at works on" "$(kill -0 $owner && ls -d "$parent/$leaf")" "$parent/$leaf"
as_nobody "$cg" ls --parent "$parent" >"$T/nobody" 2>&1
in_parent ls
is "an ordinary user sees the same" "$(cat "$T/nobody")" "$out"

# ---- names that others chose ---------------------------------------------------------------------

evil=$(printf 'idle/x\033[31m\r\t\302\233\377\\\342\200\256')
mkdir "$parent/$evil"
shown='x\x1b[31m\x0d\t\xc2\x9b\xff\\\xe2\x80\xae'
mkdir "$parent/idle/line
end" 2>/dev/null
is "the kernel takes no line end in one" $? 1
in_parent ls idle
is "ls: names are shown so that they do nothing" "${out##* }" "$shown"
in_parent tree idle
is "tree" "${out##* }" "$shown"
in_parent stat "$evil"
is "stat" "$(printf '%s\n' "$out" | head -n 1)" "group      $parent/idle/$shown"
in_parent stat "$evil/nothing"
like "in a message" "$st:$(printf '%s' "$err" | wc -l)" "125:0"
is "which does nothing either" "$(printf '%s' "$err" | LC_ALL=C tr -d ' -~')" ""
for sub in stat ls tree; do
	case $sub in
	stat) in_parent stat --json "$evil" ;;
	*) in_parent $sub --json idle ;;
	esac
	is "$sub: whole as JSON" "$(member 'd["group"] ==
		"idle/x\x1b[31m\r\t\x9b\ufffd\\\u202e"')" True
	is "$sub: which does nothing on a terminal" \
		"$(printf '%s' "$out" | LC_ALL=C tr -d ' -~\n' | sed 's/\xef\xbf\xbd//g')" ""
done
rmdir "$parent/$evil"
kill $owner
wait $owner 2>/dev/null

# ---- what is refused -----------------------------------------------------------------------------

for sub in stat ls tree; do
	in_parent "$sub" nothing
	like "$sub: a group that is not there" "$st:$err" '125:sbx-cg: *"nothing"*No such file*'
	in_parent "$sub" idle busy
	like "$sub: one at a time" "$st:$err" '125:sbx-cg: one control group at a time*"busy"*'
	in_parent "$sub" ../x
	like "$sub: no way out" "$st:$err" '125:sbx-cg: *"../x"*'
	in_parent "$sub" --count 2
	like "$sub: an option of another one" "$st:$err" '125:sbx-cg: --count*'
	st=0
	"$cg" "$sub" --parent "$parent" >/dev/full 2>"$T/.err" || st=$?
	like "$sub: nobody takes it" "$st:$(cat "$T/.err")" '125:sbx-cg: *standard output*No space*'
done
echo 0 >"$parent/busy/cgroup.freeze"
kill $busy
wait $busy $box 2>/dev/null
finish
