#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Which devices a group may open: a program of ours in the kernel, which needs no controller.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups

# devices OPTIONS: of four, those that can be opened.
devices()
{
	# shellcheck disable=SC2086 # a list of words
	told "$@" --keep-privs -- sh -c 'for d in null zero urandom kmsg; do
		(: <"/dev/$d") 2>&- && echo "$d"; done; exit 0'
	out=$(echo "$out" | tr '\n' ' ')
}
[ -e /dev/kmsg ] || mknod "$T/kmsg" c 1 11
devices
like "without rules all are as they are" "$out" 'null zero urandom *'
devices --device /dev/null
if [ "$st" != 0 ]; then
	skip "device rules" "$err"
	finish
	exit
fi
is "with one, the small set" "$out" "null zero urandom "
like "which the receipt says" "$report" '*"name":"devices"*'
devices --device c:1:11
like "and what was named" "$out" "null zero urandom *"
devices --device /dev/zero --no-default-devices
is "or that alone" "$out" "zero "
told --device /dev/zero:w --no-default-devices --keep-privs -- sh -c \
	'(: </dev/zero) 2>&- && echo read
	echo >/dev/zero && echo written; exit 0'
is "of the ways only those that were named" "$out" written
told --device a --no-default-devices --keep-privs -- sh -c ': </dev/null && echo read'
is "all of them" "$out" read
told --device c:1:3:rw --no-default-devices --keep-privs -- sh -c 'mknod "$0" c 1 3' "$T/node"
is "no node is made where that was not said" "$st:$(ls "$T/node" 2>/dev/null)" "1:"
told --device 'c:*:*:m' --keep-privs -- sh -c 'mknod "$0" c 1 3' "$T/node"
is "and is where it was" "$st:$(stat -c %t:%T "$T/node")" "0:1:3"
told --device /dev/nowhere -- true
like "one that is not there" "$st:$err" '125:sbx-cg: *"/dev/nowhere"*No such file*'
told --device "$T/text" -- true
echo text >"$T/text"
told --device "$T/text" -- true
like "what is no device" "$st:$err" "125:sbx-cg: *\"$T/text\"*"
run "$cg" run --parent "$parent" --plan --device /dev/null -- true
like "the plan shows it" "$out" '*cgroup-devices*instructions*'
told --device /dev/null -- sbx-ns -- sh -c 'echo >/dev/null && head -c 1 /dev/zero | wc -c'
is "with a box around it" "$st:$out" "0:1"
run "$seccomp" --errno bpf=ENOSYS -- "$cg" run --parent "$parent" --device /dev/null -- true
like "without bpf(2) it is refused" "$st:$err" '125:sbx-cg: *'
empty "in the end"
finish
