#!/bin/sh
# The manuals and the programs say the same: SYNOPSIS and usage, every option, every key of the
# configuration, in both directions; and mandoc finds nothing to say. What a program says is its
# --help, which comes from its tables.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0

wrong()
{
	echo "$1"
	bad=1
}

# differ WHAT WANTED GIVEN: sorted files; complains of each line that only one of them has.
differ()
{
	comm -23 "$2" "$3" | sed "s|^|$1 lacks |" >"$tmp/differ"
	comm -13 "$2" "$3" | sed "s|^|$1 has what its program does not know: |" >>"$tmp/differ"
	[ ! -s "$tmp/differ" ] || {
		cat "$tmp/differ"
		bad=1
	}
}

# The options of a program, -x and --xyz, from what --help printed.
help_options()
{
	sed -n '1,/^options:/!p' "$1" | awk '
	/^  +-/ {
		for (i = 1; i <= 2; i++)
			if ($i ~ /^-/) {
				sub(/,$/, "", $i)
				print $i
			}
	}' | sort -u
}

# Words that a page marks up as options; with "It", only those that it defines.
page_options()
{
	awk -v only="${2:-}" '
	only == "It" ? /^\.It / : /^\./ {
		for (i = 1; i <= NF; i++) {
			if ($i != "Fl" && $i != ".Fl")
				continue
			while (i < NF && $(i + 1) ~ /^([A-Za-z0-9]|-[a-z0-9][a-z0-9-]*)$/)
				print "-" $(++i)
		}
	}' "$1" | sort -u
}

# The lines of usage, or of SYNOPSIS, that show a command line of this program; blanks do not count.
usage_lines()
{
	sed -n '1,/^$/p' "$1" | sed 's/^usage: //; s/^ *//' | grep "^$2 " | tr -d ' \t'
}

synopsis_lines()
{
	mandoc -T ascii -O width=1000 "$1" | sed 's/.\x08//g' |
		sed -n '/^SYNOPSIS/,/^[A-Z]/p' | sed 's/^ *//' | grep "^$2 " | tr -d ' \t'
}

# The words that a section of a page defines, .It Cm word , word; with "any", all that it marks up.
section_words()
{
	awk -v section="$2" -v any="${3:-}" '
	/^\.Sh / { inside = $0 == ".Sh " section }
	inside && (any == "" ? /^\.It Cm / : /^\.(It )?Cm /) {
		for (i = 2; i <= NF; i++)
			if ($i ~ /^[a-z][a-z0-9_-]*$/)
				print $i
	}' "$1" | sort -u
}

# The keys of a configuration, and the words that a key takes.
schema()
{
	python3 -c '
import json, sys
def walk(node):
    if isinstance(node, dict):
        for name in node.get("properties", {}):
            print("key", name)
        for word in node.get("enum", []):
            print("word", word)
        for member in node.values():
            walk(member)
    elif isinstance(node, list):
        for member in node:
            walk(member)
walk(json.load(sys.stdin))'
}

for page in man/sbx.7 man/sbx-config.5 man/sbx-hook-protocol.5 man/sbx-seccomp.5; do
	[ -f "$page" ] || wrong "$page: is due"
done
for page in man/*; do
	[ -f "$page" ] || continue
	# that our own pages are not installed here is no fault of theirs
	mandoc -Tlint -Wstyle "$page" 2>&1 | grep -v 'referenced manual not found: Xr ' \
		>"$tmp/lint" || :
	[ ! -s "$tmp/lint" ] || wrong "$(cat "$tmp/lint")"
	names=$(awk '{
		for (i = 1; i < NF; i++)
			if (($i == "Xr" || $i == ".Xr") && $(i + 1) ~ /^sbx/)
				print $(i + 1) "." $(i + 2)
	}' "$page" | sort -u)
	for name in $names; do
		[ -f "man/$name" ] || wrong "$page: refers to $name, which is not there"
	done
done

: >"$tmp/every"
[ -e out/sbx-box ] || wrong "out: not built; make all"
for program in out/sbx-*; do
	name=${program##*/}
	"$program" --help >"$tmp/help" || wrong "$name --help: fails"
	help_options "$tmp/help" >"$tmp/options"
	[ -s "$tmp/options" ] || wrong "$name --help: names no option"
	cat "$tmp/options" >>"$tmp/every"
	page=man/$name.1
	if [ ! -f "$page" ]; then
		wrong "$page: is due"
		continue
	fi
	page_options "$page" It >"$tmp/defined"
	differ "$page" "$tmp/options" "$tmp/defined"
	usage_lines "$tmp/help" "$name" >"$tmp/usage"
	synopsis_lines "$page" "$name" >"$tmp/synopsis"
	[ -s "$tmp/usage" ] || wrong "$name --help: shows no usage"
	cmp -s "$tmp/usage" "$tmp/synopsis" || wrong "$page: SYNOPSIS is not the usage:
$(diff "$tmp/usage" "$tmp/synopsis")"
done

sort -u "$tmp/every" >"$tmp/options"
for page in man/*; do
	[ -f "$page" ] || continue
	page_options "$page" | comm -13 "$tmp/options" - >"$tmp/unknown"
	[ ! -s "$tmp/unknown" ] ||
		wrong "$(sed "s|^|$page speaks of what no program knows: |" "$tmp/unknown")"
done

if [ -e out/sbx-hook ] && [ -f man/sbx-config.5 ]; then
	out/sbx-hook schema | schema >"$tmp/schema"
	sed -n 's/^key //p' "$tmp/schema" | sort -u >"$tmp/keys"
	sed -n 's/^word //p' "$tmp/schema" | sort -u >"$tmp/words"
	[ -s "$tmp/keys" ] || wrong "sbx-hook schema: names no key"
	# a key's or a word's entry: .It Ic key, whatever the macro
	awk '$1 == ".It" && $2 != "Fl" && $3 ~ /^[a-z][a-z0-9_]*$/ { print $3 }' \
		man/sbx-config.5 | sort -u >"$tmp/entries"
	comm -23 "$tmp/keys" "$tmp/entries" >"$tmp/lacking"
	sort -u "$tmp/keys" "$tmp/words" | comm -13 - "$tmp/entries" >"$tmp/unknown"
	[ ! -s "$tmp/lacking" ] || wrong "$(sed 's|^|man/sbx-config.5 lacks |' "$tmp/lacking")"
	[ ! -s "$tmp/unknown" ] ||
		wrong "$(sed 's|^|man/sbx-config.5 has what no table knows: |' "$tmp/unknown")"
fi

# What sbx(7) lists. An unknown fact is answered with all that there are; the restrictions are those
# of the golden plans; the members of events are in the only place that writes them.
if [ -e out/sbx-ns ] && [ -f man/sbx.7 ]; then
	echo no_such_fact_at_all | out/sbx-ns --facts - --plan -- true 2>&1 |
		sed 's/.*(//; s/)$//; s/, /\n/g' | sort -u >"$tmp/facts"
	grep -qx root_mount "$tmp/facts" || wrong "sbx-ns: does not name the facts"
	section_words man/sbx.7 'PLAN, CHECK AND FACTS' >"$tmp/defined"
	differ 'man/sbx.7, facts:' "$tmp/facts" "$tmp/defined"

	states='enforced|best-effort|dropped|open'
	# those with a dot are files of control groups
	cat tests/golden/*.plan | sed -En "s/^($states) (needed|wanted) ([^ :.]+):.*/\\3/p" |
		sort -u >"$tmp/rows"
	[ -s "$tmp/rows" ] || wrong "tests/golden: names no restriction"
	section_words man/sbx.7 'THE RECEIPT' | grep -Evx "$states" >"$tmp/defined"
	differ 'man/sbx.7, receipt:' "$tmp/rows" "$tmp/defined"

	sed -En 's/.*(jsonw_[a-z]+|member_cut)\(&?w, (S\()?"([a-z_]+)".*/\3/p
		s/.*event_open\(.*, S\("([a-z_]+)"\).*/\1/p' core/cli/report.c |
		sort -u >"$tmp/members"
	[ -s "$tmp/members" ] || wrong "core/cli/report.c: names no member of an event"
	section_words man/sbx.7 EVENTS any >"$tmp/defined"
	comm -23 "$tmp/members" "$tmp/defined" | sed 's|^|man/sbx.7, events: lacks |' \
		>"$tmp/lacking"
	[ ! -s "$tmp/lacking" ] || wrong "$(cat "$tmp/lacking")"
fi
exit $bad
