#!/bin/sh
# What the Makefile promises: a warning is seen at each build, and is an error where it is checked;
# flavours can be built at the same time; a header that changed is noticed; and the analysers see
# what they are for.
. tests/gates/lib.sh
copy release
find . -name '*.[oc]' -exec touch {} + # all is as new as its source
find build out -type f -exec touch {} + 2>/dev/null
make -s -j2 all >/dev/null 2>&1

plant core/base/planted.c <<'END'
int planted(int n);
int
planted(int n)
{
	unsigned u = n;

	return u > 7;
}
END
object=build/release/core/base/planted.o
said=$(make -s $object 2>&1)
is 'a warning does not stop a build' $? 0
case $said in
*'warning: '*) pass 'and is seen' ;;
*) fail 'and is seen' "$said" ;;
esac
said=$(make -s $object 2>&1)
case $said in
*'warning: '*) pass 'and at the next build again' ;;
*) fail 'and at the next build again' "$said" ;;
esac
rejects 'it stops one that is checked, though the object is there' 'error: .*-Werror' \
	make -s WERROR=-Werror $object
heal

echo '/* planted */' >>core/base/num.h
spoilt core/base/num.h
# compiles OBJECT: how often make would
compiles()
{
	make -s -n "build/release/core/base/$1" | grep -c -- '-c -o'
}
is 'what includes a header depends on it' "$(compiles num.o)" 1
is 'and what does not, does not' "$(compiles str.o)" 0
heal
case $(touch core/base/num.c; make V=1 build/release/core/base/num.o) in
*musl-gcc*) pass 'V=1 shows commands' ;;
*) fail 'V=1 shows commands' ;;
esac

make -s debug >"$T/debug.log" 2>&1 &
debug=$!
make -s cov >"$T/cov.log" 2>&1
is 'two flavours at the same time: cov' "$? $(cat "$T/cov.log")" '0 '
wait $debug
is 'and debug' "$? $(cat "$T/debug.log")" '0 '
is 'and then there is nothing to do' "$(make debug cov | grep -v '^make: Nothing')" ''

# gcc -fanalyzer, clang-tidy, cppcheck
plant core/base/planted.c <<'END'
#include <stddef.h>
int *planted(int n);
int *
planted(int n)
{
	int *p = n > 2 ? NULL : &n;

	*p = 1;
	return NULL;
}
END
rejects 'gcc sees a null pointer' 'planted.c.*analyzer-null-dereference' \
	make -s WERROR=-Werror build/analyze/core/base/planted.o
rejects 'clang-tidy does' 'planted.c.*clang-analyzer-core.NullDereference' \
	make -s build/tidy/core/base/planted.ok
heal
plant core/base/planted.c <<'END'
int planted(int n);
int
planted(int n)
{
	int a[4] = { 1, 2, 3, 4 };

	return n > 3 ? 0 : a[4];
}
END
rejects 'cppcheck sees an index' 'planted.c.*arrayIndexOutOfBounds' scripts/analyze.sh cppcheck
heal
finish
