#!/bin/sh
# What README.md tells to type exists: words of build.sh, files, programs, subcommands, options.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

bad=0
wrong()
{
	echo "README.md: $1"
	bad=1
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# a command line a line: what stands in a block, and between `backticks`
awk '
/^```/ { block = !block; next }
block || /^    / { print; next }
{
	n = split($0, part, "`")
	for (i = 2; i <= n; i += 2)
		print part[i]
}' README.md | sed 's/  *#.*//; s/[|;&]/\n/g' >"$tmp/code"

./build.sh --help >"$tmp/words"
for word in demo test; do
	grep -q "\\./build\\.sh $word" "$tmp/code" || wrong "does not name ./build.sh $word"
done
sed -n 's/.*\.\/build\.sh \([a-z][a-z0-9]*\).*/\1/p' "$tmp/code" | sort -u | while read -r word; do
	grep -Eq "build\\.sh \\[?$word( |\\]|\$)" "$tmp/words" || echo "$word"
done >"$tmp/unknown"
[ ! -s "$tmp/unknown" ] || wrong "unknown words of build.sh: $(tr '\n' ' ' <"$tmp/unknown")"

grep -oE '(^|[ (/`])(core|cmd|fuzz|tests|scripts|man|out)/[A-Za-z0-9_./*-]+' README.md |
	sed 's/^[ (`]//; s,^/,,; s/[.,]*$//' | sort -u | while read -r path; do
	# shellcheck disable=SC2086 # a pattern of README.md is one
	ls -d $path >/dev/null 2>&1 || echo "$path"
done >"$tmp/unknown"
[ ! -s "$tmp/unknown" ] || wrong "names what is not there: $(tr '\n' ' ' <"$tmp/unknown")"

for program in out/sbx-*; do
	name=${program##*/}
	"$program" --help >"$tmp/help"
	# our own words: from the program's name to "--", or to the first that is no option's
	awk -v name="$name" '{
		for (i = 1; i <= NF; i++) {
			word = $i
			sub(/.*\//, "", word)
			if (word != name)
				continue
			if ($(i + 1) ~ /^[a-z]+$/)
				print "word", $(i + 1)
			for (i++; i <= NF && $i != "--"; i++)
				if ($i ~ /^--[a-z]/) {
					sub(/[=,.)].*/, "", $i)
					print "option", $i
				}
		}
	}' "$tmp/code" | sort -u | while read -r kind word; do
		case $kind in
		option) grep -Eq -- " $word( |\$)" "$tmp/help" || echo "$name $word" ;;
		word)
			! grep -Eq "^ +$name [a-z]+( |\$)" "$tmp/help" ||
				grep -Eq "(usage:|^) +$name $word( |\$)" "$tmp/help" ||
				echo "$name $word"
			;;
		esac
	done
done >"$tmp/unknown"
[ ! -s "$tmp/unknown" ] || wrong "no program knows: $(tr '\n' ',' <"$tmp/unknown")"
exit $bad
