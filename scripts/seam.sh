#!/bin/sh
# core/sys alone makes system calls, no code knows that it is fuzzed, and what ships has neither
# malloc nor stdio. (That no other object calls a function of libc that makes one: symbols.sh.)
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

bad=0
# wrong HITS WHY: complains unless there are none.
wrong()
{
	[ -n "$1" ] || return 0
	printf '%s\n' "$1" | sed "s|\$|: $2|"
	bad=1
}

wrong "$(files '^(core|cmd)/.*\.[ch]$' | grep -v '^core/sys/' |
	xargs grep -nE '(^|[^A-Za-z0-9_])(syscall|(__)?asm(__)?) *(volatile|__volatile__)? *\(' \
		/dev/null)" 'only core/sys makes system calls'
wrong "$(files '^(core|cmd)/.*\.c$' | grep -v '^core/sys/' | sed 's,^,build/release/,; s,c$,o,' |
	xargs objdump -d --no-show-raw-insn | awk '
	/file format/ { file = $1 }
	$2 ~ /^(syscall|sysenter|svc|int)$/ { print file $0 }')" 'only core/sys makes system calls'
# the name is put together here so that this file is not a hit itself
mode=FUZZING_BUILD_MODE
wrong "$(files '^(core|cmd|fuzz|tests|scripts)/|^Makefile$' | grep -v '^fuzz/corpus/' |
	xargs grep -n "${mode}_UNSAFE" /dev/null)" 'what is fuzzed is what ships'

[ -e out/sbx-box ] || wrong out 'not built; make all'
for program in out/sbx-*; do
	full=build/release/bin/${program##*/}
	nm --defined-only "$full" 2>/dev/null | grep -q ' main$' ||
		wrong "$full" 'has no symbols to look at; make all'
	wrong "$(nm --defined-only "$full" | awk '
		$3 ~ /^(__libc_|__)?(malloc|calloc|realloc|reallocarray|free|memalign)$/ ||
		$3 ~ /^(aligned_alloc|posix_memalign|valloc|strdup|s?brk)$/ ||
		$3 ~ /printf|^(f?put[cs]|putchar|fopen|fdopen|fwrite|perror)$/ {
			print $3
		}')" "$program defines it"
done
exit $bad
