#!/bin/sh
# Compares our filters with libseccomp's, for the profile that docker has by default: one and three
# architectures. Part of scripts/bench.sh, which builds what this one runs.
#
#	scripts/bench-seccomp.sh [--json] [-n ROUNDS] [PROFILE]
#
# Status: 0 everything ran, 1 some of it could not, 2 something needed is missing.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

usage()
{
	echo "usage: scripts/bench-seccomp.sh [--json] [-n ROUNDS] [PROFILE]" >&2
	exit 2
}

json=0 rounds=100 profile=
while [ $# -gt 0 ]; do
	case $1 in
	--json) json=1 ;;
	-n)
		[ $# -ge 2 ] || usage
		case $2 in '' | *[!0-9]* | 0* | ??????*) usage ;; esac
		rounds=$2
		shift
		;;
	-*) usage ;;
	*) profile=$1 ;;
	esac
	shift
done

# The published profiles are not ours to keep; they lie beside the tree, or where this says.
: "${SBX_PROFILES:=../shared/vectors/seccomp}"
[ -n "$profile" ] || for profile in "$SBX_PROFILES/moby-default.json" ''; do
	[ ! -f "$profile" ] || break
done
if [ -z "$profile" ]; then
	echo "bench: skipped seccomp: no profile in $SBX_PROFILES" >&2
	exit 0
fi
tests/seccomp/build.sh bench || exit 2

tmp=$(mktemp -d "${TMPDIR:-/tmp}/sbx-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
bad=0

# Lines "filter ...", as tests/seccomp/bench.c has them, "time NAME MEDIAN", "size BYTES".
build/seccomp/bench "$rounds" "$profile" >"$tmp/results" || bad=1
if [ -x out/sbx-seccomp ] && [ -x build/bench/bench ]; then
	cp out/sbx-seccomp build/bench/nop "$tmp"
	{
		printf '%s\0' true 42 1 /dev/null "$tmp/nop" ''
		printf '%s\0' sbx 42 1 /dev/null "$tmp/sbx-seccomp" -p default "$tmp/nop" ''
	} >"$tmp/spec"
	build/bench/bench -n "$rounds" -w 10 "$tmp/spec" >"$tmp/clock" || bad=1
	awk -F '\t' '$6 == "ok" { print "time\t" $1 "\t" $3 }' "$tmp/clock" >>"$tmp/results"
	printf 'size\t%s\n' "$(wc -c <out/sbx-seccomp | tr -d ' ')" >>"$tmp/results"
fi

# The level that is in force when none is given.
awk -F '\t' -v json=$json -v rounds="$rounds" -v ours="sbx -O1" -v tree="libseccomp tree" '
function us(ns) { return sprintf("%.0f", ns / 1000) }
function reach(text, value, limit,    told, verdict) {
	told = value == "" ? "" : sprintf("%.3g", value)
	if (json) {
		printf "{\"kind\":\"reach\",\"name\":\"%s\",", text
		printf "\"value\":%s,\"reach\":%s}\n", told == "" ? "null" : told,
			limit == "" ? "null" : limit
		return
	}
	if (limit != "")
		verdict = " (reach " limit ")"
	if (limit != "" && value != "")
		verdict = verdict (value + 0 <= limit + 0 ? " ok" : " missed")
	print text " = " (told == "" ? "not measured" : told) verdict
}
function ratio(a, b) { return a > 0 && b > 0 ? a / b : "" }
function figures(archs, insns, longest, mean, compile,    a, b, of) {
	a = archs SUBSEP ours
	b = archs SUBSEP tree
	of = ", " archs (archs == 1 ? " architecture" : " architectures")
	reach("instructions" of, n[a], insns)
	reach("longest path" of, long[a], longest)
	reach("mean path" of, mean_of[a], mean)
	reach("compile with proof / libseccomp tree" of, ratio(compiled[a], compiled[b]), compile)
	reach("attach / libseccomp tree" of, ratio(attached[a], attached[b]), 0.4)
	reach("denied call / libseccomp tree" of, ratio(denied[a], denied[b]), "")
}
$1 == "filter" {
	key = $2 SUBSEP $3
	n[key] = $4; long[key] = $5; mean_of[key] = $6; compiled[key] = $7; attached[key] = $8
	denied[key] = $10
	rows[++count] = $0
}
$1 == "time" { time[$2] = $3 }
$1 == "size" { size = $2 }
BEGIN {
	form = "\"insns\":%d,\"longest\":%d,\"mean\":%.2f,\"compile_ns\":%d,"
	form = form "\"attach_ns\":%d,\"allowed_ns\":%d,\"denied_ns\":%d,\"tested_ns\":%d"
}
END {
	if (!json) {
		print "\nFilters of one profile; compile and attach in microseconds, calls in"
		print "nanoseconds, medians of " rounds " interleaved rounds. We read the JSON and"
		print "prove the filter while compiling; libseccomp does neither.\n"
		printf "%-5s %-16s %5s %7s %7s %8s %7s %7s %7s %7s\n", "archs", "", "insns",
			"longest", "mean", "compile", "attach", "allowed", "denied", "tested"
	}
	for (i = 1; i <= count; i++) {
		split(rows[i], f, "\t")
		if (json)
			printf "{\"kind\":\"filter\",\"archs\":%d,\"name\":\"%s\"," form "}\n",
				f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11]
		else
			printf "%-5s %-16s %5d %7d %7.1f %8s %7s %7d %7d %7d\n", f[2], f[3],
				f[4], f[5], f[6], us(f[7]), us(f[8]), f[9], f[10], f[11]
	}
	if (!json)
		print ""
	figures(1, 68, 14, 8.9, 0.1)
	figures(3, 235, 15, "", 0.0334)
	reach("sbx-seccomp -p default / bare payload", ratio(time["sbx"], time["true"]), "")
	reach("sbx-seccomp -p default, microseconds", time["sbx"] ? time["sbx"] / 1000 : "", "")
	reach("sbx-seccomp size, KiB", size ? size / 1024 : "", 150)
}' "$tmp/results"
exit $bad
