# Sourced by the shell tests, which run from the top of the tree and speak TAP. The programs under
# test are those that ship.
# shellcheck shell=sh

set -u
export LC_ALL=C
: "${SBX:=$PWD/out}"
number=0
failed=0
here=$PWD

# A folder of its own for each test file, open to other users, gone at the end.
T=$(mktemp -d "${TMPDIR:-/tmp}/sbx-test.XXXXXX")
chmod 755 "$T"
trap 'cd /; rm -rf "$T"' EXIT
trap 'exit 130' INT TERM HUP

# What ordinary users run has to lie where they may look.
mkdir "$T/bin"
cp "$SBX"/sbx-* "$T/bin"
cg=$T/bin/sbx-cg
ns=$T/bin/sbx-ns
hook=$T/bin/sbx-hook
seccomp=$T/bin/sbx-seccomp
box=$T/bin/sbx-box

pass()
{
	number=$((number + 1))
	echo "ok $number - $1"
}

# fail TITLE [DETAIL]
fail()
{
	number=$((number + 1))
	failed=$((failed + 1))
	echo "not ok $number - $1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

# skip TITLE REASON: only for what this machine cannot do at all.
skip()
{
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

# is TITLE GOT WANT: the texts are equal.
is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:  $2
want: $3"
	fi
}

# like TITLE GOT PATTERN: a case(1) pattern.
like()
{
	# shellcheck disable=SC2254 # the pattern is meant as one
	case $2 in
	$3) pass "$1" ;;
	*) fail "$1" "got:  $2
like: $3" ;;
	esac
}

# run COMMAND...: leaves the exit status in $st, what it printed in $out and $err.
run()
{
	st=0
	"$@" >"$T/.out" 2>"$T/.err" </dev/null || st=$?
	out=$(cat "$T/.out")
	err=$(cat "$T/.err")
}

# status TITLE WANT COMMAND...: it ends with that exit status.
status()
{
	status_title=$1 status_want=$2
	shift 2
	run "$@"
	if [ "$st" = "$status_want" ]; then
		pass "$status_title"
	else
		fail "$status_title" "status $st, want $status_want: $*
$out
$err"
	fi
}

# An ordinary user, without groups.
as_nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# as WHO COMMAND...: as root, which we are, or as nobody.
as()
{
	as_who=$1
	shift
	case $as_who in
	nobody) as_nobody "$@" ;;
	*) "$@" ;;
	esac
}

# Neither a copy of this shell is left, nor setpriv.
start_is_done()
{
	! cmp -s "/proc/$$/cmdline" "/proc/$started/cmdline" &&
		! grep -Eqs '^(setpriv|env)' "/proc/$started/cmdline"
}

# start WHO COMMAND...: in the background; $started is the command's own PID, not that of a shell.
start()
{
	start_who=$1
	shift
	case $start_who in
	nobody) setpriv --reuid 65534 --regid 65534 --clear-groups "$@" & ;;
	*) "$@" & ;;
	esac
	started=$!
	until_true start_is_done
}

# The whole file is for root, who can also become somebody else.
need_root()
{
	[ "$(id -u)" != 0 ] || return 0
	skip "${0##*/}" "only root can be both root and nobody"
	finish
	exit
}

# The programs of tests/attack, in $T/bin.
attackers()
{
	tests/attack/build.sh || exit 1
	cp build/attack/* "$T/bin"
}

# held TITLE COMMAND...: the attack was tried, and refused.
held()
{
	status_title=$1
	shift
	status "$status_title" 1 "$@"
}

# hole TITLE COMMAND...: the same attack where a hole was left for it succeeds, so it can tell.
hole()
{
	status_title=$1
	shift
	status "planted: $status_title" 0 "$@"
}

# until_true COMMAND...: waits for it, ten seconds at most.
until_true()
{
	until_left=500
	while ! "$@" >/dev/null 2>&1; do
		until_left=$((until_left - 1))
		[ $until_left -gt 0 ] || return 1
		sleep 0.02
	done
}

# Last line of a test file.
finish()
{
	echo "1..$number"
	[ $failed = 0 ]
}
