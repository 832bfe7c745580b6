#!/bin/sh
# Compares sbx-ns and sbx-hook with their peers and with a bare floor program, in one interleaved
# run; then sbx-seccomp's filters with libseccomp's, see scripts/bench-seccomp.sh; and runs in
# control groups, here and in the virtual machine, see scripts/bench-cg.sh.
#
#	scripts/bench.sh [--json] [--no-build] [-n ROUNDS]
#
# Status: 0 everything ran, 1 some row could not be run, 2 something needed is missing. Never by a
# clock: a ratio beyond its reach is printed as "missed" and changes nothing.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

usage()
{
	echo "usage: scripts/bench.sh [--json] [--no-build] [-n ROUNDS]" >&2
	exit 2
}

json=0 build=1 rounds=300 bad=0
while [ $# -gt 0 ]; do
	case $1 in
	--json) json=1 ;;
	--no-build) build=0 ;;
	-n)
		[ $# -ge 2 ] || usage
		case $2 in '' | *[!0-9]* | 0* | ???????*) usage ;; esac
		rounds=$2
		shift
		;;
	*) usage ;;
	esac
	shift
done

if [ $build = 1 ] && ! ./build.sh >&2; then
	echo "bench: ./build.sh failed" >&2
	exit 2
fi
[ -e /usr/include/seccomp.h ] || {
	echo "bench: seccomp.h is missing; apt-get install libseccomp-dev" >&2
	exit 2
}
for tool in bwrap strace unshare setpriv lscpu musl-gcc; do
	command -v $tool >/dev/null && continue
	echo "bench: $tool is missing; apt-get install bubblewrap strace util-linux musl-tools" >&2
	exit 2
done

mkdir -p build/bench
for p in nop hook floor bench memory; do
	musl-gcc -std=c11 -O2 -Wall -Wextra -static -s -o build/bench/$p tests/bench/$p.c || exit 2
done

tmp=$(mktemp -d "${TMPDIR:-/tmp}/sbx-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$tmp"
# The clone may lie where uid 65534, or root without capabilities, cannot look: copies are run.
bin=$tmp/bin
mkdir "$bin"
cp build/bench/* "$bin"
for p in sbx-ns sbx-hook; do
	[ ! -f out/$p ] || cp out/$p "$bin"
done
results=$tmp/results
bwrap=$(command -v bwrap)
unshare=$(command -v unshare)

# ---- what is run --------------------------------------------------------------------------------

quoted()
{
	printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

cat >"$tmp/config.json" <<END
{"sandboxes": {"b": {"level": "namespaced"}},
 "hooks": {"h": {"command": "$(quoted "$bin/hook")", "hook": "provider",
                 "phases": ["before_call"], "mode": "filter", "sandbox": "b", "timeout": "10s"}}}
END
echo '{"hook":"provider","phase":"before_call","request":{}}' >"$tmp/request.json"

# Calls "$1 NAME STATUS STDIN COMMAND..." for each row that an ordinary user has too.
common_rows()
{
	"$1" nop 42 /dev/null "$bin/nop"
	"$1" floor 42 /dev/null "$bin/floor" "$bin/nop"
	"$1" floor-proc 42 /dev/null "$bin/floor" --proc "$bin/nop"
	"$1" ns 42 /dev/null "$bin/sbx-ns" --dev -- "$bin/nop"
	"$1" ns-proc 42 /dev/null "$bin/sbx-ns" --proc --dev -- "$bin/nop"
	"$1" bwrap 42 /dev/null "$bwrap" --unshare-all --ro-bind / / --proc /proc --dev /dev \
		"$bin/nop"
}

all_rows()
{
	common_rows "$1"
	"$1" unshare 42 /dev/null "$unshare" --user --map-root-user --mount --pid --fork --net \
		--ipc --uts --cgroup --time "$bin/nop"
	"$1" hook 0 "$tmp/request.json" "$bin/sbx-hook" run -f "$tmp/config.json" h
}

# ---- how it is measured -------------------------------------------------------------------------

# shellcheck disable=SC2317 # the next three are called by name, as "$1" of the functions above
failed()
{
	echo "bench: $1" >&2
	bad=1
}

# A row of the file that tests/bench/bench.c reads.
spec()
{
	spec_name=$1 spec_status=$2 spec_stdin=$3
	shift 3
	printf '%s\0' "$spec_name" "$spec_status" 1 "$spec_stdin" "$@" ''
}

# shellcheck disable=SC2317
count_calls()
{
	calls_name=$1 calls_status=$2 calls_stdin=$3 calls_got=0
	shift 3
	strace -f -c -U calls,name -o "$tmp/strace" "$@" <"$calls_stdin" >/dev/null || calls_got=$?
	if [ "$calls_got" = "$calls_status" ]; then
		awk -v name="$calls_name" '$2 == "total" { print "calls\t" name "\t" $1 }' \
			"$tmp/strace" >>"$results"
	else
		failed "$calls_name under strace: status $calls_got"
	fi
}

# shellcheck disable=SC2317
weigh()
{
	weigh_name=$1 weigh_status=$2 weigh_stdin=$3 weigh_got=0
	shift 3
	weigh_kib=$("$bin/memory" -i "$weigh_stdin" "$@") || weigh_got=$?
	if [ "$weigh_got" = "$weigh_status" ]; then
		printf 'memory\t%s\t%s\n' "$weigh_name" "$weigh_kib" >>"$results"
	else
		failed "memory of $weigh_name: status $weigh_got"
	fi
}

# clock TABLE ROUNDS WARMUP [PREFIX...]: the rows of $tmp/spec, as lines "time TABLE NAME ...".
clock()
{
	clock_table=$1 clock_rounds=$2 clock_warm=$3
	shift 3
	"$@" "$bin/bench" -n "$clock_rounds" -w "$clock_warm" "$tmp/spec" >"$tmp/clock" ||
		bad=1
	sed "s/^/time	$clock_table	/" "$tmp/clock" >>"$results"
}

measure_user()
{
	common_rows spec >"$tmp/spec"
	clock user "$rounds" 10 setpriv --reuid 65534 --regid 65534 --clear-groups
}

# bind_row NAME EVERY N COMMAND...: the command, N times --bind, the payload.
bind_row()
{
	bind_n=$3 bind_i=0
	printf '%s\0' "$1-$3" 42 "$2" /dev/null
	shift 3
	printf '%s\0' "$@"
	while [ $bind_i -lt "$bind_n" ]; do
		printf '%s\0' --bind "$tmp/src/$bind_i" "$tmp/dst/$bind_i"
		bind_i=$((bind_i + 1))
	done
	printf '%s\0' -- "$bin/nop" ''
}

# $1 = N, $2 = how rarely bwrap takes part
bind_rows()
{
	for how in binds mounts; do
		spec $how-"$1" 42 /dev/null "$bin/floor" --proc $how "$1" "$tmp/src" "$tmp/dst" \
			"$bin/nop"
	done
	bind_row ns 1 "$1" "$bin/sbx-ns" --proc --dev
	bind_row bwrap "$2" "$1" "$bwrap" --unshare-all --ro-bind / / --proc /proc --dev /dev
}

# bwrap is quadratic in the number of mounts: the more of them, the fewer of its runs.
measure_binds()
{
	mkdir "$tmp/src" "$tmp/dst"
	(cd "$tmp/src" && seq 0 1999 | xargs mkdir)
	(cd "$tmp/dst" && seq 0 1999 | xargs mkdir)
	{
		bind_rows 0 1
		bind_rows 100 2
		bind_rows 500 4
		bind_rows 1000 10
		bind_rows 2000 10
	} >"$tmp/spec"
	clock binds $((rounds < 30 ? rounds : 30)) 2
}

describe_machine()
{
	cpu=$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)
	tools="$($bwrap --version), $($unshare --version | sed 's/.* from //')"
	tools="$tools, $(strace -V | sed -n '1s/ -- version//p')"
	printf 'machine\t%s\t%s\t%s\t%s\t%s\t%s\n' "${cpu:-unknown processor}" "$(nproc)" \
		"$(uname -sr)" "$(uname -m)" "$(cut -d ' ' -f 1 /proc/loadavg)" "$tools"
}

measure_sizes()
{
	for f in out/*; do
		if [ -f "$f" ] && [ -x "$f" ]; then
			printf 'size\t%s\t%s\n' "${f##*/}" "$(wc -c <"$f" | tr -d ' ')"
		fi
	done
}

describe_machine >"$results"
measure_sizes >>"$results"
all_rows spec >"$tmp/spec"
clock all "$rounds" 10
all_rows count_calls
if [ "$(id -u)" = 0 ]; then
	all_rows weigh # reads the memory of processes that are not dumpable
	measure_user
fi
measure_binds

# ---- how it is told -----------------------------------------------------------------------------

# Adds lines "reach TEXT VALUE REACH UNIT": VALUE - where not measured, REACH - where only told.
add_reach()
{
	awk -F '\t' -v OFS='\t' '
	function ratio(text, table, a, b, reach) {
		a = t[table, a]
		b = t[table, b]
		print "reach", text, a && b ? a / b : "-", reach, ""
	}
	function count(text, value, reach, unit) {
		print "reach", text, value == "" ? "-" : value, reach, unit
	}
	{ print }
	$1 == "time" && $8 == "ok" { t[$2, $3] = $5 }
	$1 == "calls" { calls[$2] = $3 }
	$1 == "size" && $2 == "sbx-ns" { size = $3 / 1024 }
	END {
		ratio("full isolation / bwrap", "all", "ns-proc", "bwrap", "0.40")
		ratio("full isolation / floor", "all", "ns-proc", "floor-proc", "1.30")
		count("system calls", calls["ns-proc"], 150, "")
		count("sbx-ns size", size, 64, "KiB")
		ratio("2000 binds: sbx-ns / bare mounts", "binds", "ns-2000", "binds-2000", "-")
		ratio("2000 binds: sbx-ns / bare mount(2)", "binds", "ns-2000", "mounts-2000", "-")
		ratio("2000 binds: sbx-ns / bwrap", "binds", "ns-2000", "bwrap-2000", "-")
		ratio("full isolation / bwrap, as uid 65534", "user", "ns-proc", "bwrap", "-")
		ratio("full isolation / floor, as uid 65534", "user", "ns-proc", "floor-proc", "-")
		ratio("sbx-hook run / full isolation", "all", "hook", "ns-proc", "-")
	}' "$results"
}

tell_json()
{
	awk -F '\t' '
	function str(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
	function num(s) { return s == "-" ? "null" : s }
	{ printf "{\"kind\":%s,", str($1) }
	$1 == "machine" {
		printf "\"cpu\":%s,\"cores\":%d,\"kernel\":%s,", str($2), $3, str($4)
		printf "\"arch\":%s,\"load\":%s,\"tools\":%s}\n", str($5), $6, str($7)
	}
	$1 == "time" {
		printf "\"table\":%s,\"name\":%s,\"runs\":%d,", str($2), str($3), $4
		if ($8 == "ok")
			printf "\"median_us\":%.1f,\"min_us\":%.1f,\"max_us\":%.1f,",
				$5 / 1000, $6 / 1000, $7 / 1000
		printf "\"state\":%s}\n", str($8)
	}
	$1 == "calls" { printf "\"name\":%s,\"calls\":%d}\n", str($2), $3 }
	$1 == "memory" {
		printf "\"name\":%s,\"peak_kib\":%d,\"held_kib\":%d,\"processes\":%d}\n",
			str($2), $3, $4, $5
	}
	$1 == "size" { printf "\"name\":%s,\"bytes\":%d}\n", str($2), $3 }
	$1 == "reach" {
		printf "\"name\":%s,\"value\":%s,\"reach\":%s,\"unit\":%s", str($2), num($3),
			num($4), str($5)
		if ($3 != "-" && $4 != "-")
			printf ",\"ok\":%s", $3 + 0 <= $4 + 0 ? "true" : "false"
		print "}"
	}'
}

tell_text()
{
	awk -F '\t' '
	function us(x) { return x == "" ? "-" : sprintf("%.0f", x / 1000) }
	function per(a, b) { return a && b ? sprintf("%.2f", a / b) : "-" }
	function cell(x) { return x == "" ? "-" : x }
	function times(key) {
		return sprintf("%9s %9s %9s", us(med[key]), us(min[key]), us(max[key]))
	}
	function why(key) { return key in fault ? "  not run: " fault[key] : "" }
	function head(table, title) {
		printf "\n%-37s %9s %9s %9s %7s %7s %7s%s\n", title, "median us", "min", "max",
			"/empty", "/floor", "/bwrap",
			table == "all" ? " calls  peak  held procs" : ""
	}
	function row(table, name, text,    key) {
		key = table SUBSEP name
		printf "%-37s %s %7s %7s %7s", text, times(key),
			per(med[key], med[table, "nop"]), per(med[key], med[table, "floor-proc"]),
			per(med[key], med[table, "bwrap"])
		if (table == "all")
			printf " %5s %5s %5s %5s", cell(calls[name]), cell(peak[name]),
				cell(held[name]), cell(procs[name])
		print why(key)
	}
	function common(table) {
		row(table, "nop", "empty payload")
		row(table, "floor", "floor")
		row(table, "floor-proc", "floor --proc")
		row(table, "ns", "sbx-ns --dev")
		row(table, "ns-proc", "sbx-ns --proc --dev (full isolation)")
		row(table, "bwrap", "bwrap, all namespaces, ro /, proc, dev")
	}
	function bind(n, name, text,    key, none) {
		key = "binds" SUBSEP name "-" n
		none = med["binds", name "-0"]
		printf "%5d  %-30s %s %7s %7s %7s%s\n", n, text, times(key), cell(runs[key]),
			n && med[key] && none ? sprintf("%.1f", (med[key] - none) / n / 1000) : "-",
			per(med[key], med["binds", "binds-" n]), why(key)
	}
	function binds(n) {
		bind(n, "mounts", "bare, mount(2)")
		bind(n, "binds", "bare, open_tree + move_mount")
		bind(n, "ns", "sbx-ns --bind")
		bind(n, "bwrap", "bwrap --bind")
	}
	function value(x, unit) {
		return (x ~ /\./ ? sprintf("%.2f", x) : x) (unit == "" ? "" : " " unit)
	}
	$1 == "machine" {
		printf "%s, %s cores, %s %s, load %s; %s\n", $2, $3, $4, $5, $6, $7
	}
	$1 == "time" && $8 == "ok" {
		runs[$2, $3] = $4; med[$2, $3] = $5; min[$2, $3] = $6; max[$2, $3] = $7
	}
	$1 == "time" && $8 != "ok" { fault[$2, $3] = $8 }
	$1 == "time" { seen[$2] = 1 }
	$1 == "calls" { calls[$2] = $3 }
	$1 == "memory" { peak[$2] = $3; held[$2] = $4; procs[$2] = $5 }
	$1 == "size" { sizes = sizes sep sprintf("%s %.1f KiB", $2, $3 / 1024); sep = ", " }
	$1 == "reach" { reach[++nreach] = $0 }
	END {
		print "Wall time of fork, exec, wait in microseconds; rows in random order."
		print "/empty, /floor, /bwrap: to the median of empty payload, floor --proc, bwrap."
		print "calls: as strace -f -c counts. peak, held: KiB, sum of shares (Pss) of all"
		print "processes, at most and when the payload ends; procs: how many these are."
		head("all", runs["all", "nop"] " rounds")
		common("all")
		row("all", "unshare", "unshare, all namespaces, no mounts")
		row("all", "hook", "sbx-hook run, level namespaced")
		if (seen["user"]) {
			head("user", runs["user", "nop"] " rounds as uid 65534")
			common("user")
		}
		printf "\n%5s  %-30s %9s %9s %9s %7s %7s %7s\n", "binds", "", "median us", "min",
			"max", "runs", "us/bind", "/bare"
		binds(0); binds(100); binds(500); binds(1000); binds(2000)
		printf "\n%s\n\n", sizes == "" ? "out/ is empty" : sizes
		for (i = 1; i <= nreach; i++) {
			split(reach[i], f, "\t")
			printf "%s = %s", f[2], f[3] == "-" ? "not measured" : value(f[3], f[5])
			if (f[4] != "-")
				printf " (reach %s)%s", f[4],
					f[3] == "-" ? "" : f[3] + 0 <= f[4] + 0 ? " ok" : " missed"
			printf "\n"
		}
	}'
}

if [ $json = 1 ]; then
	add_reach | tell_json
else
	add_reach | tell_text
fi
for part in seccomp cg; do
	if [ $json = 1 ]; then
		scripts/bench-$part.sh --json -n "$rounds" || bad=1
	else
		scripts/bench-$part.sh -n "$rounds" || bad=1
	fi
done
exit $bad
