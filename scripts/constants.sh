#!/bin/sh
# constants.sh: are the values in core/spec/constrows.h those of the kernel's headers, on each
# architecture? What the headers of none have is compared with libc's; what is in neither has to
# be named here as newer.
# constants.sh --write: puts the headers' values into the table, and the rows that say where
# architectures differ.
# Headers come from Debian's linux-libc-dev and its cross packages; 77 where one is not installed.
set -eu
cd "$(dirname "$0")/.."
. scripts/headers.sh
export LC_ALL=C
table=core/spec/constrows.h

# Not in Linux 6.1's headers.
newer='ARCH_SHSTK_DISABLE ARCH_SHSTK_ENABLE ARCH_SHSTK_LOCK ARCH_SHSTK_STATUS ARCH_SHSTK_UNLOCK
BPF_TOKEN_CREATE MADV_GUARD_INSTALL MADV_GUARD_REMOVE MFD_EXEC MFD_NOEXEC_SEAL
PR_GET_MDWE PR_GET_MEMORY_MERGE PR_SET_MDWE PR_SET_MEMORY_MERGE SCHED_EXT'

begin "$@"
sed -n 's/^[CM][124](\([A-Za-z0-9_]*\), .*/\1/p' "$table" >"$work/names"

kernel_files='asm/fcntl asm/ioctls asm/mman asm/prctl asm/ptrace asm/signal asm/socket
asm/termbits asm/termios linux/bpf linux/close_range linux/eventpoll linux/falloc linux/fcntl
linux/fs linux/fsverity linux/futex linux/if_tun linux/in linux/in6 linux/ipc linux/keyctl
linux/memfd linux/mman linux/mount linux/net linux/personality linux/prctl linux/ptrace
linux/random linux/reboot linux/resource linux/sched linux/seccomp linux/serial linux/sockios
linux/stat linux/time linux/userfaultfd'
libc_files='fcntl netinet/in netinet/tcp netinet/udp sched sys/mount sys/socket'

# program NAMES: it says their values in the assembly that it becomes
program()
{
	for file in $files; do
		printf '#if __has_include(<%s.h>)\n#include <%s.h>\n#endif\n' "$file" "$file"
	done
	echo "void values(void) {"
	sed 's/.*/__asm__ volatile("@ & %c0" : : "i"((int)(&)));/' "$1"
	echo "}"
}

# values COMPILER ARGUMENT...: a line "name value" for each name of $work/names that these headers
# know; what they do not know is found first, by what the compiler says of it
values()
{
	program "$work/names" >"$work/all.c"
	"$@" -fsyntax-only -fmax-errors=0 -w "$work/all.c" 2>&1 |
		sed -n "s/.*error: '\([A-Za-z0-9_]*\)' undeclared.*/\1/p" |
		sort -u >"$work/unknown"
	grep -vxFf "$work/unknown" "$work/names" >"$work/known" || :
	program "$work/known" >"$work/known.c"
	"$@" -S -w -fmax-errors=5 -o - "$work/known.c" | sed -n 's/^[[:space:]]*@ \(.*\)/\1/p'
}

# x32 is x86_64 to constants
of_kernel()
{
	arch=$(echo "$1" | tr '[:lower:]' '[:upper:]')
	folder=$2
	shift 2
	[ "$arch" = X32 ] || values with_headers "$folder" "$@" | sed "s/^/$arch /"
}

files=$kernel_files
each_header of_kernel >"$work/values"
cut -d ' ' -f 2 "$work/values" | sort -u >"$work/kernel"
grep -vxFf "$work/kernel" "$work/names" >"$work/rest" || :
mv "$work/rest" "$work/names"
files=$libc_files
values "${CC:-gcc}" -D_GNU_SOURCE | sed 's/^/LIBC /' >>"$work/values"

# The rows with values in decimal, which awk can read.
sed -n 's/^\([CM][124]\)(\([A-Za-z0-9_]*\), \([0-9a-fx]*\))$/C \2 \3/p
	s/^DIFF(\([A-Za-z0-9_]*\), \([A-Z0-9_ |]*\), \([0-9a-fx]*\))$/D \1 \3 \2/p' "$table" |
	while read -r kind name value archs; do
		echo "$kind $name $((value))${archs:+ $archs}"
	done >"$work/rows"

# What the table should say: "C name value" and "D name value arch | arch", in its order.
awk -v newer="$newer" '
BEGIN {
	n = split("X86_64 I386 AARCH64 ARM RISCV64 PPC64LE S390X", arch, " ")
	split(newer, list, /[ \n]/)
	for (i in list)
		new[list[i]] = 1
}
FNR == NR {
	# as 32 bits without a sign, unless it is a small negative number; as text, since print
	# would round it
	value[$2, $1] = $3 < -4096 ? sprintf("%.0f", $3 + 4294967296) : $3
	next
}
$1 == "C" {
	name = $2
	base = ""
	for (i = 1; i <= n && base == ""; i++)
		if ((name, arch[i]) in value)
			base = value[name, arch[i]]
	if (base == "" && (name, "LIBC") in value)
		base = value[name, "LIBC"]
	if (base == "") {
		if (!(name in new))
			print "X " name " is not in the headers"
		base = $3
	} else if (name in new) {
		print "X " name " is in the headers and need not be named as newer"
	}
	# the sign of M1 is in its kind
	print "C", name, base < 0 ? -base : base
	split("", seen)
	for (i = 1; i <= n; i++) {
		v = value[name, arch[i]]
		if (v == "" || v == base || v in seen)
			continue
		seen[v] = 1
		line = arch[i]
		for (j = i + 1; j <= n; j++)
			if (value[name, arch[j]] == v)
				line = line " | " arch[j]
		print "D", name, v, line
	}
}' "$work/values" "$work/rows" >"$work/due"

if ! $write; then
	if grep '^X' "$work/due" >"$work/unknown"; then
		cut -c3- "$work/unknown"
		exit 1
	fi
	sort "$work/rows" >"$work/have"
	sort "$work/due" | diff "$work/have" - >"$work/differences" && exit 0
	sed -n 's/^</the table has:  /p; s/^>/the headers have:/p' "$work/differences"
	exit 1
fi
grep '^X' "$work/due" | cut -c3- >&2 || :
awk '
function number(v,    hex)
{
	if (v < 256)
		return v
	for (; v >= 1; v = (v - v % 16) / 16)
		hex = substr("0123456789abcdef", v % 16 + 1, 1) hex
	return "0x" hex
}
FNR == NR {
	if ($1 == "C") {
		value[$2] = $3
	} else if ($1 == "D") {
		archs = $0
		sub(/^D [^ ]* [^ ]* /, "", archs)
		diff[++diffs] = "DIFF(" $2 ", " archs ", " number($3) ")"
	}
	next
}
/^DIFF\(/ || /^$/ { next }
/^[CM][124]\(/ {
	name = substr($1, 4, length($1) - 4)
	print substr($1, 1, 3) name ", " number(value[name]) ")"
	next
}
/^USE\(/ && !said++ {
	print ""
	for (i = 1; i <= diffs; i++)
		print diff[i]
	print ""
}
{ print }' "$work/due" "$table" >"$work/table"
cat "$work/table" >"$table"
