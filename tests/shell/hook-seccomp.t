#!/bin/sh
# The filter of a declared box: which there is, what it takes from the payload, and what is refused.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh
need_root

# The numbers of calls that ordinary programs have no use for, and what each gives, in one line:
# without a filter none of these gives EPERM to somebody without privileges.
cat >"$T/calls.py" <<'END'
import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
numbers = {
	"ptrace": (101, 117), "personality": (135, 92), "keyctl": (250, 219),
	"getppid": (110, 173), "uname": (63, 160),
}
arguments = {
	"ptrace": (0, 0, 0, 0),            # PTRACE_TRACEME
	"personality": (0xffffffff,),      # only asks
	"keyctl": (0, -3, 0),              # KEYCTL_GET_KEYRING_ID of the session
	"uname": (ctypes.create_string_buffer(1024),),
}
told = []
for name in sys.argv[1:]:
	number = numbers[name][machine == "aarch64"]
	r = libc.syscall(number, *arguments.get(name, ()))
	told.append(f"{name}={'yes' if r >= 0 else errno.errorcode[ctypes.get_errno()]}")
print(" ".join(told))
END

cat >"$T/policy" <<'END'
# two calls less
default allow
errno EACCES personality
errno ENOSYS getppid
END
cat >"$T/policy.json" <<'END'
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
 {"names": ["personality"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}
END
printf 'default allow\n\n  errno EPERM execve\n' >"$T/no-exec"
printf 'default allow\nerrno EPERM read writ\n' >"$T/typo"
cp "$T/policy" "$T/side/policy"
# what our own process does between its filter and the payload is an exec, and nothing else
printf 'default kill-process\nallow execve\n' >"$T/nothing"

boxes="\"default\":{\"mount_proc\":true},
\"chained\":{\"env\":[\"PATH=$T/bin:/usr/bin:/bin\"]},
\"without\":{\"mount_proc\":true,\"seccomp\":\"none\"},
\"asked\":{\"mount_proc\":true,\"seccomp\":\"deny-dangerous\"},
\"degrades\":{\"seccomp\":\"deny-dangerous\",\"degrade\":[\"seccomp\"]},
\"file\":{\"mount_proc\":true,\"seccomp\":\"$T/policy\"},
\"json\":{\"seccomp\":\"$T/policy.json\"},
\"lines\":{\"seccomp\":[\"default allow\",\"errno EACCES personality\"]},
\"object\":$(printf '{"seccomp":%s}' "$(cat "$T/policy.json")"),
\"none\":{\"level\":\"none\",\"seccomp\":\"$T/policy\"},
\"bare-none\":{\"level\":\"none\"},
\"nothing\":{\"seccomp\":\"$T/nothing\"},
\"none-nothing\":{\"level\":\"none\",\"seccomp\":\"$T/nothing\"},
\"hidden\":{\"tmp_paths\":[\"$T/side\"],\"seccomp\":\"$T/side/policy\"}"
declare_hook answers default <<'END'
cat >/dev/null
echo '{"allow":true}'
END
declare_hook killed nothing <"$T/h/answers"
declare_hook slow default "$provider,\"timeout\":\"300ms\",\"grace\":\"0ms\"" <<'END'
exec sleep 1000
END
declared
c=$T/c.json

# in_box BOX COMMAND...
in_box()
{
	in_box=$1
	shift
	run as "$who" "$hook" exec -f "$c" --box "$in_box" --receipt -- "$@"
	receipt=$(printf '%s\n' "$err" | sed -n 's/^  seccomp  *//p')
}

# What was printed, on one line.
flat()
{
	printf %s "$out" | tr '\t\n' '  '
}

# calls TITLE BOX WANT
calls()
{
	# shellcheck disable=SC2046 # words are meant
	in_box "$2" python3 "$T/calls.py" $(printf '%s\n' "$3" | sed 's/=[^ ]*//g')
	is "$who: $1" "$out" "$3"
}

each()
{
	calls "the default takes what is dangerous" default "ptrace=EPERM keyctl=EPERM getppid=yes"
	like "$who: and says so" "$receipt" \
		'enforced *deny-dangerous, [0-9]* instructions  (seccomp filter)'
	calls "\"none\" is no filter" without "ptrace=yes personality=yes"
	like "$who: and says so" "$receipt" 'open *every system call can be made'
	calls "the profile by name" asked "ptrace=EPERM keyctl=EPERM"
	calls "a policy of the host that the box has not got" hidden "personality=EACCES"
	calls "a policy in a file" file "personality=EACCES getppid=ENOSYS uname=yes"
	like "$who: whose name is in the receipt" "$receipt" "enforced *$T/policy, * instructions*"
	calls "a profile in a file" json "personality=EACCES uname=yes"
	calls "lines" lines "personality=EACCES uname=yes"
	like "$who: and that they stood in the configuration" "$receipt" "enforced *inline, *"
	calls "an object" object "personality=EACCES uname=yes"
	calls "level none, when it was asked" none "personality=EACCES getppid=ENOSYS"
	calls "level none, when it was not" bare-none "personality=yes ptrace=yes"
	in_box none grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status
	is "$who: with it no exec gives privileges" "$(flat)" "NoNewPrivs: 1 Seccomp: 2"
	in_box default grep -E '^Seccomp(_filters)?:' /proc/self/status
	like "$who: there is one" "$(flat)" "Seccomp: 2*"
	in_box default sh -c 'for i in 1 2; do grep ^Seccomp: /proc/self/status; done'
	is "$who: and whatever it starts has it" "$(flat)" "Seccomp: 2 Seccomp: 2"
	in_box without grep ^Seccomp: /proc/self/status
	is "$who: without one" "$(flat)" "Seccomp: 0"

	# behind a filter that allows nothing but the exec, what comes of it is told all the same
	for b in nothing none-nothing; do
		in_box $b /no/such/program
		is "$who: $b: an absent program" "$st" 127
		like "$who: $b: by name" "$err" \
			"*cannot execute /no/such/program: No such file or directory*"
		in_box $b no-such-program
		is "$who: $b: one that is looked for" "$st" 127
		in_box $b "$T/policy"
		is "$who: $b: one that is none" "$st" 126
		like "$who: $b: by name" "$err" \
			"*cannot execute $T/policy: Permission denied*"
		in_box $b true
		is "$who: $b: a program that may do nothing" "$st" $((128 + 31))
		like "$who: $b: the receipt" "$receipt" "enforced *"
	done
	as="as $who"
	answer killed
	is "$who: a hook that may do nothing has crashed" "$st $(cat "$T/.out")" \
		'7 {"allow":false,"reason":"hook killed: crashed: it ended by signal 31 (SYS)"}'
	answer answers
	is "$who: a hook answers" "$(cat "$T/.out")" '{"allow":true}'
	like "$who: and the event says what was enforced" "$(cat "$T/.events")" \
		'*"event":"enforced"*"seccomp"*"deny-dangerous, *'
	answer slow
	is "$who: its time is limited" "$st" 124
}

for who in root nobody; do
	each
done
who=root

# refused TITLE BOX WANT: what would be a box is refused before there is one.
refused()
{
	printf '{%s}' "$2" >"$T/bad.json"
	run "$hook" exec -f "$T/bad.json" -- touch "$T/side/started"
	like "$1" "$st $err" "125 sbx-hook: $3"
	run "$hook" check -f "$T/bad.json"
	like "$1: check says so too" "$st $err" "125 sbx-hook: $3"
}

refused "a policy that denies the exec" "\"seccomp\":\"$T/no-exec\"" \
	"$T/no-exec:3:3: it denies execve, by which the program is started"
refused "the same in lines" '"seccomp":["default allow",
 "kill-process execve"]' "$T/bad.json:2:3: it denies execve, by which the program is started"
refused "and in an object" '"seccomp":{"defaultAction":"SCMP_ACT_ERRNO"}' \
	"$T/bad.json:1:12: the policy denies execve, by which the program is started"
refused "a call that there is not" "\"seccomp\":\"$T/typo\"" "$T/typo:2:18: *\"writ\"*"
refused "the same in lines" '"seccomp":["default allow","errno EPERM read writ"]' \
	"$T/bad.json:1:47: *\"writ\"*"
refused "an absent file" "\"seccomp\":\"$T/absent\"" \
	"$T/absent: cannot open it: No such file or directory"
refused "a profile that there is not" '"seccomp":"strikt"' \
	"$T/bad.json:1:12: \$.seccomp: no profile is called \"strikt\" (*"
refused "a relative path" '"seccomp":"./p"' "$T/bad.json:1:12: \$.seccomp: *relative path*"
refused "notify" '"seccomp":["default allow","notify mount"]' \
	"$T/bad.json:1:30: notify needs a supervisor, which a box has not got"
status "nothing was started" 1 test -e "$T/side/started"

# A machine without filters, as the facts of another say.
"$hook" plan -f "$c" --print-facts --box default >"$T/facts"
like "the facts have it" "$(cat "$T/facts")" "*
seccomp
*"
grep -v '^seccomp$' "$T/facts" >"$T/without"
run "$hook" plan -f "$c" --facts "$T/without" --box default
like "wanted, it is dropped" "$out" \
	"*dropped wanted seccomp: seccomp filter, this kernel takes no filters*"
run "$hook" plan -f "$c" --facts "$T/without" --box asked
like "needed, it is refused" "$st $err" \
	"125 sbx-hook: $c:4:*: this kernel takes no seccomp filters*degrade*"
run "$hook" plan -f "$c" --facts "$T/without" --box degrades
like "unless less is accepted" "$st $out" "0 *dropped wanted seccomp:*"
run "$hook" plan -f "$c" --box degrades
like "where there is one, it is had" "$st $out" "0 *enforced wanted seccomp:*"
# the last but the exec
run "$hook" plan -f "$c" --box default -- /bin/true
is "its place" \
	"$(printf '%s\n' "$out" | sed -n '/^exec/{s/ [0-9]* instr/ N instr/;p;}' | tail -2)" \
	"exec  seccomp deny-dangerous N instructions
exec  exec /bin/true"

# the same as words of a command line
chain=' -- sbx-seccomp'
for pair in "default|$chain -p deny-dangerous -- true" "without| -- true" \
	"file|$chain -f $T/policy -- true" "none| sbx-seccomp -f $T/policy -- true"; do
	run "$hook" plan -f "$c" --chain --box "${pair%%|*}" -- true
	like "a chain: ${pair%%|*}" "$out" "*${pair#*|}"
done
run "$hook" plan -f "$c" --argv --box file -- true
like "its words" "$out" "*
--
sbx-seccomp
-f
$T/policy
--
true"
# it takes what the box takes
run "$hook" plan -f "$c" --chain --box chained -- python3 "$T/calls.py" ptrace keyctl getppid
printf '%s\n' "$out" >"$T/chain"
PATH=$T/bin:$PATH run sh "$T/chain"
is "and run" "$st $out" "0 ptrace=EPERM keyctl=EPERM getppid=yes"
for b in lines object; do
	run "$hook" plan -f "$c" --chain --box $b -- true
	like "a policy of the document is no word: $b" "$st $err" \
		"125 sbx-hook: $c:*: a policy that stands in the configuration is no word of a*"
done
finish
