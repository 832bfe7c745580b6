#!/bin/sh
# corpus.sh check: are the corpora as they should be? Files of at most 4 KiB named for their SHA-1,
# 1 MiB in all, each of a target; a dictionary for each target.
# corpus.sh TARGET [FOLDER...]: the least inputs that reach all that the corpus and these folders
# do.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

most_file=4096
most_all=1048576

size_of_all()
{
	find fuzz/corpus -type f -exec wc -c {} + |
		awk '$2 != "total" { n += $1 } END { print n + 0 }'
}

check()
{
	bad=0
	wrong()
	{
		echo "$1"
		bad=1
	}
	for source in fuzz/fuzz_*.c; do
		target=${source#fuzz/fuzz_}
		target=${target%.c}
		[ -s "fuzz/dict/$target.dict" ] || wrong "fuzz/dict/$target.dict: is due"
		[ -n "$(ls "fuzz/corpus/$target" 2>/dev/null)" ] ||
			wrong "fuzz/corpus/$target: is due"
		grep -q '^/\* fuzz: core/' "$source" ||
			wrong "$source: names no source that it is meant to cover"
		named=$(sed -n 's,^/\* fuzz: \(.*\) \*/$,\1,p' "$source")
		for covered in $named; do
			[ -f "$covered" ] || wrong "$source: names $covered, which is not there"
		done
	done
	for folder in fuzz/corpus/* fuzz/crashes/*; do
		[ ! -e "$folder" ] || [ -e "fuzz/fuzz_${folder##*/}.c" ] ||
			wrong "$folder: belongs to no target"
	done
	large=$(find fuzz/corpus fuzz/crashes -type f -size +${most_file}c 2>/dev/null) || :
	[ -z "$large" ] || wrong "more than $most_file bytes: $large"
	find fuzz/corpus -type f -exec sha1sum {} + | awk '
	{
		name = $2
		sub(/.*\//, "", name)
		if (name != $1) {
			print $2 ": its SHA-1 is " $1
			bad = 1
		}
	}
	END { exit bad }' || bad=1
	[ "$(size_of_all)" -le $most_all ] || wrong "fuzz/corpus: more than $most_all bytes"
	return $bad
}

minimise()
{
	target=$1
	shift
	engine=build/fuzz/bin/fuzz_$target
	[ -x "$engine" ] || {
		echo "corpus.sh: $engine is not built, or there is no such target" >&2
		exit 2
	}
	mkdir -p "fuzz/corpus/$target"
	least=$(mktemp -d build/corpus.XXXXXX)
	trap 'rm -rf "$least"' EXIT
	# it names what it keeps by its SHA-1, and keeps fewer than -merge=1 of the same reach
	"$engine" -set_cover_merge=1 -max_len=$most_file "$least" "fuzz/corpus/$target" "$@" \
		>"$least.log" 2>&1 || {
		tail -n 20 "$least.log" >&2
		exit 1
	}
	rm -f "$least.log"
	[ -n "$(ls "$least")" ] || {
		echo "corpus.sh: $target: nothing is left; the corpus stays as it was" >&2
		exit 1
	}
	find "fuzz/corpus/$target" -type f -exec rm -f {} +
	find "$least" -type f -exec cp {} "fuzz/corpus/$target/" \;
	chmod 644 "fuzz/corpus/$target"/*
	[ "$(size_of_all)" -le $most_all ] || {
		echo "corpus.sh: fuzz/corpus has more than $most_all bytes" >&2
		exit 1
	}
}

case ${1:-} in
check) check ;;
'' | -*)
	echo "usage: scripts/corpus.sh check | TARGET [FOLDER...]" >&2
	exit 2
	;;
*) minimise "$@" ;;
esac
