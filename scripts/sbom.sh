#!/bin/sh
# sbom.sh: an SPDX 2.3 document (tag-value) of the programs in out/, on standard output: what the
# linker's maps say is in each, our sources and members of libc, with their checksums.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

: "${SOURCE_DATE_EPOCH:?is due}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
version=$(out/sbx-box --version | cut -d ' ' -f 2)

# package NAME VERSION SUPPLIER LICENCE COPYRIGHT
package()
{
	cat <<END

PackageName: $1
SPDXID: SPDXRef-Package-$1
PackageVersion: $2
PackageSupplier: $3
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
LicenseConcluded: $4
LicenseDeclared: $4
PackageCopyrightText: $5
END
}

# From a map: "object FILE", "member ARCHIVE MEMBER", "start FILE".
linked()
{
	awk '
	/^Archive member included/ { members = 1; next }
	members && /^[^ ].*\.a\(.*\)/ {
		archive = $1
		sub(/\(.*/, "", archive)
		member = $1
		sub(/.*\(/, "", member)
		sub(/\).*/, "", member)
		print "member", archive, member
	}
	/^(Discarded input sections|Memory Configuration)/ { members = 0 }
	/^LOAD build\/.*\.o$/ { print "object", $2 }
	/^LOAD \/.*\.o$/ { print "start", $2 }' "$1" | sort -u
}

# Everything that is named gets a file of that name under $tmp/all, so that one call sums them; and
# "contains|from|links WHOLE PART" in $tmp/relations.
mkdir -p "$tmp/all/bin"
for program in out/sbx-*; do
	name=${program##*/}
	cp "$program" "$tmp/all/bin/"
	echo "contains Package-sbx bin/$name" >>"$tmp/relations"
	linked "build/release/bin/$name.map" >"$tmp/linked"
	[ -s "$tmp/linked" ] || {
		echo "sbom.sh: build/release/bin/$name.map says nothing" >&2
		exit 1
	}
	while read -r kind file member; do
		case $kind in
		object)
			part=${file#build/release/}
			part=${part%.o}.c
			echo "from bin/$name $part" >>"$tmp/relations"
			;;
		*)
			case $file in
			*/libgcc*) part=gcc/$member ;;
			*) part=musl/${member:-${file##*/}} ;;
			esac
			echo "links bin/$name $part" >>"$tmp/relations"
			echo "contains Package-${part%%/*} $part" >>"$tmp/relations"
			;;
		esac
		[ ! -e "$tmp/all/$part" ] || continue
		mkdir -p "$tmp/all/${part%/*}"
		case $kind in
		object) cp "$part" "$tmp/all/$part" ;;
		start) cp "$file" "$tmp/all/$part" ;;
		member) ar p "$file" "$member" >"$tmp/all/$part" ;;
		esac
	done <"$tmp/linked"
done
(
	cd "$tmp/all"
	find . -type f | sort | xargs sha1sum | sed 's/^/SHA1 /'
	find . -type f | sort | xargs sha256sum | sed 's/^/SHA256 /'
) >"$tmp/sums"
awk '
function id(name) {
	sub(/^\.\//, "", name)
	gsub(/_/, ".u.", name)
	gsub(/[^A-Za-z0-9.-]/, "-", name)
	return "SPDXRef-File-" name
}
$1 == "SHA1" {
	sha1[$3] = $2
	next
}
{
	kind = $3 ~ /^\.\/(core|cmd)\// ? "SOURCE" : "BINARY"
	licence = $3 ~ /^\.\/musl\// ? "MIT" : $3 ~ /^\.\/gcc\// ? \
		"GPL-3.0-or-later WITH GCC-exception-3.1" : "NOASSERTION"
	print ""
	print "FileName: " $3
	print "SPDXID: " id($3)
	print "FileType: " kind
	print "FileChecksum: SHA1: " sha1[$3]
	print "FileChecksum: SHA256: " $2
	print "LicenseConcluded: " licence
	print "LicenseInfoInFile: NOASSERTION"
	print "FileCopyrightText: NOASSERTION"
}' "$tmp/sums" >"$tmp/files"
sort -u "$tmp/relations" | awk '
BEGIN {
	name["contains"] = "CONTAINS"
	name["from"] = "GENERATED_FROM"
	name["links"] = "STATIC_LINK"
}
function id(name) {
	if (name ~ /^Package-/)
		return "SPDXRef-" name
	gsub(/_/, ".u.", name)
	gsub(/[^A-Za-z0-9.-]/, "-", name)
	return "SPDXRef-File-" name
}
{ print "Relationship: " id($2), name[$1], id($3) }' >"$tmp/relationships"
twice=$(sed -n 's/^SPDXID: //p' "$tmp/files" | sort | uniq -d)
[ -z "$twice" ] || {
	echo "sbom.sh: two files have one identifier: $twice" >&2
	exit 1
}

hash=$(sha256sum <"$tmp/files" | cut -d ' ' -f 1)
cat <<END
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: sbx-$version
DocumentNamespace: https://spdx.org/spdxdocs/sbx-$version-$(uname -m)-$hash
Creator: Tool: sbx-scripts-sbom
Created: $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-sbx
END
cat "$tmp/files"
package sbx "$version" NOASSERTION NOASSERTION NOASSERTION
musl=$(musl-gcc -v -E - </dev/null 2>&1 |
	sed -n 's,^Reading specs from \(.*\)/musl-gcc.specs$,\1,p')
musl_version=$("$musl/libc.so" 2>&1 | sed -n 's/^Version //p') || :
package musl "${musl_version:?}" 'Person: Rich Felker' MIT \
	'<text>Rich Felker and contributors; see licences/musl</text>'
[ ! -d "$tmp/all/gcc" ] || package gcc "$(gcc -dumpfullversion)" \
	'Organization: Free Software Foundation' 'GPL-3.0-or-later WITH GCC-exception-3.1' \
	NOASSERTION
echo
cat "$tmp/relationships"
