#!/bin/sh
# scripts/symbols.sh sees what an object needs and what it can write to.
. tests/gates/lib.sh
copy release

# built FILE: standard input, compiled as what ships is.
built()
{
	plant "$1"
	make -s "build/release/${1%.c}.o" 2>/dev/null || fail "$1 compiles"
}

built core/base/planted.c <<'END'
int getpid(void);
int planted(void);
int planted(void) { return getpid(); }
END
rejects 'a system call in pure code' '^core/base/planted.c: is not pure: getpid' \
	scripts/symbols.sh
heal

built core/plan/planted.c <<'END'
#include <stddef.h>
void *malloc(size_t);
void *planted(void);
void *planted(void) { return malloc(1); }
END
rejects 'malloc in pure code' '^core/plan/planted.c: is not pure: malloc' scripts/symbols.sh
heal

built core/base/planted.c <<'END'
int json_put(int);
int planted(void);
int planted(void) { return json_put(1); }
END
rejects 'a folder below, without its header' '^core/base/planted.c: is above core/text/.*json_put' \
	scripts/symbols.sh
heal

built core/text/planted.c <<'END'
int planted(void);
int planted(void) { static int count; return ++count; }
END
rejects 'a counter in pure code' '^core/text/planted.c: pure code has something to write to: .bss' \
	scripts/symbols.sh
heal

built core/spec/planted.c <<'END'
int planted_setting = 7;
END
rejects 'a global in pure code' '^core/spec/planted.c: pure code has something.*: .data' \
	scripts/symbols.sh
heal

built core/run/planted.c <<'END'
long read(int, void *, unsigned long);
long planted(void);
long planted(void) { char c; return read(0, &c, 1); }
END
rejects 'a system call outside core/sys' '^core/run/planted.c: is not core/sys: read' \
	scripts/symbols.sh
heal

echo 'int planted;' | plant core/base/planted.c
rejects 'what is not built' '^core/base/planted.c: not built' scripts/symbols.sh
heal

built core/base/planted.c <<'END'
#include <string.h>
static const char *const words[] = { "a", "b" };
const char *planted(int i, char *p);
const char *planted(int i, char *p) { memset(p, i, strlen(words[i & 1])); return words[i & 1]; }
END
silent 'a table of constants, memset and strlen' 'planted' scripts/symbols.sh
finish
