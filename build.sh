#!/bin/sh
# The one entry: builds, checks, tests, measures and packs sbx.
set -eu
cd "$(dirname "$0")"
. scripts/toolchain.sh

usage()
{
	cat <<'END'
usage: ./build.sh [release]          static programs into out/
       ./build.sh debug              the same with symbols, unoptimised, into out/debug/
       ./build.sh arm64              those for arm64, from whatever machine, into out/arm64/
       ./build.sh arm64 test [all]   and tests them, as "test" does; all: with what takes long
       ./build.sh demo               builds and runs a redacting hook in a box
       ./build.sh check              the gates that take seconds
       ./build.sh test               everything: gates, units, fuzzers, the shipped programs
       ./build.sh fuzz TARGET|all N  fuzzes for N seconds, engines in turn, and keeps its finds
       ./build.sh random [N [SEED]]  judges the filters of N random policies (1000)
       ./build.sh bench [OPTION ...] compares with the peers; see scripts/bench.sh
       ./build.sh dist               an archive of programs and manuals into out/dist/
       ./build.sh clean              removes build/ and out/
END
}

word=${1:-release}
[ $# -eq 0 ] || shift
case $word in
release)
	need build
	exec make -s -j"$JOBS" all "$@"
	;;
debug)
	need build
	exec make -s -j"$JOBS" debug "$@"
	;;
arm64)
	need build arm64
	if [ "${1:-}" = test ]; then
		need vm arm64_test
		make -s -j"$JOBS" arm64 units-arm64
		bad=0
		scripts/arm64.sh units || bad=1
		scripts/arm64.sh "${2:-machine}" || bad=1
		exit $bad
	fi
	exec make -s -j"$JOBS" arm64 "$@"
	;;
demo)
	need build
	make -s -j"$JOBS" all
	exec scripts/demo/demo.sh "$@"
	;;
check)
	need build test
	exec scripts/check.sh "$@"
	;;
test)
	need build test vm arm64 arm64_test
	exec scripts/test.sh "$@"
	;;
fuzz)
	need build test
	exec scripts/fuzz.sh "$@"
	;;
random)
	need build
	exec scripts/random.sh "$@"
	;;
bench)
	need build bench vm
	exec scripts/bench.sh "$@"
	;;
dist)
	need build
	exec scripts/dist.sh "$@"
	;;
clean)
	rm -rf build out
	;;
-h | --help | help)
	usage
	;;
*)
	echo "build.sh: unknown word \"$word\"" >&2
	usage >&2
	exit 2
	;;
esac
