#!/bin/sh
# Makes out/dist/sbx-VERSION-MACHINE.tar.gz: programs, manuals, completions, notices, sums; the same
# bytes wherever it is made from the same tree by the same tools. SOURCE_DATE_EPOCH is the date of
# the last commit, or without git that of the newest file, unless it is set.
set -eu
cd "$(dirname "$0")/.."
. scripts/toolchain.sh
. scripts/lib.sh

make -s -j"$JOBS" all
for page in sbx.7 sbx-config.5 sbx-hook-protocol.5 sbx-seccomp.5; do
	[ -f "man/$page" ] || {
		echo "dist.sh: man/$page is due" >&2
		exit 1
	}
done
# the notice has to come with the library's code; where its package has none, it is given
notice=${MUSL_NOTICE:-/usr/share/doc/musl-dev/copyright}
[ -s "$notice" ] || {
	echo "dist.sh: musl's licence is not in $notice; MUSL_NOTICE=FILE names it" >&2
	exit 1
}
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
	SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=$(
		files . | tr '\n' '\0' | xargs -0 stat -c %Y | sort -n | tail -n 1
	)
fi
export SOURCE_DATE_EPOCH

name=sbx-$(out/sbx-box --version | cut -d ' ' -f 2)-$(uname -m)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
top=$tmp/$name
# put MODE FILE FOLDER
put()
{
	mkdir -p "$top/$3"
	install -m "$1" "$2" "$top/$3/"
}

scripts/completions.sh out/sbx-* >"$tmp/completion"
for program in out/sbx-*; do
	put 755 "$program" bin
	mkdir -p "$top/share/bash-completion/completions"
	cp "$tmp/completion" "$top/share/bash-completion/completions/${program##*/}"
done
for page in man/*.[0-9]; do
	put 644 "$page" "share/man/man${page##*.}"
done
put 644 README.md .
put 644 "$notice" licences
mv "$top/licences/${notice##*/}" "$top/licences/musl"
scripts/sbom.sh >"$top/sbx.spdx"
cat >"$top/INSTALL" <<'END'
Every program is one static file that needs nothing else. To install them:

    install -m 755 bin/* /usr/local/bin
    cp -R share/* /usr/local/share

Or only one: bin/sbx-ns alone is all of sbx-ns. bin/sbx-box holds them all, called with a program's
name as its first word (sbx-box ns -- true) or through a link of that name; neither the others nor
links need exist beside it. Nothing is set-uid, no service runs, no file is needed in /etc.

To see that nothing was changed on the way: sha256sum -c SHA256SUMS
END
find "$top" -type d -exec chmod 755 {} +
find "$top" -type f ! -path '*/bin/*' -exec chmod 644 {} +
(
	cd "$top"
	find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | sort | tr '\n' '\0' |
		xargs -0 sha256sum >"$tmp/sums"
	install -m 644 "$tmp/sums" SHA256SUMS
)
tar -C "$tmp" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
	--mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" | gzip -9n >"$tmp/archive"
mkdir -p out/dist
install -m 644 "$tmp/archive" "out/dist/$name.tar.gz"
(cd out/dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "out/dist/$name.tar.gz"
