#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# What is told of a box: events, the receipt, the plan, facts, a judgement without a run.
. tests/shell/lib.sh
need_root
attackers

# events: what the report is made of, checked; prints "event stage cause status" of each kind.
cat >"$T/events.py" <<'END'
import json
import sys

seen = []
for line in open(sys.argv[1], "rb"):
    assert line.endswith(b"\n") and len(line) <= 4096, line
    e = json.loads(line)
    assert e["v"] == 1 and e["tool"] == "sbx-ns", e
    kind = e["event"]
    if kind == "plan":
        assert {"op", "stage", "name", "text"} <= e.keys(), e
    if kind == "enforced":
        for r in e["restrictions"]:
            assert r.keys() == {"name", "requested", "mechanism", "state", "detail"}, r
            assert r["requested"] in ("needed", "wanted"), r
            assert r["state"] in ("enforced", "best-effort", "dropped", "open"), r
    if kind == "ended":
        kind += " %s %s %d" % (e["stage"], e["cause"], e["status"])
        if e["stage"] == "run":
            assert {"wall_us", "user_us", "system_us", "max_rss_kib"} == e["usage"].keys(), e
        else:
            assert "usage" not in e and e["error"], e
        for key in ("signal", "syscall", "errno", "object"):
            if key in e:
                kind += " %s=%s" % (key, e[key])
    if not seen or seen[-1] != kind:
        seen.append(kind)
print(", ".join(seen))
END
events()
{
	python3 "$T/events.py" "$T/report"
}

for who in root nobody; do
	as $who "$ns" --report 8 -- /bin/sh -c 'exit 3' 8>"$T/report"
	is "$who: a run" "$(events)" "plan, enforced, started, ended run exit 3"
	as $who "$ns" --report 8 -- /bin/sh -c 'kill -TERM $$' 8>"$T/report"
	is "$who: ended by a signal" "$(events)" \
		"plan, enforced, started, ended run signal 143 signal=15"
	as $who "$ns" --report 8 -- /absent 8>"$T/report" 2>"$T/said"
	is "$who: an absent program" "$(events)" \
		"plan, enforced, ended exec setup-failed 127 syscall=execve errno=ENOENT \
object=/absent"
	as $who "$ns" --report 8 -- /etc/passwd 8>"$T/report" 2>"$T/said"
	is "$who: one that cannot be executed" "$(events)" \
		"plan, enforced, ended exec setup-failed 126 syscall=execve errno=EACCES \
object=/etc/passwd"
	as $who "$ns" --report 8 --chdir /absent -- /bin/true 8>"$T/report" 2>"$T/said"
	is "$who: set-up that fails" "$(events)" \
		"plan, ended setup setup-failed 125 syscall=chdir errno=ENOENT object=/absent"
	as $who "$ns" --report 8 --no-such -- /bin/true 8>"$T/report" 2>"$T/said"
	is "$who: a word that is not understood" "$?" 125
	as $who "$ns" --report 8 --proc-subset -- /bin/true 8>"$T/report" 2>"$T/said"
	is "$who: a box that cannot be" "$(events)" "ended parse refused 125"
	as $who env SBX_REPORT_FD=8 "$ns" -- /bin/true 8>"$T/report"
	is "$who: SBX_REPORT_FD" "$(events)" "plan, enforced, started, ended run exit 0"
	as $who "$ns" --report 8 --no-init -- /bin/sh -c 'exit 3' 8>"$T/report"
	is "$who: --no-init" "$(events)" "plan, enforced, started, ended run exit 3"
	as $who "$ns" --report 8 --receipt -- /bin/true 8>"$T/report" 2>"$T/said"
	python3 - "$T/report" "$T/said" <<'END'
import json
import sys
told = [r for l in open(sys.argv[1]) if '"enforced"' in l for r in json.loads(l)["restrictions"]]
said = [l.split() for l in open(sys.argv[2]) if l.startswith("  ")]
assert [(r["name"], r["state"]) for r in told] == [(w[0], w[1]) for w in said], (told, said)
assert len(told) > 10
END
	is "$who: the receipt and the event say the same" $? 0
done
env SBX_REPORT_FD=7 "$ns" --report 8 -- /bin/true 7>"$T/other" 8>"$T/report"
is "the option counts" "$(events) $(wc -c <"$T/other")" \
	"plan, enforced, started, ended run exit 0 0"
for bad in 2 x 1024 ''; do
	status "SBX_REPORT_FD=$bad is refused" 125 env SBX_REPORT_FD="$bad" "$ns" -- /bin/true
done
status "so is a descriptor that is not open" 125 "$ns" --report 8 -- /bin/true
"$ns" --report 8 --env SBX_REPORT_FD=8 -- /bin/sh -c 'echo forged >&8' 8>"$T/report" 2>"$T/said"
is "the payload has no such descriptor" "$? $(grep -c forged "$T/report")" "2 0"
# A name with bytes that JSON cannot have as they are.
"$ns" --report 8 -- "$(printf '/\377\001"\\/x')" 8>"$T/report" 2>"$T/said"
like "a name of any bytes" "$(events)" "plan, enforced, ended exec setup-failed 127 *"
# More restrictions than one line holds.
set -- ; i=0
while [ $i -lt 100 ]; do
	set -- "$@" --tmp "/mnt/$i"
	i=$((i + 1))
done
"$ns" --tmp /mnt "$@" --report 8 -- /bin/true 8>"$T/report"
is "restrictions beyond one line are told on several" \
	"$(events) $(grep -c '"enforced"' "$T/report" | sed 's/^[2-9]$/more/')" \
	"plan, enforced, started, ended run exit 0 more"

# ---- a reader that is slow or gone ---------------------------------------------------------------

mkfifo "$T/pipe"
for who in root nobody; do
	for case in '7 --proc' '125 --chdir /absent' '125 --proc-subset' '7 --no-init'; do
		# shellcheck disable=SC2086
		set -- $case
		want=$1
		shift
		# the reader is there for the opening, and gone before anything is written
		(exec 9<"$T/pipe"; exec 9<&-) &
		exec 8>"$T/pipe"
		wait $!
		run as $who "$ns" --report 8 "$@" -- /bin/sh -c 'exit 7'
		exec 8>&-
		is "$who, $*: a reader that is gone changes nothing" "$st" "$want"
	done
done
exec 8<>"$T/pipe"
# a full pipe that nobody reads
timeout 1 sh -c 'cat /dev/zero >&8' 2>/dev/null
run timeout 20 "$ns" --report 8 --receipt -- /bin/sh -c 'exit 7'
is "a reader that does not read is not waited for" "$st" 7
exec 8>&-
(exec 9<"$T/pipe"; sleep 0.2; exec 9<&-) &
exec 8>"$T/pipe"
run "$ns" --report 8 -- /bin/sh -c 'sleep 0.5; exit 7'
is "one that goes while the box runs" "$st" 7
exec 8>&-
wait
"$ns" --receipt -- /bin/sh -c 'exit 7' 2>&1 | true
run "$ns" -- /bin/sh -c 'exit 7' 8>&-
is "without a report" "$st" 7

# ---- the receipt ---------------------------------------------------------------------------------

run "$ns" --receipt -- /bin/sh -c 'exit 3'
like "ends with the verdict" "$(echo "$err" | tail -n 1)" \
	'verdict  exit 3; * ms, cpu * ms, at most *'
run "$ns" --receipt --chdir /absent -- /bin/true
is "a box that never stood has enforced nothing" "$err" \
	"sbx-ns: cannot change the working directory to /absent: No such file or directory
verdict  setup-failed"
run "$ns" --receipt --pid inherit --no-dev --net host --new-session --user inherit -- /bin/true
for line in 'pid *open *' 'net *open *' 'user *open *' 'nesting *open *' 'session *enforced *' \
	'devices *enforced *none can be opened*' 'verdict *best-effort*' 'sockets *abstract*'; do
	like "the receipt tells: $line" "$err" "*$line*"
done

# ---- --plan, --check, --facts --------------------------------------------------------------------

for who in root nobody; do
	before=$(cut -d ' ' -f 3- /proc/self/mountinfo)
	run as $who "$ns" --plan --proc --rw "$T" -- /bin/echo executed
	is "$who: --plan" "$st$err" 0
	like "$who: prints the steps in order, and what they enforce" "$out" \
		"host *clone*box *open_tree / *pivot_root*exec *exec /bin/echo*enforced *"
	is "$who: and executes nothing" "$(echo "$out" | grep -c ^executed)" 0
	run as $who "$ns" --check --proc -- /bin/echo executed
	is "$who: --check says nothing when it could be done" "$st$out$err" 0
	run as $who "$ns" --check --proc --pid inherit -- /bin/echo executed
	is "$who: and 125 when not" "$st$out" 125
	run as $who "$ns" --print-facts
	is "$who: --print-facts" "$st" 0
	echo "$out" >"$T/facts"
	chmod 644 "$T/facts"
	plan=$(as $who "$ns" --plan --proc -- /bin/true)
	run as $who "$ns" --facts "$T/facts" --plan --proc -- /bin/true
	is "$who: a plan from facts is the same" "$out" "$plan"
	run as $who sh -c 'exec "$@" <"$0"' "$T/facts" "$ns" --facts - --plan --proc -- /bin/true
	is "$who: read from standard input" "$out" "$plan"
	run as $who sh -c 'exec "$@" 9<"$0"' "$T/facts" "$ns" --facts @9 --plan --proc -- /bin/true
	is "$who: from a descriptor" "$out" "$plan"
	is "$who: nothing was made for it" "$(cut -d ' ' -f 3- /proc/self/mountinfo)" "$before"
done
"$ns" --print-facts >"$T/facts"
run as_nobody "$ns" --facts "$T/facts" --plan -- /bin/true
is "another's plan: the facts count, not the caller" "$out" "$(cd / && "$ns" \
	--facts "$T/facts" --plan -- /bin/true)"
status "facts are for planning only" 125 "$ns" --facts "$T/facts" -- /bin/true
like "as is said" "$err" '*--facts goes with --plan or --check*'
echo 'colour red' >>"$T/facts"
status "an unknown fact" 125 "$ns" --facts "$T/facts" --plan -- /bin/true
like "is an error with its place" "$err" "*$T/facts:*: unknown fact \"colour\"*"
status "facts that are absent" 125 "$ns" --facts /absent --check -- /bin/true
"$ns" --print-facts | sed '/^clone3/d' >"$T/facts"
run "$ns" --facts "$T/facts" --plan --no-init --time inherit -- /bin/true
like "the older way is visible in the plan" "$out" '*clone *by clone(2)*'
finish
