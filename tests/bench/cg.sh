#!/bin/sh
# What a run in a control group costs, measured where we are: scripts/bench-cg.sh runs this here,
# and in the virtual machine, where the controllers are.
#
#	tests/bench/cg.sh BIN ROUNDS GROUPS
#
# BIN holds bench, cgfloor, nop and the programs of ours; GROUPS is how many are watched. Lines as
# tests/bench/bench.c prints them, after "time"; "watch GROUPS CPU_MS WALL_MS" of sbx-cg watch;
# "note TEXT".
set -eu
export LC_ALL=C
bin=$1 rounds=$2 groups=$3
tmp=$(mktemp -d "${TMPDIR:-/tmp}/sbx-bench.XXXXXX")
top=$(sed -n 's/^[0-9]* [0-9]* [0-9:]* [^ ]* \([^ ]*\) [^-]* - cgroup2 .*/\1/p' \
	/proc/self/mountinfo | head -n 1)
parent=$top/sbx-bench.$$
mkdir "$parent"
clean()
{
	find "$parent" -depth -type d -exec rmdir {} + 2>/dev/null || true
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

spec()
{
	spec_name=$1
	shift
	printf '%s\0' "$spec_name" 42 1 /dev/null "$@" ''
}

have=$(cat "$parent/cgroup.controllers")
case " $have " in
*' memory '*)
	echo '+cpu +memory +pids' >"$parent/cgroup.subtree_control"
	floor='memory.max=67108864 cpu.max=100000 pids.max=64'
	limits='-m 64M -c 1 -p 64'
	mkdir "$parent/ready"
	;;
*)
	floor='cgroup.max.depth=8 cgroup.max.descendants=64 cgroup.max.depth=9'
	limits='--set cgroup.max.depth=8 --set cgroup.max.descendants=64'
	;;
esac

{
	spec nop "$bin/nop"
	# shellcheck disable=SC2086 # lists of words
	spec floor "$bin/cgfloor" "$parent" $floor -- "$bin/nop"
	# shellcheck disable=SC2086
	spec run "$bin/sbx-cg" run --parent "$parent" $limits -- "$bin/nop"
	# shellcheck disable=SC2086
	spec chain "$bin/sbx-cg" run --parent "$parent" $limits -- sbx-ns -- "$bin/nop"
	spec ns "$bin/sbx-ns" -- "$bin/nop"
	if [ -d "$parent/ready" ] && command -v cgexec >/dev/null; then
		spec cgexec "$(command -v cgexec)" \
			-g "cpu,memory,pids:${parent#"$top"/}/ready" "$bin/nop"
	fi
	if [ -d "$parent/ready" ] && command -v crun >/dev/null; then
		mkdir -p "$tmp/bundle/rootfs/proc" "$tmp/bundle/rootfs/dev"
		cp "$bin/nop" "$tmp/bundle/rootfs/nop"
		cat >"$tmp/bundle/config.json" <<END
{"ociVersion": "1.0.0", "root": {"path": "rootfs", "readonly": true},
 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
 "process": {"args": ["/nop"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
 "linux": {"cgroupsPath": "${parent#"$top"}/crun",
  "namespaces": [{"type": "mount"}, {"type": "pid"}],
  "resources": {"memory": {"limit": 67108864}, "cpu": {"quota": 100000, "period": 100000},
   "pids": {"limit": 64}}}}
END
		spec crun "$(command -v crun)" --cgroup-manager=cgroupfs \
			--root "$tmp/crun" run -b "$tmp/bundle" b
	fi
	if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
		spec systemd-run "$(command -v systemd-run)" -q --scope -p MemoryMax=64M \
			-p CPUQuota=100% -p TasksMax=64 "$bin/nop"
	else
		echo "note	no systemd here, so no systemd-run" >&2
	fi
} >"$tmp/spec"
"$bin/bench" -n "$rounds" -w 10 "$tmp/spec" | sed 's/^/time	/'

[ "$groups" -gt 0 ] || exit 0
(cd "$parent" && seq 1 "$groups" | sed 's/^/w/' | xargs mkdir)
cat >"$tmp/watch.py" <<'END'
import resource, subprocess, sys, time
a = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
b = resource.getrusage(resource.RUSAGE_CHILDREN)
print("watch\t%d\t%d" % ((b.ru_utime + b.ru_stime) * 1000, (time.monotonic() - a) * 1000))
END
python3 "$tmp/watch.py" "$bin/sbx-cg" watch --parent "$parent" --json --interval 1s --count 10 |
	sed "s/^watch/watch	$groups/"
