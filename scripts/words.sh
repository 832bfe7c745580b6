#!/bin/sh
# What must not be in the tree: paths of somebody's machine, hosts that are not listed here, work
# that is left for later.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
files . >"$tmp/all"
grep -v '^fuzz/corpus/' "$tmp/all" >"$tmp/files"
bad=0
# wrong HITS WHY: complains unless there are none.
wrong()
{
	[ -n "$1" ] || return 0
	printf '%s\n' "$1" | sed "s|\$| ($2)|"
	bad=1
}

# A [x] in a pattern keeps it from matching itself.
paths='/[w]ork/(wt|main|shared|[.:])|/[h]ome/[a-z][a-z0-9_-]+/|/[U]sers/[a-z]|bash_[j]obs'
# In what fuzzing started from as well: facts of the machine that it ran on are input there.
wrong "$(xargs grep -anE "$paths" <"$tmp/all")" "a machine's path"

# URLs: names that are reserved for examples, and hosts of specifications.
reserved='([a-z0-9.-]+\.)?example(\.(com|org|net))?|[a-z0-9.-]+\.(invalid|test)|localhost'
known='json-schema\.org|spdx\.org|(www\.)?kernel\.org|musl\.libc\.org'
wrong "$(xargs grep -InoE '[a-z][a-z0-9+.-]*://[a-z0-9][^][/"'"'"' <>()`,;\\]*' <"$tmp/files" |
	grep -vE "://([^@/]*@)?($reserved|$known)(:[0-9]+)?\\.?\$")" 'a host that is not known here'
registry='(registry|index|mirrors?|artifactory|nexus|pypi)[a-z0-9-]*\.[a-z0-9-]+\.|npm[j]s\.'
registry="$registry|(deb|snapshot)\\.[d]ebian|(quay|gh?cr|gcr|docker)\\.[i]o|crates\\.[i]o"
wrong "$(xargs grep -InE "(^|[^a-z0-9.-])($registry)" <"$tmp/files")" "a registry's host"

wrong "$(grep -E '^(core|cmd)/' "$tmp/files" | xargs grep -InwE 'TODO|FIXME|XXX|HACK')" \
	'left for later'
exit $bad
