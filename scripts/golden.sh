#!/bin/sh
# Golden plans: tests/golden/NAME.args (words of sbx-ns, one a line) or NAME.box.json, for the
# machine of NAME.facts, give NAME.plan. Says what differs; with --update it is written down as it
# is now.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

update=false
case ${1:-} in
'') ;;
--update) update=true ;;
*)
	echo "usage: scripts/golden.sh [--update]" >&2
	exit 2
	;;
esac
# what a plan may keep open has to be open
exec 5</dev/null
new=$(mktemp)
trap 'rm -f "$new"' EXIT
trap 'exit 130' INT TERM HUP

# plan NAME: everything that is said, and the exit status. The environment is the same everywhere.
plan()
{
	st=0
	if [ -e "$1.args" ]; then
		set -- "$1"
		# no file leaves the words as they are: the name and nothing else
		name=$1
		shift
		while IFS= read -r word; do
			set -- "$@" "$word"
		done <"$name.args"
		env -i PATH=/usr/bin:/bin out/sbx-ns "$@" --facts "$name.facts" --plan \
			-- prog arg || st=$?
	else
		env -i PATH=/usr/bin:/bin out/sbx-hook plan -f "$1.box.json" --facts "$1.facts" \
			-- prog arg || st=$?
	fi
	echo "exit status $st"
}

differ=0
for facts in tests/golden/*.facts; do
	name=${facts%.facts}
	plan "$name" >"$new" 2>&1
	cmp -s "$new" "$name.plan" && continue
	if $update; then
		cp "$new" "$name.plan"
		echo "updated: $name.plan"
	else
		echo "differs: $name.plan"
		diff "$name.plan" "$new" || differ=1
	fi
done
exit $differ
