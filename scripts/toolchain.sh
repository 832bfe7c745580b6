# Sourced: what is needed to build and to test, and how it comes onto the machine.
# shellcheck shell=sh

JOBS=$(nproc 2>/dev/null || echo 2)

# "program package" pairs; a name with a slash is a file that has to exist.
# shellcheck disable=SC2034 # read by need(), by name
packages_build='make make
gcc gcc
musl-gcc musl-tools
/usr/include/stdio.h libc6-dev'
# shellcheck disable=SC2034
packages_test='clang-19 clang-19
/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-19-dev
llvm-symbolizer-19 llvm-19
afl-fuzz afl++
/usr/include/CUnit/CUnit.h libcunit1-dev
strace strace
shellcheck shellcheck
mandoc mandoc
bwrap bubblewrap
clang-format-14 clang-format-14
clang-tidy-14 clang-tidy-14
cppcheck cppcheck
readelf binutils
git git
setpriv util-linux
python3 python3'
# shellcheck disable=SC2034
packages_bench='bwrap bubblewrap
strace strace
unshare util-linux
setpriv util-linux
lscpu util-linux'

# present NAME: is the program on the PATH, or does a file match?
present()
{
	case $1 in
	/*) ls $1 >/dev/null 2>&1 ;; # shellcheck disable=SC2086 # the pattern is meant to expand
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# missing KIND...: the packages that are not there, once each.
missing()
{
	for kind; do
		eval "pairs=\$packages_$kind"
		echo "$pairs"
	done | while read -r name package; do
		present "$name" || echo "$package"
	done | sort -u | tr '\n' ' '
}

# need KIND...: installs what is missing, as root and saying so; else prints the line to run.
need()
{
	lacking=$(missing "$@")
	[ -n "$lacking" ] || return 0
	command -v apt-get >/dev/null 2>&1 || {
		echo "build.sh: missing, and no apt-get here to install it: $lacking" >&2
		exit 2
	}
	if [ "$(id -u)" != 0 ]; then
		echo "build.sh: missing: $lacking" >&2
		echo "build.sh: run this as root, then again: apt-get install -y $lacking" >&2
		exit 2
	fi
	echo "build.sh: to $* is needed, and will be installed: $lacking" >&2
	log=$(mktemp)
	# shellcheck disable=SC2086 # a list of words
	if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends $lacking; } >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		exit 2
	fi
	rm -f "$log"
}
