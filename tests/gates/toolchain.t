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
is 'each once' "$(on_bare 'missing build test bench vm' | tr ' ' '\n' | grep . | sort | uniq -d)" ''

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
accepts 'nothing missing' on_bare 'packages_build=; need build'

# every package that is named exists on this machine's Debian
if command -v apt-cache >/dev/null 2>&1 && apt-cache show make >/dev/null 2>&1; then
	names=$(on_bare 'missing build test bench vm')
	# shellcheck disable=SC2086 # a list
	apt-cache show --no-all-versions $names 2>/dev/null | sed -n 's/^Package: //p' | sort -u \
		>"$T/known"
	is 'packages are called so' "$(echo "$names" | tr ' ' '\n' | grep . | sort -u |
		comm -23 - "$T/known")" ''
else
	skip 'packages are called so' 'no package lists on this machine'
fi
finish
