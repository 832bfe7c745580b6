#!/bin/sh
# The virtual machine: what needs the first root, an older kernel or all controllers runs there; and
# whether its runner can fail.
. tests/shell/lib.sh
. tests/shell/vm-lib.sh

# ---- what is proved there ------------------------------------------------------------------------

inside "on the first root" tests/vm/initramfs.t
# Those of the ordinary tests that another kernel could fail say so in a line that begins with
# "# vm". They get the programs, and the root, that they are used to.
marked=$(grep -l '^# vm' tests/shell/*.t | grep -v -e /vm -e /smoke.t)
# shellcheck disable=SC2086 # names without spaces
inside "as on an ordinary system" -u tests/vm/old-kernel.t tests/shell/smoke.t $marked

# ---- the first process ---------------------------------------------------------------------------

cat >"$T/payload" <<'END'
echo "pid $$, root: $(echo /*)"
/busybox touch /here && echo written
/busybox mkdir /dev/here && echo written
exit 42
END
# first TITLE WANT OPTION... -1 PROG WORD...: the machine prints that, and its first process ends
# with 42. The kernel's own lines begin with a time.
first()
{
	first_title=$1 first_want=$2
	shift 2
	run scripts/vm -f out/sbx-box:/sbx-box -p busybox:/busybox -f "$T/payload:/payload" "$@"
	is "$first_title: what the payload said" "$(echo "$out" | grep -v '^\[')" "$first_want"
	is "$first_title: its status" "$st" 42
}

first "sbx-box is the first process, and nothing is mounted" \
	"pid 2, root: /busybox /dev /payload /root /sbx-box
touch: /here: Read-only file system
mkdir: can't create directory '/dev/here': Read-only file system" \
	-1 /sbx-box ns --user inherit --no-dev /busybox sh /payload

cat >"$T/init" <<'END'
#!/busybox sh
/busybox mkdir /bin /mnt /proc /run /vm
/busybox mount -t proc proc /proc
/busybox mount -t devtmpfs dev /dev
/busybox touch /run/outside
exec /sbx-box ns --proc -- /busybox sh /payload
END
chmod 755 "$T/init"
cat >"$T/payload" <<'END'
set -- /proc/[0-9]*
echo "pid $$, processes: $*"
/busybox touch /here
/escape >/dev/null && exit 42
END
first "sbx-box takes the place of a short init" "pid 2, processes: /proc/1 /proc/2
touch: /here: Read-only file system" \
	-f "$T/init:/init" -f build/vm/escape:/escape -1 /init

# ---- the runner can fail -------------------------------------------------------------------------

planted=tests/vm/planted
run scripts/vm $planted/fails.t $planted/dies.t $planted/leaves.t $planted/clean.t
is "what goes wrong in a test is told" "$(echo "$out" | sed 's/process [0-9]*/process N/')" \
	"ok 1 - vm/planted/fails: good
not ok 2 - vm/planted/fails: bad
# because
ok 3 - vm/planted/dies: good
# and then
not ok 4 - vm/planted/dies: planned nothing, ran 1
not ok 5 - vm/planted/dies: exit status 3
ok 6 - vm/planted/leaves: good
# left behind: process N: sleep 1000
# left behind (+), or gone (-):
# +mount / /tmp/left rw,relatime - tmpfs left rw,inode64
# +control group /sys/fs/cgroup/left
not ok 7 - vm/planted/leaves: nothing is left behind
ok 8 - vm/planted/clean: good # SKIP a reason
1..8"
is "and is a failure" "$st" 1
run scripts/vm $planted/panics.t $planted/clean.t
like "a panic is told" "$out" "*not ok * - the machine ran to the end of its tests*
# vm: the machine ended before it was due
# vm: *Kernel panic - not syncing: sysrq triggered crash*"
is "and is a failure" "$st" 125
run scripts/vm -t 8 $planted/hangs.t
like "a hang is told" "$out" "*not ok * - the machine ran to the end of its tests*
# vm: the machine was ended at its time limit (8 seconds)*"
is "and is a failure" "$st" 124
run scripts/vm $planted/nowhere.t
is "so is a test that is not there" "$st: $err" "125: vm: $planted/nowhere.t: no such test"
printf 'from a disk\n' >"$T/disk"
truncate -s 1M "$T/disk"
# shellcheck disable=SC2016 # that shell expands it
run scripts/vm -d "$T/disk" -- sh -c 'head -n 1 /dev/vda; echo "err $1" >&2; exit 7' \
	sh "it's a \"word\""
is "a command has its output, its errors and its status" "$st: $out, $err" \
	"7: from a disk, err it's a \"word\""
finish
