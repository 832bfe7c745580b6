#!/bin/sh
# scripts/cov.sh sees lines that nothing reaches, exceptions that are wrong, and a poor corpus.
. tests/gates/lib.sh
copy cov
# what is left is enough, and quicker
find tests/unit -name 'test_*.c' ! -name test_path.c -exec rm -f {} +
find fuzz -name 'fuzz_*.c' ! -name fuzz_path.c -exec rm -f {} +
rm -f build/cov/bin/* tests/exceptions

# titles of the tests, as cov.sh words them
every='every line of pure code is reached'
few='exceptions are few, needed, and have reasons'

planted()
{
	heal
	plant core/base/planted.c <<'END'
int planted(int n);
int
planted(int n)
{
	if (n > 1)
		n = 1 / (n + 1);
	return n;
}
END
}

planted
rejects 'lines that nothing reaches' "^not ok .*$every" scripts/cov.sh
is 'each of them is told' "$(grep -c '^core/base/planted.c:' build/cov/lines)" 4
silent 'what is reached is not' '^core/base/path.c' cat build/cov/lines

echo 'core/base/planted.c:/n = 1 / (n + 1);/ cannot be reached by design' | plant tests/exceptions
echo 'core/base/planted.c:7 cannot be reached by design either' | plant tests/exceptions
accepts 'exceptions by text and by line' sh -c "scripts/cov.sh | grep '^ok .*$few'"
is 'are not told' "$(grep -c '^core/base/planted.c:' build/cov/lines)" 2

echo 'core/base/planted.c:/n = 2/ cannot be reached by design' | plant tests/exceptions
rejects 'one that excepts nothing' "^not ok .*$few" scripts/cov.sh
planted
echo 'core/base/planted.c:7' | plant tests/exceptions
rejects 'one without a reason' 'tests/exceptions:1: not FILE' scripts/cov.sh
planted
echo 'core/base/path.c:/return/ this is reached, as the units show' | plant tests/exceptions
rejects 'one for what is reached' 'excepts no line that is not reached: core/base/path.c' \
	scripts/cov.sh
planted
awk 'BEGIN {
	print "int many(int n); int many(int n) {"
	for (i = 0; i < 30; i++)
		print "n--; /* many */"
	print "return n; /* many */ }"
}' | plant core/base/planted.c
echo 'core/base/planted.c:/many/ so it was decided by nobody' | plant tests/exceptions
rejects 'more than 30 lines' 'lines, 30 are allowed' scripts/cov.sh
heal

: | plant tests/exceptions
rm core/base/planted.* 2>/dev/null
find fuzz/corpus/path -type f | sed 1d | xargs rm -f
rejects 'a poor corpus' '^not ok .*the corpus of path alone' scripts/cov.sh
sed 's,^/\* fuzz: .*,/* fuzz: core/base/absent.c */,' "$here/fuzz/fuzz_path.c" >fuzz/fuzz_path.c
rejects 'a target of a source that is not there' 'cannot be seen: core/base/absent.c' \
	scripts/cov.sh
cp "$here/fuzz/fuzz_path.c" fuzz/
echo 'int main(void) { return 1; }' >tests/unit/test_path.c
rejects 'a unit that fails' '^not ok .*build/cov/bin/test_path' scripts/cov.sh
finish
