#!/bin/sh
# compile and convert: every form of a policy is the same filter.
. tests/shell/lib.sh

cat >"$T/p.policy" <<'END'
default errno EPERM
newer-than 5.10 errno ENOSYS
allow @default
allow execve
allow socket family in {AF_UNIX, AF_INET}
errno EACCES socket type & 0xf == 3
kill-process ptrace process_vm_readv
END
cat >"$T/p.json" <<'END'
{
	"defaultAction": "SCMP_ACT_ERRNO",
	"archMap": [
		{ "architecture": "SCMP_ARCH_X86_64",
		  "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] },
		{ "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] }
	],
	"syscalls": [
		{ "names": ["execve", "read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW" },
		{ "names": ["mount"], "action": "SCMP_ACT_ALLOW",
		  "includes": { "caps": ["CAP_SYS_ADMIN"] } },
		{ "names": ["ptrace"], "action": "SCMP_ACT_ALLOW",
		  "includes": { "minKernel": "4.8" } },
		{ "names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38 }
	]
}
END

# same TITLE A B
same()
{
	status "$1" 0 "$seccomp" diff "$2" "$3"
}

for form in policy bpf; do
	status "to $form" 0 "$seccomp" convert -f "$T/p.policy" --to $form -o "$T/p.$form.out"
	same "which is the same" "$T/p.policy" "$T/p.$form.out"
done
for form in policy json bpf; do
	status "JSON to $form" 0 "$seccomp" convert -f "$T/p.json" --to $form -o "$T/j.$form"
	same "which is the same too" "$T/p.json" "$T/j.$form"
done
status "bytes to a policy" 0 "$seccomp" convert -b "$T/p.bpf.out" --to policy -o "$T/back.policy"
same "and back" "$T/back.policy" "$T/p.policy"
for profile in default deny-dangerous strict none; do
	status "$profile as text" 0 "$seccomp" convert -p $profile --to policy -o "$T/$profile"
	same "is $profile" "$T/$profile" $profile
done

# rules are chosen by what the program will run on
"$seccomp" convert -f "$T/p.json" --caps none --kernel 4.4 --to policy -o "$T/old"
"$seccomp" convert -f "$T/p.json" --caps CAP_SYS_ADMIN --kernel 6.1 --to policy -o "$T/new"
run "$seccomp" explain -f "$T/old" mount
like "no rule for a capability that is not there" "$out" '*errno EPERM*'
run "$seccomp" explain -f "$T/new" mount
like "and one that is" "$out" '*: allow*'
run "$seccomp" explain -f "$T/old" ptrace
like "no rule for a newer kernel" "$out" '*errno EPERM*'
run "$seccomp" explain -f "$T/new" ptrace
like "and one for it" "$out" '*: allow*'

# compile: bytes, and what shows them
run sh -c '"$1" compile -f "$2" | wc -c' sh "$seccomp" "$T/p.policy"
is "eight bytes an instruction" $((out % 8)) 0
status "a file is replaced" 0 "$seccomp" compile -p strict -o "$T/p.bpf.out"
same "whole" "$T/p.bpf.out" strict
run sh -c '"$1" compile -f "$2" -o @7 7>"$3"' sh "$seccomp" "$T/p.policy" "$T/seven"
same "to a descriptor" "$T/seven" "$T/p.policy"
run "$seccomp" compile -f "$T/p.policy" --asm
like "--asm: the policy's lines" "$out" '*ret #*errno EACCES*'
run "$seccomp" compile -f "$T/p.policy" --dot
like "--dot: a graph" "$out" 'digraph*{*}'
run sh -c '"$1" compile -f "$2" --json | python3 -c "
import json, struct, sys
for i in json.load(sys.stdin)[\"insns\"]:
    sys.stdout.buffer.write(struct.pack(\"=HBBI\", i[\"code\"], i[\"jt\"], i[\"jf\"], i[\"k\"]))
" >"$3"' sh "$seccomp" "$T/p.policy" "$T/json.bpf"
same "--json: the same instructions" "$T/json.bpf" "$T/p.policy"
if command -v cc >/dev/null; then
	{
		printf '#include <linux/filter.h>\n#include <unistd.h>\n'
		"$seccomp" compile -f "$T/p.policy" --c
		echo 'int main(void) { return write(1, filter, sizeof(filter)) != sizeof(filter); }'
	} >"$T/array.c"
	cc -o "$T/array" "$T/array.c" && "$T/array" >"$T/c.bpf"
	same "--c: compiles to them" "$T/c.bpf" "$T/p.policy"
else
	skip "--c: compiles to them" "no compiler in this machine"
fi
for level in 0 1 2; do
	status "level $level" 0 "$seccomp" compile -O $level -f "$T/p.policy" -o "$T/o$level"
	same "answers the same" "$T/o$level" "$T/p.policy"
done
for arch in aarch64 s390x; do
	printf 'default errno EPERM\narch %s\nallow read\n' $arch >"$T/other"
	status "for $arch" 0 "$seccomp" compile -f "$T/other" --arch $arch -o "$T/other.bpf"
done

status "no form" 125 "$seccomp" convert -f "$T/p.policy"
is "is told" "$err" 'sbx-seccomp: --to policy, json or bpf is due'
status "two forms" 125 "$seccomp" compile -f "$T/p.policy" --asm --c
status "a word too many" 125 "$seccomp" compile -f "$T/p.policy" x
is "is told as well" "$err" 'sbx-seccomp: unexpected word "x"'
status "a file that cannot be written" 125 "$seccomp" compile -f "$T/p.policy" -o "$T/no/file"
like "is named" "$err" "sbx-seccomp: $T/no/file: cannot write it: *"
status "what JSON cannot say" 125 "$seccomp" convert -f "$T/p.policy" --to json
like "with its place" "$err" "sbx-seccomp: $T/p.policy*"
status "an architecture that the policy does not cover" 125 "$seccomp" compile -f "$T/other" \
	--arch riscv64
like "is refused" "$err" '*--arch riscv64: the policy does not cover it'
finish
