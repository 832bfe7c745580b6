#!/bin/sh
# check.sh and test.sh count what is there: a suite that stops in the middle, one that says nothing,
# one that ends with a fault, one that repeats a number are failures.
. tests/gates/lib.sh
copy
rm -rf tests/unit tests/shell tests/attack tests/vm tests/gates fuzz/fuzz_*.c
mkdir -p tests/shell
plant tests/unit/test_one.c </dev/null
plant fuzz/fuzz_one.c </dev/null
plant build/unit/bin/test_one <<'END'
#!/bin/sh
echo 1..1
echo ok 1 - a
END
cp build/unit/bin/test_one tests/shell/one.t
chmod +x build/unit/bin/test_one tests/shell/one.t

# Everything that is called is replaced by what says that all is well.
cat >Makefile <<'END'
all arm64 units units-arm64 fuzz replay msan afl cmplog cov analyze tidy:
END
for gate in layers symbols seam elfcheck format size shlint mancheck corpus replay words readme; do
	printf '#!/bin/sh\n' >scripts/$gate.sh
done
cp scripts/arm64.sh scripts/arm64-kept.sh
for suite in analyze arm64 repro cov smoke; do
	printf '#!/bin/sh\necho ok 1 - well\necho 1..1\n' >scripts/$suite.sh
done

accepts 'gates that say nothing' scripts/check.sh
gates=$(scripts/check.sh | grep -c '^ok ')
printf '#!/bin/sh\necho planted fault\nexit 1\n' >scripts/seam.sh
rejects 'a gate that fails' '^not ok .* seam: ' scripts/check.sh
rejects 'and what it says' '^# planted fault' scripts/check.sh
is 'is one of as many' "$(scripts/check.sh | grep -cE '^(not )?ok ')" "$gates"
printf '#!/bin/sh\necho no such thing here\nexit 77\n' >scripts/seam.sh
accepts 'a gate that cannot be' sh -c 'scripts/check.sh | grep "^ok .*# SKIP no such thing here"'
rm scripts/seam.sh
rejects 'a gate that is not there' '^not ok .* seam: ' scripts/check.sh
printf '#!/bin/sh\n' >scripts/seam.sh
chmod +x scripts/seam.sh
printf 'all:\n\techo planted warning; false\n' >Makefile.planted
cat Makefile >Makefile.kept
cat Makefile.planted >Makefile
rejects 'what does not compile' '^not ok 1 - everything compiles' scripts/check.sh
rejects 'is not tested' '^0 passed, [12] failed' scripts/test.sh
cat Makefile.kept >Makefile

# what runs under an emulator of another processor, which here is none
mkdir -p build/unit-arm64/bin "$T/bin"
printf '#!/bin/sh\nexec "$@"\n' >"$T/bin/qemu-aarch64"
chmod +x "$T/bin/qemu-aarch64"
# arm64 TEXT STATUS: the unit test there prints that, and ends so
arm64()
{
	printf '#!/bin/sh\nprintf "%s"\nexit %s\n' "$1" "$2" >build/unit-arm64/bin/test_one
	chmod +x build/unit-arm64/bin/test_one
	PATH=$T/bin:$PATH scripts/arm64-kept.sh
}
accepts 'arm64: a test that passes' arm64 '1..1\\nok 1 - a\\n' 0
rejects 'arm64: one that fails' '^not ok 2 - unit/one: a' arm64 '1..1\\nnot ok 1 - a\\n' 1
rejects 'arm64: one that ends early' '^not ok 3 - unit/one: planned 2, ran 1' \
	arm64 '1..2\\nok 1 - a\\n' 0
rejects 'arm64: one that ends with a fault' '^not ok 3 - unit/one: exit status 139' \
	arm64 '1..1\\nok 1 - a\\n' 139
rm build/unit-arm64/bin/test_one
rejects 'arm64: one that is not built' '^not ok 2 - unit/one: planned nothing' \
	env PATH="$T/bin:$PATH" scripts/arm64-kept.sh
printf '#!/bin/sh\necho planted fault\nexit 1\n' >scripts/elfcheck.sh
rejects 'arm64: a program that is not as it should be' '^not ok 1 - elf: elfcheck' \
	arm64 '1..1\\nok 1 - a\\n' 0
printf '#!/bin/sh\n' >scripts/elfcheck.sh

# the machine, which here is none either: each file that it gets is a test
cat >"$T/bin/vm" <<'END'
#!/bin/sh
n=0
for file; do
	case $file in
	*.t) n=$((n + 1)) && echo "ok $n - $file" ;;
	esac
done
echo 1..$n
exit "${planted_status:-0}"
END
cp "$T/bin/vm" scripts/vm
chmod +x scripts/vm
mkdir tests/vm
: >tests/vm/initramfs.t
: >tests/vm/other.t
: >tests/shell/hook-time.t
: >tests/shell/golden.t
in_machine()
{
	scripts/arm64-kept.sh "$1" | sed 's/^ok [0-9]* - //'
}
is 'arm64: what the machine gets' "$(in_machine machine)" \
	'initramfs: tests/vm/initramfs.t
system: tests/vm/other.t
system: tests/shell/one.t
1..3'
is 'arm64: and what all is' "$(in_machine all)" 'initramfs: tests/vm/initramfs.t
system: tests/vm/other.t
system: tests/shell/hook-time.t
system: tests/shell/one.t
1..4'
rejects 'arm64: a machine that ends early' '^not ok 2 - initramfs: exit status 125' \
	env planted_status=125 scripts/arm64-kept.sh machine
rejects 'arm64: no such word' 'unknown word "some"' scripts/arm64-kept.sh some
rm -r tests/vm tests/shell/hook-time.t tests/shell/golden.t

last_line()
{
	scripts/test.sh "$@" >"$T/said" 2>&1
	tail -n 1 "$T/said"
}

is 'all suites' "$(last_line | sed 's/^[1-9][0-9]* passed/N passed/')" \
	'N passed, 0 failed, 0 skipped'
rm tests/unit/test_one.c
is 'no unit at all is a fault' "$(last_line 'unit/*')" '1 passed, 1 failed, 0 skipped'
# what the machinery itself brings along: the build
is 'no suite' "$(last_line nothing)" '1 passed, 0 failed, 0 skipped'

# a_suite TITLE COUNTS STATUS TEXT: a shell test that prints that; the build is one more that
# passes.
a_suite()
{
	printf '#!/bin/sh\nprintf "%s"\nexit %s\n' "$4" "$3" >tests/shell/planted.t
	chmod +x tests/shell/planted.t
	is "$1" "$(last_line shell/planted)" "$2"
	case $2 in
	*' 0 failed'*) want=0 ;;
	*) want=1 ;;
	esac
	scripts/test.sh shell/planted >/dev/null 2>&1
	is "$1: status" $? $want
}
a_suite 'tests that pass' '3 passed, 0 failed, 0 skipped' 0 'ok 1 - a\\nok 2 - b\\n1..2\\n'
a_suite 'the plan first' '3 passed, 0 failed, 0 skipped' 0 '1..2\\nok 1 - a\\nok 2 - b\\n'
a_suite 'a test that fails' '2 passed, 1 failed, 0 skipped' 1 'ok 1 - a\\nnot ok 2 - b\\n1..2\\n'
a_suite 'a test that is skipped' '2 passed, 0 failed, 1 skipped' 0 \
	'ok 1 - a\\nok 2 - b # SKIP c\\n1..2\\n'
a_suite 'less than was planned' '2 passed, 1 failed, 0 skipped' 0 '1..2\\nok 1 - a\\n'
a_suite 'more than was planned' '3 passed, 1 failed, 0 skipped' 0 '1..1\\nok 1 - a\\nok 2 - b\\n'
a_suite 'no plan' '2 passed, 1 failed, 0 skipped' 0 'ok 1 - a\\n'
a_suite 'nothing' '1 passed, 1 failed, 0 skipped' 0 ''
a_suite 'a plan of nothing' '1 passed, 1 failed, 0 skipped' 0 '1..0\\n'
a_suite 'a number twice' '3 passed, 1 failed, 0 skipped' 0 'ok 1 - a\\nok 1 - b\\n1..2\\n'
a_suite 'a status that no test explains' '2 passed, 1 failed, 0 skipped' 3 'ok 1 - a\\n1..1\\n'

printf '#!/bin/sh\necho 1..2\necho ok 1 - a\nkill -9 $$\n' >tests/shell/planted.t
is 'one that is killed' "$(last_line shell/planted)" '2 passed, 1 failed, 0 skipped'
printf '#!/bin/sh\necho 1..2\necho ok 1 - a\nkill -2 $$\necho ok 2 - b\n' >tests/shell/planted.t
is 'one that is interrupted' "$(last_line shell/planted)" '2 passed, 1 failed, 0 skipped'
chmod -x tests/shell/planted.t
is 'one that cannot be run' "$(last_line shell/planted)" '1 passed, 1 failed, 0 skipped'
rm tests/shell/planted.t
: >tests/unit/test_planted.c
is 'a unit that was not built' "$(last_line unit/planted)" '1 passed, 1 failed, 0 skipped'
mkdir -p tests/attack
printf '#!/bin/sh\necho 1..1\necho ok 1 - a\n' >tests/attack/planted.t
chmod +x tests/attack/planted.t
is 'a kind of test that is new' "$(last_line attack/planted)" '2 passed, 0 failed, 0 skipped'
finish
