#!/bin/sh
# scripts/calls.sh and scripts/constants.sh: the tables are what the kernel's headers say, and both
# see where they are not. Writing puts that right.
. tests/gates/lib.sh
calls=core/spec/callrows.h
constants=core/spec/constrows.h
mkdir -p "$T/tree/scripts" "$T/tree/core/spec"
cp scripts/calls.sh scripts/constants.sh scripts/headers.sh "$T/tree/scripts/"
cp $calls $constants "$T/tree/core/spec/"
cd "$T/tree" || exit 1

st=0
scripts/calls.sh >"$T/log" 2>&1 || st=$?
told 'the numbers are those of the headers' $st "$T/log"
[ $st != 77 ] || {
	skip 'and the rest' 'there are no headers'
	finish
	exit
}
st=0
scripts/constants.sh >"$T/log" 2>&1 || st=$?
told 'the values are those of the headers' $st "$T/log"

# change FILE PROGRAM: of sed
change()
{
	sed "$2" "$1" >"$T/changed"
	cmp -s "$1" "$T/changed" && fail "the row is as this test knows it: $2"
	cp "$T/changed" "$1"
	spoilt "$1"
}

# undone SCRIPT TABLE TITLE: --write makes it the table that it was.
undone()
{
	"$1" --write >"$T/log" 2>&1
	if cmp "$2" "$here/$2" >>"$T/log" 2>&1; then
		pass "$3"
	else
		fail "$3" "$(cat "$T/log")"
	fi
	heal
}

change $calls 's/^\(CALL(accept4, [^ ]* [^ ]*\) 288,/\1 289,/'
rejects 'a wrong number' '^accept4: x86_64 has 288, the table 289$' scripts/calls.sh
undone scripts/calls.sh $calls 'and it is put right'
change $calls 's/^\(CALL(accept4, .*\) 364)/\1 NO)/'
rejects 'a number that is missing' '^accept4: s390x has 364, the table NO$' scripts/calls.sh
undone scripts/calls.sh $calls 'and it comes back'
change $calls 's/^\(CALL(accept, [^ ]* [^ ]* 43,\) NO,/\1 7,/'
rejects 'a number too many' '^accept: i386 has no such call, the table 7$' scripts/calls.sh
undone scripts/calls.sh $calls 'and it goes'
change $calls '/^CALL(openat2,/d'
rejects 'a call that is missing' '^openat2: is not in the table$' scripts/calls.sh
scripts/calls.sh --write
rejects 'and once it is there, what has to be filled in' '^CALL\(openat2, FILL_IN, FILL_IN, 437' \
	sh -c "! grep openat2 $calls"
heal
change $calls 's/^CALL(openat2,/CALL(aaa,/'
rejects 'rows out of order' '^aaa: out of order$' scripts/calls.sh
heal
change $calls 's/^\(CALL(openat, .*\), [0-9]*)/\1)/'
rejects 'a row that is too short' '^openat: 11 cells are due$' scripts/calls.sh
heal

change $constants 's/^C1(AF_INET, 2)/C1(AF_INET, 3)/'
rejects 'a wrong value' '^the headers have: C AF_INET 2$' scripts/constants.sh
undone scripts/constants.sh $constants 'and it is put right'
change $constants 's/^M1(AT_FDCWD, 100)/M1(AT_FDCWD, 99)/'
rejects 'a wrong negative one' '^the headers have: C AT_FDCWD 100$' scripts/constants.sh
undone scripts/constants.sh $constants 'and it is put right'
change $constants '/^DIFF(O_DIRECTORY,/d'
rejects 'a difference that is missing' '^the headers have: D O_DIRECTORY 16384 AARCH64 ' \
	scripts/constants.sh
undone scripts/constants.sh $constants 'and it comes back'
change $constants 's/^DIFF(O_DIRECT, PPC64LE/DIFF(O_DIRECT, RISCV64/'
rejects 'one too many' '^the table has:   D O_DIRECT 131072 RISCV64$' scripts/constants.sh
undone scripts/constants.sh $constants 'and it goes'
change $constants 's/^C1(AF_INET, 2)/C1(AF_INTE, 2)/'
rejects 'a name that no header has' '^AF_INTE is not in the headers$' scripts/constants.sh
heal
change scripts/constants.sh "s/^newer='/newer='AF_INET /"
rejects 'an exception that is none' '^AF_INET is in the headers' scripts/constants.sh
heal

change scripts/headers.sh 's,/usr/s390x-linux-gnu,/nowhere,'
for script in calls constants; do
	st=0
	scripts/$script.sh >"$T/log" 2>&1 || st=$?
	is "$script.sh without the headers of one" "$st $(cat "$T/log")" \
		'77 skipped: not installed: linux-libc-dev-s390x-cross '
	rejects "$script.sh knows no other word" '^usage: ' scripts/$script.sh --wirte
done
finish
