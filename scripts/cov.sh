#!/bin/sh
# Coverage by gcov, as TAP. Units and corpora together reach every line of pure code and 95 % of its
# branches, but for the lines in tests/exceptions, 30 at most; each corpus alone reaches 90 % of the
# lines of what its fuzz target names. build/cov/lines has every line that nothing reaches.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/lib.sh

run=build/cov/run
make -s -j"$JOBS" cov
rm -rf $run
mkdir -p $run

# counted NAME COMMAND...: runs it; what it reached is added to the counts of NAME.
counted()
{
	counted_name=$1
	shift
	GCOV_PREFIX=$PWD/$run/$counted_name "$@" >$run/log 2>&1 ||
		fail "coverage: $*" "$(tail -n 20 $run/log)"
}

# reached NAME FOLDER...: "L FILE LINE COUNT TEXT" and "B FILE LINE COUNT" for the sources of these
# folders, which need not have been run.
reached()
{
	# counts lie below the path that the objects were compiled at, which need not be ours
	reached_in=$run/counts/$1
	mkdir -p "$reached_in"
	find "$run/$1" -type d -path '*/build/cov' -exec cp -R {}/. "$reached_in/" \; -prune
	shift
	for folder; do
		mkdir -p "$reached_in/$folder"
		cp "build/cov/$folder"/*.gcno "$reached_in/$folder/"
		# what it cannot read is missed by those who read on
		gcov -t -b -c -o "$reached_in/$folder" "$folder"/*.c 2>/dev/null || :
	done | awk -v OFS='\t' '
	/^ *-: *0:Source:/ {
		file = $0
		sub(/.*Source:/, "", file)
		next
	}
	file !~ /^core\// { next }
	/^branch / {
		print "B", file, line, $3 == "taken" ? $4 : 0
		next
	}
	/^ *[0-9#=*-]+: *[0-9]+:/ {
		count = $0
		sub(/:.*/, "", count)
		gsub(/[ *]/, "", count)
		line = $0
		sub(/^[^:]*: */, "", line)
		text = line
		sub(/:.*/, "", line)
		sub(/^[0-9]+:[ \t]*/, "", text)
		if (count != "-")
			print "L", file, line, count ~ /^[#=]/ ? 0 : count, text
	}'
}

folders_of()
{
	printf '%s\n' "$@" | sed 's,/[^/]*$,,' | sort -u
}

for unit in build/cov/bin/test_*; do
	counted all "$unit"
done
for replay in build/cov/bin/replay_*; do
	target=${replay##*/replay_}
	counted "$target" "$replay" "fuzz/corpus/$target"
	counted all "$replay" "fuzz/corpus/$target" "fuzz/crashes/$target"
done
[ "$failed" = 0 ] && pass 'coverage: units and corpora run'

# shellcheck disable=SC2046 # a list
reached all $(folders_of core/*/*.c | grep -v '^core/sys$') >$run/all.tsv
exceptions=tests/exceptions
[ -e $exceptions ] || exceptions=/dev/null
# shellcheck disable=SC2010 # names of ours
ls core/*/*.c | grep -Ev '^core/(run|cli|sys)/' >$run/pure
awk -F '\t' -v pure=$run/pure -v counts=$run/all.tsv -f scripts/cov.awk $exceptions \
	$run/all.tsv >$run/report.txt
grep '^##' $run/report.txt || :
grep '^result' $run/report.txt >$run/results || :
while read -r _ good title; do
	if [ "$good" = 1 ]; then
		pass "coverage: $title"
	else
		fail "coverage: $title"
		sed -n "/^result . $title/,/^result/p" $run/report.txt | grep '^# ' || :
	fi
done <$run/results

for source in fuzz/fuzz_*.c; do
	target=${source#fuzz/fuzz_}
	target=${target%.c}
	named=$(sed -n 's,^/\* fuzz: \(.*\) \*/$,\1,p' "$source" | tr '\n' ' ')
	# shellcheck disable=SC2046,SC2086 # lists
	share=$(reached "$target" $(folders_of $named) | awk -F '\t' -v named="$named" '
	BEGIN {
		n = split(named, part, " ")
		for (i = 1; i <= n; i++)
			wanted[part[i]] = 1
	}
	$1 == "L" && $2 in wanted {
		lines++
		hit += $4 > 0
		seen[$2] = 1
	}
	END {
		for (name in wanted)
			if (!(name in seen))
				missing = missing " " name
		if (missing != "" || !lines)
			print 0, "of what cannot be seen:" missing
		else
			printf "%.1f of the %d lines of %s\n", hit * 100 / lines, lines, named
	}')
	echo "## corpus of $target: $share" | sed 's/ of the/ % of the/'
	if awk -v share="${share%% *}" 'BEGIN { exit !(share >= 90) }'; then
		pass "coverage: the corpus of $target alone reaches 90 %"
	else
		fail "coverage: the corpus of $target alone reaches 90 %" "$share"
	fi
done
finish
