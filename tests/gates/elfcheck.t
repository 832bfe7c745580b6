#!/bin/sh
# scripts/elfcheck.sh against binaries that are built wrong, among them those that musl-gcc makes of
# flags that look right.
. tests/gates/lib.sh

out=$here/out
cd "$T" || exit 1
musl=$(musl-gcc -v -E - </dev/null 2>&1 |
	sed -n 's,^Reading specs from \(.*\)/musl-gcc.specs$,\1,p')
cat >hello.c <<'END'
#include <unistd.h>
int main(void) { return write(1, "hello 1\n", 8) != 8; }
END
cc='musl-gcc'
$cc -fPIE -c -o hello.o hello.c

# right NAME FLAG...: linked as the Makefile does; a later flag replaces an earlier one.
right()
{
	name=$1
	shift
	$cc -s -o "$name" -static -nostartfiles "$musl/rcrt1.o" "$musl/crti.o" hello.o \
		"$musl/crtn.o" -Wl,-pie,--no-dynamic-linker,-z,text,-z,relro,-z,now \
		-Wl,-z,noexecstack,-z,separate-code,--build-id=none "$@" 2>link.log ||
		fail "$name is linked" "$(cat link.log)"
}

check()
{
	"$here/scripts/elfcheck.sh" "$@"
}

for program in "$out"/sbx-*; do
	accepts "${program##*/} is as it should be" check "$program"
done
right good
accepts 'so is another that is linked in the same way' check "$T/good"

musl-gcc -s -static-pie -fPIE -Wl,-z,relro,-z,now -o interpreter hello.c
rejects 'musl-gcc -static-pie: has an interpreter' 'has an interpreter' check "$T/interpreter"
rejects 'musl-gcc -static-pie: does not run alone' 'does not run in an empty root' \
	check "$T/interpreter"
musl-gcc -s -static -pie -Wl,-z,relro,-z,now -o fixed hello.c
rejects 'musl-gcc -static -pie: is not' 'type is not DYN' check "$T/fixed"
rejects 'musl-gcc -static -pie: does not move' 'same address twice' check "$T/fixed"
gcc -s -Wl,-z,relro,-z,now -o shared hello.c
rejects 'gcc: needs a library' 'needs a shared library' check "$T/shared"
if setarch -R true 2>/dev/null; then
	rejects 'what is not moved' 'same address twice' \
		setarch -R "$here/scripts/elfcheck.sh" "$T/good"
else
	skip 'what is not moved' 'setarch -R is refused here'
fi

right execstack -Wl,-z,execstack
rejects 'an executable stack' 'the stack is executable' check "$T/execstack"
right norelro -Wl,-z,norelro
rejects 'no RELRO' 'no RELRO' check "$T/norelro"
right lazy -Wl,-z,lazy
rejects 'lazy binding' 'no BIND_NOW' check "$T/lazy"
right writable -Wl,-N
rejects 'a segment to write and execute' 'writable and executable' check "$T/writable"
right rpath -Wl,-rpath,/lib
rejects 'a path for libraries' 'has a path for libraries' check "$T/rpath"

cat >absolute.s <<'END'
	.text
	.globl absolute
absolute:
	.quad main
	.section .note.GNU-stack,"",@progbits
END
gcc -c -o absolute.o absolute.s
right text -Wl,-z,notext absolute.o
rejects 'relocations in the text' 'relocations in its text' check "$T/text"

cp "$here/build/release/bin/sbx-ns" symbols
rejects 'symbols' 'not stripped' check "$T/symbols"
echo 'int main(void) { return 1; }' >hello.c
musl-gcc -fPIE -c -o hello.o hello.c
right failing
rejects 'what does not run' 'does not run: ' check "$T/failing"
cat >hello.c <<'END'
#include <unistd.h>
int main(void) { return access("/etc/passwd", F_OK) != 0 || write(1, "hello 1\n", 8) != 8; }
END
musl-gcc -fPIE -c -o hello.o hello.c
right needy
rejects 'what needs a file' 'does not run in an empty root' check "$T/needy"

# of another processor
cc=aarch64-linux-musl-gcc musl=/usr/lib/aarch64-linux-musl
for status in 0 1; do
	cat >hello.c <<END
#include <unistd.h>
int main(void) { return write(1, "hello 1\\n", 8) != 8 || $status; }
END
	$cc -fPIE -c -o hello.o hello.c
	right arm64-$status
done
accepts 'arm64: linked in the same way' check "$T/arm64-0"
rejects 'arm64: what does not run' 'does not run under qemu-user: ' check "$T/arm64-1"
right arm64-lazy -Wl,-z,lazy
rejects 'arm64: lazy binding' 'no BIND_NOW' check "$T/arm64-lazy"
$cc -s -static-pie -fPIE -Wl,-z,relro,-z,now -o arm64-interpreter hello.c
rejects 'arm64: has an interpreter' 'has an interpreter' check "$T/arm64-interpreter"
echo text >text
rejects 'text' 'is no ELF file' check "$T/text"
rejects 'one bad among good' "$T/lazy: no BIND_NOW" check "$T/good" "$T/lazy" "$T/good"
finish
