#!/bin/sh
# scripts/toolchain.sh knows what is missing on a machine that has nothing, and says what to do.
. tests/gates/lib.sh

# A machine: a PATH of few programs, and a root without files.
mkdir "$T/bin" "$T/root"
for program in sh ls sort tr mktemp cat rm dirname make; do
	ln -s "$(command -v $program)" "$T/bin/$program"
done
rm "$T/bin/make"

# on_bare COMMAND: in a shell on that machine
on_bare()
{
	env -i PATH="$T/bin" toolchain_root="$T/root" HOME=/ "$(command -v sh)" -c \
		". scripts/toolchain.sh; $1"
}
as_nobody='id() { echo 65534; }'

is 'to build' "$(on_bare 'missing build')" 'binutils gcc libc6-dev make musl-tools '
for package in afl++ bubblewrap clang-19 clang-format-14 clang-tidy-14 cppcheck git \
	libclang-rt-19-dev libcunit1-dev llvm-19 mandoc python3 shellcheck strace; do
	case " $(on_bare 'missing test')" in
	*" $package "*) ;;
	*) fail "to test: $package is missing" "$(on_bare 'missing test')" ;;
	esac
done
pass 'to test'
is 'in a virtual machine' "$(on_bare 'missing vm')" 'busybox-static cpio qemu-system-x86 '
is 'for arm64' "$(on_bare 'missing arm64')" \
	'binutils-aarch64-linux-gnu gcc-aarch64-linux-gnu musl-dev:arm64 '
is 'to test that' "$(on_bare 'missing arm64_test')" \
	'libc6-dev-arm64-cross libcunit1-dev:arm64 qemu-system-arm qemu-user '
kinds='build test bench vm arm64 arm64_test'
is 'each once' "$(on_bare "missing $kinds" | tr ' ' '\n' | grep . | sort | uniq -d)" ''

printf '#!/bin/sh\n' >"$T/bin/make"
chmod +x "$T/bin/make"
mkdir -p "$T/root/usr/include"
: >"$T/root/usr/include/stdio.h"
is 'what is there is not missing' "$(on_bare 'missing build')" 'binutils gcc musl-tools '

rejects 'without apt-get' 'there is no apt-get here' on_bare 'need build'
printf '#!/bin/sh\necho "$@" >>%s/asked\n' "$T" >"$T/bin/apt-get"
chmod +x "$T/bin/apt-get"
rejects 'who is not root gets the line to run' \
	'^build.sh: run this as root.*: apt-get install -y binutils gcc musl-tools ?$' \
	on_bare "$as_nobody; need build"
on_bare "$as_nobody; need build" 2>/dev/null
is 'and the status 2' $? 2
[ ! -e "$T/asked" ]
is 'and nothing is installed' $? 0
rejects 'as root, why' '^build.sh: to build is missing: binutils gcc musl-tools' \
	on_bare 'id() { echo 0; }; need build'
is 'and what is installed' "$(tail -n 1 "$T/asked")" \
	'install -y --no-install-recommends binutils gcc musl-tools'
rejects 'what is missing after that is a fault' 'installed, and yet missing: binutils gcc' \
	on_bare 'id() { echo 0; }; need build'
rejects 'of another architecture, who is not root' \
	': dpkg --add-architecture arm64 && apt-get update && .* install -y .* musl-dev:arm64' \
	on_bare "$as_nobody; need arm64"
printf '#!/bin/sh\necho "dpkg $@" >>%s/asked\n' "$T" >"$T/bin/dpkg"
chmod +x "$T/bin/dpkg"
: >"$T/asked"
rejects 'and root' 'installed, and yet missing: binutils-aarch64' \
	on_bare 'id() { echo 0; }; need arm64'
is 'has dpkg told of it first' "$(head -n 1 "$T/asked")" 'dpkg --add-architecture arm64'
printf '#!/bin/sh\necho no such architecture\nexit 2\n' >"$T/bin/dpkg"
: >"$T/asked"
rejects 'and where it is refused' 'no such architecture' on_bare 'id() { echo 0; }; need arm64'
is 'nothing is installed' "$(cat "$T/asked")" ''
accepts 'nothing missing' on_bare 'packages_build=; need build'

# every package that is named exists on this machine's Debian
if command -v apt-cache >/dev/null 2>&1 && apt-cache show make >/dev/null 2>&1; then
	# those of another architecture are called as this one's are
	names=$(on_bare "missing $kinds" | tr ' ' '\n' | sed 's/:.*//')
	# shellcheck disable=SC2086 # a list
	apt-cache show --no-all-versions $names 2>/dev/null | sed -n 's/^Package: //p' | sort -u \
		>"$T/known"
	is 'packages are called so' "$(echo "$names" | tr ' ' '\n' | grep . | sort -u |
		comm -23 - "$T/known")" ''
else
	skip 'packages are called so' 'no package lists on this machine'
fi
finish
