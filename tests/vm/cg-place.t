#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside Where a group is made: with which rights,
# beside whom, in which hierarchy; and what is said where it cannot be.
. tests/shell/lib.sh
need_root
attackers
cg=$T/bin/sbx-cg
top=/sys/fs/cgroup
parent=$top/t.$$
mkdir "$parent"
trap 'rmdir "$parent" 2>/dev/null; cd /; rm -rf "$T"' EXIT
here='read -r line </proc/self/cgroup; echo "${line#0::}"'

# in_group DIR COMMAND...: as a process in that group.
in_group()
{
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$@"
}
empty()
{
	is "$1: no group is left" "$(ls -d "$parent"/*/ 2>/dev/null)" ""
}

run "$cg" run -m 16M -- sh -c "$here"
like "from the first group: below it" "$st:$out" '0:/sbx.[0-9]*'
run "$cg" run -m 16M -p 9 -- sh -c 'cat /proc/self/cgroup; exit 42'
is "the program's status" $st 42

# ---- alone in a group that has to have controllers for others
# -------------------------------------

run in_group "$parent" "$cg" run -m 16M -- sh -c "$here; cat $parent/cgroup.subtree_control
	ls -d $parent/*/ | wc -l; cat $parent/cgroup.procs"
like "alone in it: we move into one of our own" "$st:$out" "0:${parent#"$top"}/sbx.*
memory
2"
empty "after that"
is "and nothing is enabled any more" "$(cat "$parent/cgroup.subtree_control")" ""
run in_group "$parent" "$cg" run --plan -m 16M -- true
like "the plan shows it" "$out" \
	"*cgroup-self $parent*cgroup-enable $parent +memory*cgroup-leaf $parent*"
run in_group "$parent" "$cg" run --receipt -m 16M -- true
like "and the receipt" "$err" '*moved*'
sleep 60 &
other=$!
echo $other >"$parent/cgroup.procs"
run in_group "$parent" "$cg" run -m 16M -- true
like "beside others it is refused, and they are named" "$st:$err" "125:sbx-cg: *$other*"
like "with what would help" "$err" '*--parent*'
run in_group "$parent" "$cg" run -t 5s -- sh -c "$here"
like "without a controller nobody has to move" "$st:$out" "0:${parent#"$top"}/sbx.*"
kill $other
wait $other 2>/dev/null
empty "after all of these"

# ---- what is missing
# ------------------------------------------------------------------------------

mkdir "$parent/in"
run "$cg" run --parent "$parent/in" -m 16M -- true
like "a controller that the group above does not hand down" "$st:$err" \
	"125:sbx-cg: *memory*$parent*subtree_control*"
rmdir "$parent/in"
echo +pids >"$parent/cgroup.subtree_control"
mkdir "$parent/in"
run "$cg" run --parent "$parent/in" -m 16M -p 9 -- true
like "only the missing one is named" "$st:$(echo "$err" | grep -c pids)" "125:0"
rmdir "$parent/in"
echo -pids >"$parent/cgroup.subtree_control"
mkdir "$parent/in"
echo threaded >"$parent/in/cgroup.type"
run "$cg" run --parent "$parent/in" -p 9 -- true
like "a threaded group" "$st:$err" '125:sbx-cg: *threaded*'
rmdir "$parent/in"
for word in ../x /etc nowhere; do
	run "$cg" run --parent "$word" -m 16M -- true
	like "--parent $word" "$st:$(echo "$err" | wc -l):$err" "125:1:sbx-cg: *$word*"
done

# ---- somebody else
# --------------------------------------------------------------------------------

run as_nobody "$cg" run -m 16M -- true
like "nobody, without delegation" "$st:$err" '125:sbx-cg: *'
mkdir "$parent/d"
echo '+memory +pids +cpu' >"$parent/cgroup.subtree_control"
chown nobody "$parent/d" "$parent/d/cgroup.procs" "$parent/d/cgroup.subtree_control" \
	"$parent/d/cgroup.threads"
cat >"$T/delegated" <<'END'
echo $$ >"$1/cgroup.procs"
exec setpriv --reuid 65534 --regid 65534 --clear-groups "$2" run -m 24M -p 5 -- sh -c '
	read -r line </proc/self/cgroup; cd "/sys/fs/cgroup${line#0::}"
	id -u; cat memory.max pids.max; echo $$ >/sys/fs/cgroup/cgroup.procs && echo out'
END
run sh "$T/delegated" "$parent/d" "$cg"
is "nobody, in a group that is theirs" "$st:$out" "2:65534
25165824
5"
is "nothing of it stays" "$(ls -d "$parent/d"/*/ 2>/dev/null)" ""
rmdir "$parent/d"
echo '-memory -pids -cpu' >"$parent/cgroup.subtree_control"

# ---- other views of the hierarchy
# -----------------------------------------------------------------

# a container's: the group namespace starts at the container's group, and so does the mount
mkdir "$parent/c"
cat >"$T/container" <<'END'
echo $$ >"$1/cgroup.procs"
exec unshare --cgroup --mount sh -c '
	mount --make-rprivate / && umount /sys/fs/cgroup &&
	mount -t cgroup2 cgroup /sys/fs/cgroup &&
	exec "$@"' sh "$2" run -m 24M -- \
		sh -c 'cat /proc/self/cgroup; cat /sys/fs/cgroup/*/memory.max'
END
echo +memory >"$parent/cgroup.subtree_control"
run sh "$T/container" "$parent/c" "$cg"
like "in a container" "$st:$out" '0:0::/sbx.*
*25165824*'
# the host's mount, seen from there
sed -e 's/umount.*&&$/true \&\&/' -e '/mount -t/d' "$T/container" >"$T/shared"
run sh "$T/shared" "$parent/c" "$cg"
like "with the host's hierarchy in view" "$st" '[01]*'
# only a part of it is bound
cat >"$T/bound" <<'END'
echo $$ >"$1/cgroup.procs"
exec unshare --mount sh -c '
	mount --make-rprivate / && mount --bind "$0" /mnt && umount /sys/fs/cgroup &&
	mount --move /mnt /sys/fs/cgroup && exec "$@"' "$1" "$2" run -m 24M -- cat /proc/self/cgroup
END
run sh "$T/bound" "$parent/c" "$cg"
like "with only its own part mounted" "$st:$out" "0:0::${parent#"$top"}/c/sbx.*"
run unshare --mount sh -c \
	'mount --make-rprivate / && mount -o remount,bind,ro /sys/fs/cgroup && exec "$@"' \
	sh "$cg" run -m 16M -- true
like "a hierarchy that is read-only" "$st:$err" '125:sbx-cg: *read-only*'
run unshare --mount sh -c 'mount --make-rprivate / && umount /sys/fs/cgroup && exec "$@"' \
	sh "$cg" run -m 16M -- true
like "none at all" "$st:$err" '125:sbx-cg: *mount -t cgroup2*'
rmdir "$parent/c"
echo -memory >"$parent/cgroup.subtree_control"

# ---- how the program gets in
# ----------------------------------------------------------------------

cat >"$T/first" <<'END'
#!/bin/sh
read -r line </proc/self/cgroup
echo "$line"
END
chmod 755 "$T/first"
run strace -f -o "$T/trace" "$cg" run -m 16M -- "$T/first"
is "by clone3" "$(grep -c 'CLONE_INTO_CGROUP' "$T/trace")" 1
is "and no pid is written" "$(grep -c 'cgroup.procs.*O_WRONLY' "$T/trace")" 0
run "$seccomp" --errno clone3=ENOSYS -- "$cg" run -m 16M -- sh -c "$here"
like "without clone3 it is written before the start" "$st:$out" '0:/sbx.*'
run "$seccomp" --errno clone3=ENOSYS -- "$cg" run --plan -m 16M -- true
like "which the plan shows" "$out" '*by clone(2)*'
run "$seccomp" --errno bpf=ENOSYS -- "$cg" run --device /dev/null -- true
like "without bpf(2) no device rules" "$st:$err" '125:sbx-cg: *'

# ---- a chain
# --------------------------------------------------------------------------------------

run "$cg" run -m 64M -p 8 -- sbx-ns --proc -- sh -c 'cat /proc/self/cgroup; echo $$'
is "sbx-ns behind it: the namespace of groups is rooted at the leaf" "$st:$out" "0:0::/
2"
run "$cg" run --report 9 -p 8 -- sbx-ns -- "$T/bin/greed" forks 20 9>"$T/report"
like "the limit is the program's: our init has a place of its own" "$st:$out" \
	'1:[67] of 20: held fork*'
like "which the receipt says" "$(cat "$T/report")" '*"name":"pids.max"*"value":"9"*ours*'
run "$cg" run -m 64M -- sbx-ns -- sh -c 'echo $$ >/sys/fs/cgroup/cgroup.procs'
like "behind a read-only view nobody leaves" "$st:$err" '[12]:*'
run "$box" cg run -m 64M -- sbx-ns --proc -- cat /proc/self/cgroup
is "the same in one file" "$st:$out" "0:0::/"
run "$cg" run -m 64M -- "$seccomp" -p default -- sh -c "$here"
like "sbx-seccomp behind it" "$st:$out" '0:/sbx.*'
cat >"$T/box.json" <<'END'
{"sandboxes": {"b": {"level": "namespaced", "memory": "32M", "pids": 9, "cpu": "0.5"}},
 "hooks": {"h": {"command": "/bin/sh", "args": ["-c", "exit 0"], "hook": "provider",
                 "phases": ["before_call"], "mode": "observe", "sandbox": "b", "timeout": "10s"}}}
END
run "$hook" exec -f "$T/box.json" --box b -- "$T/bin/greed" memory 200000000
is "a declared box has the same limits" $st 137
run "$hook" exec -f "$T/box.json" --box b -- true
is "and lets others be" $st 0
empty "in the end"
finish
