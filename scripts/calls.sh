#!/bin/sh
# calls.sh: are the numbers in core/spec/callrows.h those of the kernel's headers? Names that the
# headers have and the table has not, numbers that differ, and numbers that the headers lack
# although their kernel is new enough for the call.
# calls.sh --write: puts the headers' numbers into the table. A new name becomes a row with
# arguments and version to fill in, which do not compile as they are.
# Headers come from Debian's linux-libc-dev and its cross packages; 77 where one is not installed.
set -eu
cd "$(dirname "$0")/.."
. scripts/headers.sh
export LC_ALL=C
table=core/spec/callrows.h

begin "$@"

# numbers ARCH FOLDER OPTION...: "arch name number kernel", a line a call
numbers()
{
	arch=$1
	folder=$2
	shift 2
	echo '#include <asm/unistd.h>' | with_headers "$folder" -E -dM "$@" - |
		sed -nE 's/^#define (__NR_|__ARM_NR_)([a-z_0-9]+) .*/\1\2 \2/p' |
		grep -vE '^__NR_(syscalls|arch_specific_syscall|oabi_.*) ' >"$work/names"
	echo '#include <linux/version.h>
		LINUX_VERSION_MAJOR LINUX_VERSION_PATCHLEVEL' |
		with_headers "$folder" -E -P "$@" - | tail -n 1 >"$work/version"
	read -r major minor <"$work/version"
	{
		echo '#include <asm/unistd.h>'
		sed 's/^\([^ ]*\) \(.*\)/"\2" \1/' "$work/names"
	} | with_headers "$folder" -E -P "$@" - | tr -d '"' | while read -r name sum; do
		# Some are sums, some hexadecimal; x32's bit is not in the table.
		# shellcheck disable=SC2004 # dash takes no expression out of a variable
		[ -z "$name" ] ||
			echo "$arch $name $((($sum) & 0x3fffffff)) $((major * 1000 + minor))"
	done
}

each_header numbers >"$work/numbers"

# Table and headers in one pass: the rows as they should be on standard output, differences on
# standard error.
merge()
{
	awk -v differences="$work/differences" '
	function differ(text)
	{
		print text >differences
	}
	function judge(name, arch, since, had,    key)
	{
		key = arch " " name
		if (key in number) {
			if (had != number[key])
				differ(name ": " arch " has " number[key] ", the table " had)
			return number[key]
		}
		if (had != "NO" && since <= kernel[arch])
			differ(name ": " arch " has no such call, the table " had)
		return since <= kernel[arch] ? "NO" : had
	}
	BEGIN { n = split("x86_64 i386 x32 aarch64 arm riscv64 ppc64le s390x", column, " ") }
	FNR == NR {
		number[$1 " " $2] = $3
		kernel[$1] = $4
		known[$2] = 1
		next
	}
	/^CALL\(/ {
		text = substr($0, 6)
		sub(/\).*/, "", text)
		fields = split(text, cell, / *, */)
		name = cell[1]
		if (fields != n + 3)
			differ(name ": " n + 3 " cells are due")
		if (name <= last)
			differ(name ": out of order")
		last = name
		delete known[name]
		line = cell[2] ", " cell[3]
		for (i = 1; i <= n; i++)
			line = line ", " judge(name, column[i], cell[3], cell[i + 3])
		print name "\tCALL(" name ", " line ")"
	}
	END {
		for (name in known) {
			differ(name ": is not in the table")
			line = "FILL_IN, FILL_IN"
			for (i = 1; i <= n; i++)
				line = line ", " judge(name, column[i], 0, "NO")
			print name "\tCALL(" name ", " line ")"
		}
	}' "$work/numbers" "$table" | sort -t '	' -k 1,1 | cut -f 2
}

: >"$work/differences"
merge >"$work/rows"
if $write; then
	{
		sed '/^CALL(/,$d' "$table"
		cat "$work/rows"
	} >"$work/table"
	cat "$work/table" >"$table"
	exit 0
fi
sort "$work/differences"
[ ! -s "$work/differences" ]
