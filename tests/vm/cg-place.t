#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside Where a group is made: with which rights,
# beside whom, in which hierarchy; and what is said where it cannot be.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
attackers
here='read -r line </proc/self/cgroup; echo "${line#0::}"'

run "$cg" run -m 16M -- sh -c "$here"
like "from the first group: below it" "$st:$out" '0:/sbx.[0-9]*'
# ---- alone in a group that has to have controllers for others ------------------------------------

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

# ---- what is missing -----------------------------------------------------------------------------

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

# ---- somebody else -------------------------------------------------------------------------------

run as_nobody "$cg" run -m 16M -- true
like "nobody, without delegation: in one line" "$st:$(echo "$err" | wc -l):$err" \
	"125:1:sbx-cg: no group can be made in \"$top\", which uid 65534 may not write to; "\
'root can: *'
# the line that is printed is tried: by root, and then by the user
as_nobody sh -c '"$0" run -m 16M -- true 2>&1; exec sleep 600' "$cg" >"$T/said" &
until_true grep -q 'is due$' "$T/said"
line=$(sed -n 's/.*; root can: \(.*\); then --parent .* is due$/\1/p' "$T/said")
parent_option=$(sed -n 's/.*; then \(--parent .*\) is due$/\1/p' "$T/said")
like "the line names the shell that asks" "$line" "*echo [0-9]* >shell/cgroup.procs"
asked=$(echo "$line" | sed 's/.*echo \([0-9]*\) .*/\1/')
run sh -c "$line"
is "the line works" "$st:$err" 0:
is "and the shell is where it says" "$(sed -n 's/^0:://p' "/proc/$asked/cgroup")" \
	/user65534/shell
# as that shell would: a process of the user's, beside it
in_group "$top/user65534/shell" setpriv --reuid 65534 --regid 65534 --clear-groups \
	sh -c "\"\$0\" run $parent_option -m 16M -- sh -c '$here; exit 5' 2>&1; echo \$?" "$cg" \
	>"$T/said"
like "then the user can" "$(cat "$T/said")" "/user65534/sbx.*
5"
is "nothing of it stays" "$(ls -d "$top/user65534"/*/)" "$top/user65534/shell/"
echo -memory >"$top/user65534/cgroup.subtree_control"
in_group "$top/user65534" setpriv --reuid 65534 --regid 65534 --clear-groups sleep 600 &
until_true grep -q . "$top/user65534/cgroup.procs"
stray=$(cat "$top/user65534/cgroup.procs")
in_group "$top/user65534/shell" setpriv --reuid 65534 --regid 65534 --clear-groups \
	"$cg" run --parent "$top/user65534" -m 16M -- true 2>"$T/said" && echo "no error" >"$T/said"
like "beside others it is refused, with what the user can do" "$(cat "$T/said")" \
	"sbx-cg: controller memory cannot be enabled in *: processes are in it (pid $stray); cd *"
line=$(sed -n 's/.*(pid [0-9]*); \(.*\) is due$/\1/p' "$T/said")
run in_group "$top/user65534/shell" setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "$line"
is "which works" "$(cat "$top/user65534/others/cgroup.procs")" "$stray"
kill "$stray" "$asked"
wait 2>/dev/null
run "$cg" rm -r "$top/user65534"
is "and can be removed" "$st:$err" 0:

mkdir "$parent/d"
echo '+memory +pids +cpu' >"$parent/cgroup.subtree_control"
chown nobody "$parent/d" "$parent/d/cgroup.procs" "$parent/d/cgroup.subtree_control" \
	"$parent/d/cgroup.threads"
run in_group "$parent/d" setpriv --reuid 65534 --regid 65534 --clear-groups "$cg" run \
	-m 24M -p 5 -c 0.5 -- sh -c '
	read -r line </proc/self/cgroup; cd "/sys/fs/cgroup${line#0::}"
	id -u; cat memory.max pids.max cpu.max; echo $$ >/sys/fs/cgroup/cgroup.procs && echo out'
is "nobody, alone in a group that is theirs" "$st:$out" "2:65534
25165824
5
50000 100000"
run in_group "$parent/d" setpriv --reuid 65534 --regid 65534 --clear-groups "$cg" run \
	-m 32M -- "$T/bin/greed" memory 200000000
is "the limits hold" "$st" 137
run in_group "$parent/d" setpriv --reuid 65534 --regid 65534 --clear-groups "$cg" run \
	-m 32M -p 9 -t 1s --grace 100ms -- sbx-ns -- "$T/bin/greed" bomb
is "with a box around it, too" "$st" 124
is "nothing of it stays" "$(ls -d "$parent/d"/*/ 2>/dev/null)" ""
rmdir "$parent/d"
echo '-memory -pids -cpu' >"$parent/cgroup.subtree_control"

# ---- other views of the hierarchy ----------------------------------------------------------------

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
# the host's mount, seen from there: where we are in it, it does not tell
cat >"$T/shared" <<'END'
echo $$ >"$1/cgroup.procs"
exec unshare --cgroup "$2" run -m 24M -- true
END
run sh "$T/shared" "$parent/c" "$cg"
like "with the host's hierarchy in view" "$st:$err" \
	'125:sbx-cg: our own control group lies outside of what "/sys/fs/cgroup" shows; --parent *'
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

# ---- how the program gets in ---------------------------------------------------------------------

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

# ---- a chain -------------------------------------------------------------------------------------

run "$cg" run -m 64M -p 8 -- sbx-ns --proc -- sh -c 'cat /proc/self/cgroup; echo $$'
is "sbx-ns behind it: the namespace of groups is rooted at the leaf" "$st:$out" "0:0::/
2"
run "$cg" run --report 9 -p 8 -- sbx-ns -- "$T/bin/greed" forks 20 9>"$T/report"
like "the limit is the program's: our init has a place of its own" "$st:$out" \
	'1:[67] of 20: held fork*'
like "which the receipt says" "$(cat "$T/report")" \
	'*"name":"pids.max",*"value":"9","detail":"8, and 1 of ours"*'
run "$cg" run -m 64M -- sbx-ns -- sh -c 'echo $$ >/sys/fs/cgroup/cgroup.procs'
like "behind a read-only view nobody leaves" "$st:$err" '2:*Read-only file system'
run "$box" cg run -m 64M -- sbx-ns --proc -- cat /proc/self/cgroup
is "the same in one file" "$st:$out" "0:0::/"
run "$cg" run -m 64M -- sbx-ns -- "$seccomp" -p default -- sh -c 'exit 6'
is "three links" "$st" 6
run "$cg" run -m 64M -- "$seccomp" -p default -- sh -c "$here"
like "sbx-seccomp behind it" "$st:$out" '0:/sbx.*'
empty "in the end"
finish
