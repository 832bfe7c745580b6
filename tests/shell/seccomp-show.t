#!/bin/sh
# stat, audit, explain, diff, decode: what filters are and say.
. tests/shell/lib.sh

cat >"$T/a.policy" <<'END'
default errno EPERM
newer-than 5.10 errno ENOSYS
allow @default
allow execve
allow socket family in {AF_UNIX, AF_INET}
errno EACCES socket type == 3
END
sed 's/AF_INET}/AF_INET, AF_INET6}/' "$T/a.policy" >"$T/b.policy"
"$seccomp" compile -f "$T/a.policy" -o "$T/a.bpf" || exit 1

run "$seccomp" stat -f "$T/a.policy"
like "stat: the size" "$out" 'instructions [0-9]*, longest path [0-9]*'
like "stat: an architecture a line" "$out" "*
$(uname -m) *"
like "stat: what the bitmap does not answer" "$out" "*run for each call on $(uname -m): socket
*"
is "stat: nothing to complain" "$st$err" 0
{ cat "$T/a.policy"; echo 'allow breakpoint'; } >"$T/arm.policy"
run "$seccomp" stat -f "$T/arm.policy" --arch "$(uname -m)"
like "stat: names of other architectures" "$out" '*names of other architectures only: *breakpoint*'
status "stat: a compiled filter" 0 "$seccomp" stat -b "$T/a.bpf"

# explain: action, line, path
ask()
{
	run "$seccomp" explain -f "$T/b.policy" "$@"
}
ask socket AF_INET6
like "explain: by a line" "$out" "socket(family=AF_INET6, type=0, protocol=*) on *: allow
rule: $T/b.policy:5:1: allow socket family in {AF_UNIX, AF_INET, AF_INET6}
path: 0 * ([0-9]* instructions)"
ask socket AF_NETLINK type=3
like "explain: a later line, a named argument" "$out" "*: errno EACCES
rule: $T/b.policy:6:1: *"
ask socket 16
like "explain: the default" "$out" '*errno EPERM
rule: none: the policy*default*'
ask clone3
like "explain: newer calls" "$out" '*errno *'
ask 4000
like "explain: a number that nobody has" "$out" 'call 4000() on *: errno ENOSYS
rule: none, and newer than the policy*'
ask exit_group
like "explain: the bitmap" "$out" '*: allow
*bitmap spares)'
printf 'arch x86_64 i386\ndefault errno EPERM\nallow execve\n' >"$T/two.policy"
run "$seccomp" explain -f "$T/two.policy" --arch i386 --arch x86_64 execve
is "explain: on several architectures" "$(echo "$out" | grep -c '^execve(.*: allow')" 2
run "$seccomp" explain -f "$T/two.policy" --arch x86_64 335
like "explain: what no filter is asked about" "$out" '*
note: the kernel lets it pass whatever a filter says*'
ask socketcall
is "explain: a call of another architecture" "$st $err" \
	"125 sbx-seccomp: $(uname -m) has no call \"socketcall\"; --arch i386 has"
ask
is "explain: nothing" "$st $err" '125 sbx-seccomp: the name or the number of a call is due'
ask sockett
is "explain: a name that is none" "$err" \
	'sbx-seccomp: unknown call "sockett"; did you mean "socket"?'
ask socket AF_INTE
like "explain: a constant that is none" "$err" \
	'*unknown constant "AF_INTE"; did you mean "AF_INET"?'
run "$seccomp" explain -b "$T/a.bpf" execve
like "explain: a compiled filter" "$out" 'execve(*: allow
path: *'
run "$seccomp" explain --errno mkdirat=EXDEV mkdirat
like "explain: the command line" "$out" 'mkdirat(*: errno EXDEV
rule: *mkdirat=EXDEV
*'

# diff
status "diff: the same" 0 "$seccomp" diff "$T/a.bpf" "$T/a.policy"
is "diff: says nothing then" "$out$err" ""
status "diff: with itself" 0 "$seccomp" diff strict strict
status "diff: not the same" 1 "$seccomp" diff "$T/a.policy" "$T/b.policy"
like "diff: a call, and both answers" "$out" "socket(family=AF_INET6, *) on *
  $T/a.policy: errno EPERM
  $T/b.policy: allow"
# the kernel agrees on the witness
printf 'default allow\nerrno EACCES socket family in {10..11}\n' >"$T/c.policy"
printf 'default allow\nerrno EACCES socket family == 11\n' >"$T/d.policy"
status "diff: one more is allowed" 1 "$seccomp" diff "$T/c.policy" "$T/d.policy"
like "diff: which" "$out" 'socket(family=AF_INET6, *'
for p in c d; do
	run "$seccomp" -f "$T/$p.policy" -- python3 -c '
import socket
try:
    socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    print("allow")
except OSError as e:
    print(e.errno)'
	eval "said_$p=\$out"
done
is "diff: so says the kernel of one" "${said_c:-}" 13
is "and of the other" "${said_d:-}" allow
status "diff: two are due" 125 "$seccomp" diff strict
status "diff: not three" 125 "$seccomp" diff strict none strict
status "diff: one that is not there" 125 "$seccomp" diff strict "$T/none"

# audit
status "audit: nothing serious" 0 "$seccomp" audit -p strict
printf '\006\000\000\000\000\000\377\177' >"$T/all.bpf"
status "audit: a filter that does not look at the architecture" 1 "$seccomp" audit -b "$T/all.bpf"
like "audit: says so" "$out" "*error: * (*)"
status "and is not applied" 125 "$seccomp" -b "$T/all.bpf" -- true
status "but with a word" 0 "$seccomp" -b "$T/all.bpf" --audit-only -- true

# decode
line='type=SECCOMP msg=audit(1.2:3): pid=1234 comm="x" exe="/usr/bin/curl" sig=31 arch=c000003e'
run "$seccomp" decode "$line syscall=41 compat=0 ip=0x7f code=0x80000000"
is "decode: a line of the audit log" "$out" \
	'socket (41) on x86_64: kill-process, by /usr/bin/curl, pid 1234'
run "$seccomp" decode -- '--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f2e, '\
'si_syscall=__NR_socket, si_arch=AUDIT_ARCH_X86_64} ---'
is "decode: strace" "$out" 'socket (41) on x86_64: trap, or a kill'
run sh -c '{ echo "something else"; echo "$2 syscall=999 code=0x50001"; echo "$2"; } |
	"$1" decode -' sh "$seccomp" "$line"
is "decode: lines, of which some are other people's" "$out" \
	'call 999 on x86_64: errno EPERM, by /usr/bin/curl, pid 1234'
run sh -c 'python3 -c "
import struct, sys
b = bytearray(128)
struct.pack_into(\"<iii\", b, 0, 31, 0, 1)
struct.pack_into(\"<iI\", b, 24, 41, 0xc000003e)
sys.stdout.buffer.write(b)" | "$1" decode -' sh "$seccomp"
is "decode: a siginfo_t" "$out" 'socket (41) on x86_64: trap, or a kill'
status "decode: nothing to decode" 1 "$seccomp" decode 'arch=c000003e'
status "decode: no word" 125 "$seccomp" decode

# what the kernel itself says
if [ -x "$(command -v strace)" ]; then
	printf 'default allow\ntrap uname\n' >"$T/trap"
	run sh -c 'strace -f -o "$2/trace" "$1" -f "$2/trap" -- uname >/dev/null 2>&1
		grep -m 1 SIGSYS "$2/trace" | "$1" decode -' sh "$seccomp" "$T"
	like "decode: the signal of a trap, as traced" "$out" 'uname (*'
fi
finish
