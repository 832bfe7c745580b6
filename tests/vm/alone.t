#!/bin/sh
# What ships runs where there is nothing else, and is loaded at another place each time: of programs
# for another processor only a machine of theirs can say that.
. tests/shell/lib.sh
need_root

# address PROGRAM: of its last system call, which moves with the program
address()
{
	strace -i -o "$T/trace" "$1" --version >/dev/null 2>&1
	sed -n 's/^\[\([0-9a-f]*\)\] exit_group(.*/\1/p' "$T/trace"
}

# the runner can have turned it off
random=$(cat /proc/sys/kernel/randomize_va_space)
echo 2 >/proc/sys/kernel/randomize_va_space
mkdir "$T/root"
for program in "$T"/bin/sbx-*; do
	name=${program##*/}
	like "$name: says where it is" "$(address "$program")" '????*'
	[ "$(address "$program")" != "$(address "$program")" ]
	is "$name: and is elsewhere each time" $? 0
	cp "$program" "$T/root/program"
	run chroot "$T/root" /program --version
	like "$name: no loader, no library, no /proc, no /dev" "$st:$out:$err" '0:?*:'
done
echo "$random" >/proc/sys/kernel/randomize_va_space
finish
