# Sourced from the top of the tree, by gates and suites: the project's files, and TAP.
# shellcheck shell=sh

export LC_ALL=C
number=0
failed=0

# files REGEX: what belongs to the project and matches, one a line. git knows; where there is no
# git (an unpacked archive), all but what is built.
files()
{
	if [ -e .git ] && git rev-parse --verify HEAD >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard
	else
		find . \( -path ./build -o -path ./out -o -path ./.git \) -prune -o \
			\( -type f -o -type l \) -print | sed 's,^\./,,'
	fi | grep -E -- "$1" | sort | while read -r file; do
		[ ! -e "$file" ] || echo "$file"
	done
}

# Those with the text of programs in C.
c_files()
{
	files '^(core|cmd|fuzz|tests)/.*\.[ch]$'
}

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

# told TITLE STATUS LOG: what a gate that ended so, and wrote that, means. 77 is "cannot be done
# here", and the log's last line says why.
told()
{
	case $2 in
	0) pass "$1" ;;
	77) skip "$1" "$(tail -n 1 "$3")" ;;
	*) fail "$1" "$(head -n 40 "$3")" ;;
	esac
}

# The end of every TAP.
finish()
{
	echo "1..$number"
	[ "$failed" = 0 ] && [ "$number" -gt 0 ]
}
