#!/bin/sh
# What libseccomp makes of the engines' profiles answers every number as our filters do.
. tests/shell/lib.sh
tests/seccomp/build.sh peer || exit 1

if [ -x build/seccomp/peer ]; then
	status "our profiles: for one and three architectures, as a list and as a tree" 0 \
		build/seccomp/peer
	# shellcheck disable=SC2154 # set by status()
	printf '%s\n' "$out" | sed 's/^/## /'
else
	skip "our profiles" "there is no libseccomp in this machine"
fi

# The published profiles are not ours to keep; they lie beside the tree, or where this says.
: "${SBX_PROFILES:=../shared/vectors/seccomp}"
for name in moby-default containers-default; do
	title="$name: for one and three architectures, as a list and as a tree"
	profile=$SBX_PROFILES/$name.json
	if [ -f "$profile" ]; then
		status "$title" 0 build/seccomp/peer "$profile"
		printf '%s\n' "$out" | sed 's/^/## /'
	else
		skip "$title" "there is no $profile"
	fi
done
finish
