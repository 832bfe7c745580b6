#!/bin/sh
# elfcheck.sh [FILE...]: what ships is one static position-independent file each, hardened, that
# runs where there is nothing else. Without words: all of out/. Those of arm64 run under qemu-user,
# which says nothing about where they are loaded; tests/vm/alone.t does, in a machine of theirs.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

bad=0
cannot=
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

wrong()
{
	echo "$file: $1"
	bad=1
}

# has PATTERN WHAT: a line of readelf's is there.
has()
{
	grep -Eq -- "$1" "$tmp/elf" || wrong "$2"
}

hasnt()
{
	! grep -Eq -- "$1" "$tmp/elf" || wrong "$2"
}

headers()
{
	readelf -hldSW "$file" >"$tmp/elf" 2>&1 || {
		wrong "is no ELF file"
		return 1
	}
	has '^ *Type: *DYN ' 'not position-independent: type is not DYN'
	hasnt '^ *INTERP ' 'has an interpreter'
	hasnt '\(NEEDED\)' 'needs a shared library'
	hasnt '\(TEXTREL\)|TEXTREL' 'has relocations in its text'
	hasnt '\((RPATH|RUNPATH)\)' 'has a path for libraries'
	has '^ *GNU_RELRO ' 'no RELRO'
	has '\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW|\(BIND_NOW\)' 'no BIND_NOW'
	has '^ *GNU_STACK .* RW +0x' 'the stack is executable, or nothing says that it is not'
	hasnt '^ *LOAD .* RWE ' 'a segment is writable and executable'
	hasnt '\.symtab|\.debug_' 'not stripped'
	machine=$(sed -n 's/^ *Machine: *//p' "$tmp/elf")
}

# Sets address to that of its last system call, which moves with the program.
locate()
{
	strace -i -o "$tmp/trace" "$file" --version >/dev/null 2>"$tmp/said" || {
		wrong "does not run: $(cat "$tmp/said")"
		return 1
	}
	address=$(sed -n 's/^\[\([0-9a-f]*\)\] exit_group(.*/\1/p' "$tmp/trace")
}

moves()
{
	if [ "$(cat /proc/sys/kernel/randomize_va_space)" = 0 ]; then
		cannot='addresses are not random on this machine (kernel.randomize_va_space is 0)'
		return 0
	fi
	locate || return 0
	first=$address
	locate || return 0
	if [ -z "$first" ] || [ "$first" = "$address" ]; then
		wrong "loaded at the same address twice: ${first:-unknown}"
	fi
}

# No loader, no library, no /proc, no /dev: the file alone.
alone()
{
	rm -rf "$tmp/root"
	mkdir "$tmp/root"
	cp "$file" "$tmp/root/program"
	chmod 755 "$tmp/root/program"
	if [ "$(id -u)" = 0 ]; then
		set -- chroot
	elif unshare --user --map-root-user true 2>/dev/null; then
		set -- unshare --user --map-root-user chroot
	else
		cannot='no chroot here: neither root nor user namespaces'
		return 0
	fi
	if ! "$@" "$tmp/root" /program --version >"$tmp/said" 2>&1 || ! [ -s "$tmp/said" ]; then
		wrong "does not run in an empty root: $(cat "$tmp/said")"
	fi
}

# A loader or a library would be looked for in a folder that is not there.
under_qemu()
{
	if ! qemu-aarch64 -L /nonexistent "$file" --version >"$tmp/said" 2>&1 ||
		! [ -s "$tmp/said" ]; then
		wrong "does not run under qemu-user: $(cat "$tmp/said")"
	fi
}

[ $# -gt 0 ] || set -- out/sbx-*
for file; do
	case $file in
	*/*) ;;
	*) file=./$file ;;
	esac
	headers || continue
	case $machine in
	AArch64)
		if [ "$(uname -m)" != aarch64 ]; then
			under_qemu
			continue
		fi
		;;
	esac
	moves
	alone
done
[ $bad = 0 ] || exit 1
[ -z "$cannot" ] || {
	echo "$cannot"
	exit 77
}
