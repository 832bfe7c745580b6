#!/bin/sh
# scripts/seam.sh sees system calls, malloc and stdio where none may be.
. tests/gates/lib.sh
copy release out

plant core/run/planted.c <<'END'
long planted(void) { return syscall(39); }
END
rejects 'syscall()' '^core/run/planted.c:1:.*only core/sys' scripts/seam.sh
heal

plant cmd/planted.c <<'END'
void planted(void) { __asm__ volatile ("nop"); }
END
rejects 'assembly' '^cmd/planted.c:1:.*only core/sys' scripts/seam.sh
heal

case $(uname -m) in
x86_64) call=syscall ;;
*) call='svc 0' ;;
esac
plant core/run/planted.c <<END
#define HIDDEN __asm__
void planted(void);
void planted(void) { HIDDEN volatile
	("$call"); }
END
make -s build/release/core/run/planted.o 2>/dev/null
rejects 'assembly behind a macro' 'core/run/planted.o.*only core/sys' scripts/seam.sh
heal

mode=FUZZING_BUILD_MODE
echo "#ifdef ${mode}_UNSAFE_FOR_PRODUCTION" | plant core/text/planted.h
rejects 'a mode for fuzzers' '^core/text/planted.h:1:.*what is fuzzed is what ships' scripts/seam.sh
heal

# program NAME: standard input, linked as one that ships, with its symbols.
program()
{
	cat >"$T/program.c"
	musl-gcc -static -o build/release/bin/sbx-ns "$T/program.c" || fail 'a program is linked'
}

program <<'END'
#include <stdlib.h>
int main(int c, char **v) { return malloc((size_t)c) == (void *)v; }
END
rejects 'malloc' '^__libc_malloc|^malloc.*sbx-ns defines it' scripts/seam.sh
program <<'END'
#include <stdio.h>
int main(int c, char **v) { return printf("%d %s", c, v[0]); }
END
rejects 'printf' '^printf: out/sbx-ns defines it' scripts/seam.sh
program <<'END'
int main(void) { return 0; }
END
silent 'neither' 'out/sbx-ns defines' scripts/seam.sh
strip build/release/bin/sbx-ns
rejects 'nothing to look at' 'sbx-ns: has no symbols' scripts/seam.sh
finish
