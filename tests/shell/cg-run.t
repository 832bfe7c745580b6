#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# sbx-cg run: a program in a group of its own, alone or with a box around it; what it is left with,
# and what is left of it.
. tests/shell/lib.sh
. tests/shell/cg-lib.sh
need_groups
here='read -r line <<END
$(grep ^0:: /proc/self/cgroup)
END
echo "${line#0::}"'

# ---- statuses ----------------------------------------------------------------------------------

status "the program's status" 42 "$cg" run --parent "$parent" -- sh -c 'exit 42'
status "a signal's" 143 "$cg" run --parent "$parent" -- sh -c 'kill $$'
status "a program that is not there" 127 "$cg" run --parent "$parent" -- "$T/nothing"
like "is named" "$err" "sbx-cg: *$T/nothing*"
echo text >"$T/text"
status "one that is none" 126 "$cg" run --parent "$parent" -- "$T/text"
status "none at all" 125 "$cg" run --parent "$parent"
like "which is said" "$err" 'sbx-cg: no program to execute: sbx-cg run *'
run "$cg" run --parent "$parent" -- sh -c "$here"
like "it is in a group with our mark" "$st:$out" "0:${parent#"$top"}/sbx.[0-9]*"
run "$cg" run --parent "${parent#"$top"/}" -- sh -c "$here"
like "the parent by a path below the mount" "$st:$out" "0:${parent#"$top"}/sbx.[0-9]*"
run in_group "$parent" "$cg" run -- sh -c "$here"
like "or our own group" "$st:$out" "0:${parent#"$top"}/sbx.[0-9]*"
told -- sh -c '(sleep 600 &) ; (setsid sleep 600 >/dev/null 2>&1 &) ; exit 3'
like "what it leaves behind is ended" "$st:$ended" '3:*"cause":"exit","status":3*'
lasted 0 5000 "at once"
empty "after that"
run "$cg" run --parent "$parent" -- sh -c 'cat; cat /proc/self/environ | tr "\0" "\n"' </dev/null
SBX_REPORT_FD=9 run "$cg" run --parent "$parent" -- sh -c 'echo "${SBX_REPORT_FD-gone}"' \
	9>"$T/report"
is "the report's variable is not passed on" "$out" gone
like "and is heard" "$(cat "$T/report")" '*"tool":"sbx-cg","event":"ended"*'

# ---- what the program is left with -------------------------------------------------------------

run "$cg" run --parent "$parent" -- sh -c 'grep -E "CapEff|CapPrm|NoNewPrivs" /proc/self/status'
is "no capability, and none to get" "$out" "CapPrm:	0000000000000000
CapEff:	0000000000000000
NoNewPrivs:	1"
run "$cg" run --parent "$parent" --keep-privs -- sh -c \
	'grep -E "CapEff|NoNewPrivs" /proc/self/status'
is "unless told otherwise" "$out" "$(grep -E 'CapEff|NoNewPrivs' /proc/self/status)"
run "$cg" run --parent "$parent" --plan --keep-privs -- true
like "which the plan says" "$out" '*open wanted privileges: none, kept: --keep-privs*'
run "$cg" run --parent "$parent" --plan -- true
like "as it does what is done" "$out" '*cgroup-leaf '"$parent"'*capabilities*no_new_privs*exec*'
run "$cg" run --parent "$parent" --plan -- "$seccomp" -p default -- true
like "a link of ours gets them handed on" "$out" '*privileges: none, handed on to sbx-seccomp, *'
run "$cg" run --parent "$parent" -- "$seccomp" -p default -- sh -c 'grep Seccomp: /proc/self/status'
is "and does its part" "$st:$out" "0:Seccomp:	2"
exec 7>"$T/seven"
run "$cg" run --parent "$parent" -- sh -c 'echo x >&7'
is "no descriptor but 0, 1 and 2" "$st" 2
run "$cg" run --parent "$parent" --keep-fd 7 -- sh -c 'echo x >&7'
is "and those that were named" "$st:$(cat "$T/seven")" "0:x"
exec 7>&-
status "one that is not open" 125 "$cg" run --parent "$parent" --keep-fd 7 -- true
like "is named" "$err" 'sbx-cg: --keep-fd 7: that descriptor is not open'

# ---- a chain -----------------------------------------------------------------------------------

chain()
{
	run "$cg" run --parent "$parent" "$@"
}
chain -- sbx-ns --proc -- sh -c 'echo $$; grep ^0:: /proc/self/cgroup'
is "sbx-ns behind it makes one box with it, whose groups begin at ours" "$st:$out" "0:2
0::/"
chain sbx-ns -- sh -c 'exit 9'
is "also without dashes" "$st" 9
chain --plan -- sbx-ns --tmp /tmp -- true
like "one plan" "$out" '*cgroup-leaf*clone *,cgroup*#0*spawn*exec*'
is "one exec of the program" "$(echo "$out" | grep -c 'exec  exec .*sbx-ns')" 0
run strace -f -qq -e trace=execve,execveat -o "$T/trace" "$cg" run --parent "$parent" -- sbx-ns \
	-- /bin/true
is "and one program beside ours" "$(grep -c execve "$T/trace")" 2
chain -- sbx-ns --no-init -- sh -c 'echo $$'
is "without an init" "$st:$out" "0:1"
chain --keep-privs -- sbx-ns -- true
like "privileges cannot be kept in it" "$st:$err" '125:sbx-cg: sbx-ns: --keep-privs *'
for word in --plan --check --receipt --help --version --print-facts; do
	chain -- sbx-ns $word -- true
	like "$word is for the whole chain" "$st:$err" \
		"125:sbx-cg: sbx-ns: $word is for the chain *"
done
chain -- sbx-ns --nonsense -- true
like "its options are judged as its own" "$st:$err" \
	'125:sbx-cg: sbx-ns: unknown option "--nonsense"*'
chain -- sbx-ns --proc --pid inherit -- true
like "and its rules" "$st:$err" '125:sbx-cg: sbx-ns: /proc would show *'
chain -- sbx-ns --proc
like "it needs a program too" "$st:$err" '125:sbx-cg: sbx-ns: no program to execute*'
exec 7>"$T/seven"
chain -- sbx-ns --keep-fd 7 -- sh -c 'echo y >&7'
is "the last link says which descriptors are kept" "$st:$(cat "$T/seven")" "0:y"
chain --keep-fd 7 -- sbx-ns -- sh -c 'echo y >&7'
is "and only that" "$st" 2
exec 7>&-
run "$box" cg run --parent "$parent" -- sbx-ns --proc -- sh -c \
	'echo $$; grep ^0:: /proc/self/cgroup'
is "the same in one file" "$st:$out" "0:2
0::/"
run "$box" sbx-cg run --parent "$parent" -- "$ns" -- sh -c 'exit 5'
is "sbx-ns as a file is a program of its own" "$st" 5
chain -- sbx-ns -- "$seccomp" -p default -- sh -c 'exit 6'
is "three links" "$st" 6
empty "after all of these"

# ---- told --------------------------------------------------------------------------------------

told -- true
like "events in order" \
	"$(echo "$report" | sed 's/.*"event":"\([a-z]*\)".*/\1/' | uniq | tr '\n' ' ')" \
	'plan enforced started ended '
like "with the group's figures" "$ended" '*"cpu":{*'
run "$cg" run --parent "$parent" --receipt -- sh -c 'exit 7'
like "a receipt for people" "$st:$err" '7:*receipt*tree*enforced*cgroup.kill*verdict  exit 7*'
run "$cg" run --parent "$parent" --check -- "$T/nothing"
is "a check runs nothing" "$st:$out$err" "0:"
empty "in the end"
finish
