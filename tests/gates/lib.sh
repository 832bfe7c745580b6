# Sourced by the tests of the gates, which run from the top of the tree and speak TAP: each plants a
# fault in a copy of the tree, and the gate has to see it.
# shellcheck shell=sh

set -u
. scripts/lib.sh
here=$PWD
T=$(mktemp -d "${TMPDIR:-/tmp}/sbx-gates.XXXXXX")
trap 'cd /; rm -rf "$T"' EXIT
trap 'exit 130' INT TERM HUP

# copy [FLAVOUR...]: the tree as it is, without git, with what is built of these; goes there.
copy()
{
	mkdir "$T/tree" || exit 1
	files . | tar -cf - -T - | tar -C "$T/tree" -xf - || exit 1
	for flavour; do
		case $flavour in
		out) cp -a out "$T/tree/" ;;
		*) mkdir -p "$T/tree/build" && cp -a "build/$flavour" "$T/tree/build/" ;;
		esac || exit 1
	done
	mkdir -p "$T/tree/build"
	cd "$T/tree" || exit 1
}

# plant FILE: appends standard input to it, until the next heal.
plant()
{
	mkdir -p "$(dirname "$1")"
	cat >>"$1"
	spoilt "$1"
}

# spoilt FILE...: a fault was put there in another way.
spoilt()
{
	printf '%s\n' "$@" >>"$T/planted"
}

# What was planted is gone; what was built of it is out of date.
heal()
{
	[ -e "$T/planted" ] || return 0
	while read -r file; do
		rm -f "$file"
		[ ! -e "$here/$file" ] || cp "$here/$file" "$file"
	done <"$T/planted"
	rm -f "$T/planted"
}

# rejects TITLE PATTERN COMMAND...: it fails, and a line of what it says matches.
rejects()
{
	title=$1 pattern=$2
	shift 2
	if said=$("$@" 2>&1); then
		fail "$title" "was accepted:
$said"
	elif printf '%s\n' "$said" | grep -Eq -- "$pattern"; then
		pass "$title"
	else
		fail "$title" "does not say '$pattern':
$said"
	fi
}

# accepts TITLE COMMAND...
accepts()
{
	title=$1
	shift
	if said=$("$@" 2>&1); then
		pass "$title"
	else
		fail "$title" "$said"
	fi
}

# silent TITLE PATTERN COMMAND...: whatever else it says, no line matches; for a tree that may have
# faults of its own.
silent()
{
	title=$1 pattern=$2
	shift 2
	said=$("$@" 2>&1) || :
	if printf '%s\n' "$said" | grep -Eq -- "$pattern"; then
		fail "$title" "$said"
	else
		pass "$title"
	fi
}

# is TITLE GOT WANT
is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:  $2
want: $3"
	fi
}
