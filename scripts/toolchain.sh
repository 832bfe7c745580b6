# Sourced: what is needed to build and to test, and how it comes onto the machine.
# shellcheck shell=sh

JOBS=$(nproc 2>/dev/null || echo 2)

# "program package" pairs; a name with a slash is a file that has to exist, and may be a pattern.
# What every Debian has (coreutils, findutils, sed, grep, mawk, tar, gzip, util-linux, bash) is not
# named.
# shellcheck disable=SC2034 # read by missing(), by name
packages_build='make make
gcc gcc
strip binutils
musl-gcc musl-tools
/usr/include/stdio.h libc6-dev'
# shellcheck disable=SC2034
packages_test='clang-19 clang-19
/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-19-dev
llvm-symbolizer-19 llvm-19
afl-fuzz afl++
/usr/include/CUnit/CUnit.h libcunit1-dev
gcov gcc
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
/usr/include/seccomp.h libseccomp-dev
python3 python3
/usr/aarch64-linux-gnu/include/asm/unistd.h linux-libc-dev-arm64-cross
/usr/arm-linux-gnueabihf/include/asm/unistd.h linux-libc-dev-armhf-cross
/usr/riscv64-linux-gnu/include/asm/unistd.h linux-libc-dev-riscv64-cross
/usr/powerpc64le-linux-gnu/include/asm/unistd.h linux-libc-dev-ppc64el-cross
/usr/s390x-linux-gnu/include/asm/unistd.h linux-libc-dev-s390x-cross'
# shellcheck disable=SC2034
packages_bench='bwrap bubblewrap
strace strace
unshare util-linux
setpriv util-linux
/usr/include/seccomp.h libseccomp-dev
lscpu util-linux
cgexec cgroup-tools
crun crun
python3 python3'
# shellcheck disable=SC2034
packages_vm='/usr/share/doc/busybox-static/* busybox-static
cpio cpio
qemu-system-x86_64 qemu-system-x86'

# For arm64 from another machine: the compiler is this machine's, the libraries are that one's.
# shellcheck disable=SC2034
packages_arm64='aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
aarch64-linux-gnu-strip binutils-aarch64-linux-gnu
aarch64-linux-musl-gcc musl-dev:arm64'
# shellcheck disable=SC2034
packages_arm64_test='/usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
/usr/lib/aarch64-linux-gnu/libcunit.a libcunit1-dev:arm64
qemu-aarch64 qemu-user
qemu-system-aarch64 qemu-system-arm'

# What each kind is for.
purpose()
{
	case $1 in
	build) echo 'to build' ;;
	test) echo 'to test' ;;
	bench) echo 'to compare with the peers' ;;
	vm) echo 'to test in a virtual machine' ;;
	arm64) echo 'to build for arm64' ;;
	arm64_test) echo 'to test what is built for arm64' ;;
	esac
}

# present NAME: is the program on the PATH, or does a file match? Tests set toolchain_root to a
# folder that stands for a machine.
present()
{
	# shellcheck disable=SC2086 # the pattern is meant to expand
	case $1 in
	/*) ls ${toolchain_root:-}$1 ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1
}

# missing KIND...: the packages that are not there, once each.
missing()
{
	for kind; do
		eval "pairs=\$packages_$kind"
		# shellcheck disable=SC2154 # set by eval
		echo "$pairs"
	done | while read -r name package; do
		[ -z "$name" ] || present "$name" || echo "$package"
	done | sort -u | tr '\n' ' '
}

# architectures PACKAGE...: those that a package's name ends with, once each.
architectures()
{
	for name; do
		case $name in
		*:*) echo "${name##*:}" ;;
		esac
	done | sort -u
}

# apt knows the packages of another architecture only where dpkg has been told of that.
install_all()
{
	for name in $(architectures "$@"); do
		dpkg --add-architecture "$name" || return 1
	done
	apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
		--no-install-recommends "$@"
}

# need KIND...: installs what is missing, as root and saying so; else prints the line to run.
need()
{
	lacking=$(missing "$@")
	[ -n "$lacking" ] || return 0
	for kind; do
		part=$(missing "$kind")
		[ -z "$part" ] || echo "build.sh: $(purpose "$kind") is missing: $part" >&2
	done
	command -v apt-get >/dev/null 2>&1 || {
		echo "build.sh: and there is no apt-get here to install it" >&2
		exit 2
	}
	# shellcheck disable=SC2086 # a list of words
	foreign=$(architectures $lacking)
	if [ "$(id -u)" != 0 ]; then
		line="apt-get install -y $lacking"
		for name in $foreign; do
			line="dpkg --add-architecture $name && apt-get update && $line"
		done
		echo "build.sh: run this as root, then again: $line" >&2
		exit 2
	fi
	echo "build.sh: installing it through apt-get" >&2
	log=$(mktemp)
	# shellcheck disable=SC2086
	if ! install_all $lacking >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		exit 2
	fi
	rm -f "$log"
	lacking=$(missing "$@")
	[ -z "$lacking" ] || {
		echo "build.sh: installed, and yet missing: $lacking" >&2
		exit 2
	}
}
