#!/bin/sh
# What a run in a control group costs over a bare program that does the same calls, and over its
# peers. Where the host's v2 hierarchy has no controllers for processor, memory and pids, the run
# here has other limits, as many; those three are measured in the virtual machine, whose processor
# is emulated: of its figures the ratios count. Part of scripts/bench.sh, which builds what this one
# runs.
#
#	scripts/bench-cg.sh [--json] [-n ROUNDS]
#
# Status: 0 everything ran, 1 some of it could not, 2 something needed is missing.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

usage()
{
	echo "usage: scripts/bench-cg.sh [--json] [-n ROUNDS]" >&2
	exit 2
}

json=0 rounds=100
while [ $# -gt 0 ]; do
	case $1 in
	--json) json=1 ;;
	-n)
		[ $# -ge 2 ] || usage
		case $2 in '' | *[!0-9]* | 0* | ??????*) usage ;; esac
		rounds=$2
		shift
		;;
	*) usage ;;
	esac
	shift
done
[ "$(id -u)" = 0 ] || {
	echo "bench: skipped control groups: only root may make them anywhere" >&2
	exit 0
}
for tool in cgexec crun qemu-system-x86_64 python3; do
	command -v $tool >/dev/null && continue
	echo "bench: $tool is missing; ./build.sh bench installs it" >&2
	exit 2
done
mkdir -p build/bench/cg
for p in nop bench cgfloor; do
	musl-gcc -std=c11 -O2 -Wall -Wextra -static -s -o build/bench/cg/$p tests/bench/$p.c ||
		exit 2
done
cp out/sbx-cg out/sbx-ns build/bench/cg
tmp=$(mktemp -d "${TMPDIR:-/tmp}/sbx-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
bad=0

where()
{
	sed "s/^/$1	/" "$tmp/out" >>"$tmp/results"
}
tests/bench/cg.sh build/bench/cg "$rounds" 1000 >"$tmp/out" || bad=1
where host
scripts/vm -u -t 900 -m 1024 -p cgexec:/bin/cgexec -p crun:/bin/crun -f build/bench/cg:/bench \
	-f tests/bench/cg.sh:/cg.sh -- sh /cg.sh /bench "$((rounds < 60 ? rounds : 60))" 1000 \
	>"$tmp/out" || bad=1
where machine

awk -F '\t' -v json=$json '
function str(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
function reach(text, value, most, unit) {
	if (json)
		printf "{\"kind\":\"reach\",\"name\":%s,\"value\":%.3f,\"reach\":%s," \
			"\"unit\":%s,\"ok\":%s}\n", str(text), value, most, str(unit),
			value <= most ? "true" : "false"
	else
		printf "%s = %.2f%s (reach %s) %s\n", text, value, unit == "" ? "" : " " unit, most,
			value <= most ? "ok" : "missed"
}
BEGIN {
	title["nop"] = "empty payload"
	title["floor"] = "floor: mkdir, 3 writes, clone3, rmdir"
	title["run"] = "sbx-cg run, 3 limits"
	title["chain"] = "sbx-cg run -- sbx-ns"
	title["ns"] = "sbx-ns alone"
	title["cgexec"] = "cgexec into a group that is there"
	title["crun"] = "crun run, 3 limits, 2 namespaces"
	title["systemd-run"] = "systemd-run --scope"
	head["host"] = "here"
	head["machine"] = "in an emulated machine"
}
$2 == "time" {
	if ($8 != "ok") { print "bench: " $1 ", " $3 ": " $8 >"/dev/stderr"; fault = 1 }
	med[$1, $3] = $5
	if (!(($1, "rows") in rows))
		order[++tables] = $1
	rows[$1, "rows"] = rows[$1, "rows"] " " $3
	if (json)
		printf "{\"kind\":\"time\",\"table\":\"cgroup-%s\",\"name\":%s,\"runs\":%d," \
			"\"median_us\":%.1f,\"min_us\":%.1f,\"max_us\":%.1f,\"state\":%s}\n",
			$1, str($3), $4, $5 / 1000, $6 / 1000, $7 / 1000, str($8)
	else
		line[$1, $3] = sprintf("%-40s %9.0f %9.0f %9.0f", title[$3], $5 / 1000, $6 / 1000,
			$7 / 1000)
}
$2 == "watch" { watch[$1] = $4 / $5 * 100; n[$1] = $3 }
function table(where,    name, n, i, over) {
	printf "\n%-40s %9s %9s %9s %9s\n", "control groups " head[where], "median us", "min",
		"max", "over floor"
	n = split(rows[where, "rows"], name, " ")
	for (i = 1; i <= n; i++) {
		over = ""
		if (name[i] != "nop" && name[i] != "ns" && name[i] != "floor")
			over = sprintf(" %9.0f", (med[where, name[i]] - med[where, "floor"]) / 1000)
		print line[where, name[i]] over
	}
}
END {
	for (i = 1; i <= tables && !json; i++)
		table(order[i])
	over = (med["host", "run"] - med["host", "floor"]) / 1e6
	if (med["host", "run"])
		reach("sbx-cg run over the floor, here", over, 1, "ms")
	# an emulated processor has its own idea of a millisecond
	if (med["machine", "run"] && !json)
		printf "sbx-cg run / the floor, %s = %.2f\n", head["machine"],
			med["machine", "run"] / med["machine", "floor"]
	# a processor that is emulated says nothing of what a real one has to do
	if (n["host"])
		reach("sbx-cg watch, " n["host"] " groups, here: of one processor", watch["host"],
			5, "%")
	exit fault
}' "$tmp/results" || bad=1
exit $bad
