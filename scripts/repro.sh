#!/bin/sh
# Built twice, in folders, by users and at places of the world that differ, the programs and the
# archive are the same to the byte. As TAP.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/lib.sh

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
one=$tmp/a
two=$tmp/another/folder/with/a/longer/name
mkdir -p "$one" "$two"
files . | tar -cf "$tmp/tree.tar" -T -
tar -C "$one" -xf "$tmp/tree.tar"
tar -C "$two" -xf "$tmp/tree.tar"
find "$two" -type f -exec touch -d '2001-02-03' {} +

(
	umask 077
	cd "$one"
	TZ=Asia/Tokyo SOURCE_DATE_EPOCH=1700000000 scripts/dist.sh
) >"$tmp/one.log" 2>&1 &
first=$!
(
	umask 002
	cd "$two"
	LC_ALL=C.UTF-8 LANG=C.UTF-8 TZ=America/Lima SOURCE_DATE_EPOCH=1700000000 HOME=/nonexistent \
		scripts/dist.sh
) >"$tmp/two.log" 2>&1 &
second=$!
status=0
wait $first || status=$?
wait $second || status=$?
for file in out/sbx-*; do
	name=${file##*/}
	if cmp "$one/out/$name" "$two/out/$name" >"$tmp/log" 2>&1; then
		pass "repro: $name"
	else
		fail "repro: $name" "$(cat "$tmp/log" "$tmp/one.log" "$tmp/two.log")"
	fi
done
if [ $status = 0 ] && (cd "$one/out/dist" && sha256sum -- *.gz*) >"$tmp/sums" &&
	(cd "$two/out/dist" && sha256sum -c "$tmp/sums") >"$tmp/log" 2>&1; then
	pass 'repro: the archive'
else
	fail 'repro: the archive' "$(cat "$tmp/log" "$tmp/one.log" "$tmp/two.log")"
fi
finish
