#!/bin/sh
# What scripts/dist.sh packs: the programs that were built, their notices, sums that are right, a
# list of parts that names each once, completions that complete.
. tests/gates/lib.sh
copy release out
rm -rf out/dist man
mkdir man
touch build/release/bin/* out/sbx-*

rejects 'not without manuals' '^dist.sh: man/sbx.7 is due' scripts/dist.sh
for page in sbx.7 sbx-config.5 sbx-hook-protocol.5 sbx-seccomp.5 sbx-ns.1; do
	echo ".Dd January 1, 2026" >man/$page
done
rejects "not without musl's notice" "musl's licence is not in /nonexistent" \
	env MUSL_NOTICE=/nonexistent scripts/dist.sh
rejects 'not without a date of its own where there is none' 'SOURCE_DATE_EPOCH' scripts/sbom.sh
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
accepts 'the archive' scripts/dist.sh
archive=$(ls out/dist/*.tar.gz)
accepts 'its sum' sh -c 'cd out/dist && sha256sum -c *.sha256'
name=$(basename "$archive" .tar.gz)
is 'its name' "$name" "sbx-$(out/sbx-box --version | cut -d ' ' -f 2)-$(uname -m)"
is 'its one folder' "$(tar -tf "$archive" | cut -d / -f 1 | sort -u)" "$name"
is 'its owner and date' "$(TZ=UTC tar --numeric-owner -tvf "$archive" |
	awk '{ print $2, $4, $5 }' | sort -u)" '0/0 2023-11-14 22:13'
mkdir "$T/x"
tar -C "$T/x" -xf "$archive"
cd "$T/x/$name" || exit 1
accepts 'sums of what is in it' sha256sum --quiet -c SHA256SUMS
is 'of all that is in it' "$(find . -type f | wc -l)" $(($(wc -l <SHA256SUMS) + 1))
for program in "$here"/out/sbx-*; do
	program=${program##*/}
	[ "$program" != dist ] || continue
	accepts "$program runs" "bin/$program" --version
	accepts "$program is what was built" cmp "$T/tree/out/$program" "bin/$program"
	[ -s "share/bash-completion/completions/$program" ]
	is "$program completes" $? 0
done
[ -f share/man/man7/sbx.7 ] && [ -f share/man/man1/sbx-ns.1 ] && [ -f share/man/man5/sbx-config.5 ]
is 'manuals are where man(1) looks' $? 0
accepts 'the notice of musl' grep -q 'WITHOUT WARRANTY OF ANY KIND\|Permission is hereby granted' \
	licences/musl

# the list of parts: SPDX 2.3, tag-value
sbom=sbx.spdx
is 'parts: one document' "$(grep -c '^SPDXVersion: SPDX-2.3$' $sbom)" 1
is 'parts: each has a name once' "$(sed -n 's/^SPDXID: //p' $sbom | sort | uniq -d)" ''
sed -n 's/^SPDXID: //p' $sbom | sort >"$T/ids"
sed -n 's/^Relationship: //p' $sbom | awk '{ print $1; print $3 }' | sort -u >"$T/related"
is 'parts: what is related is named' "$(comm -13 "$T/ids" "$T/related")" ''
is 'parts: what is named is related' "$(comm -23 "$T/ids" "$T/related")" ''
awk '
/^FileName: / { name = $2 }
/^FileChecksum: SHA256: / { print $3 "  " name }' $sbom >"$T/sums"
accepts 'parts: the sums of our sources' \
	sh -c "cd '$T/tree' && grep -E '  ./(core|cmd)/' '$T/sums' | sha256sum --quiet -c"
accepts 'parts: the sums of the programs' \
	sh -c "grep '  ./bin/' '$T/sums' | sha256sum --quiet -c"
accepts 'parts: musl is one' grep -q '^FileName: ./musl/__libc_start_main.lo' $sbom
for source in core/sys/sys_linux.c core/base/str.c cmd/sbx-ns.c; do
	id=$(grep -A 1 "^FileName: ./$source\$" $sbom | sed -n 's/^SPDXID: //p')
	accepts "parts: $source is one of sbx-ns" \
		grep -q "^Relationship: SPDXRef-File-bin-sbx-ns GENERATED_FROM $id\$" $sbom
done
id=$(grep -A 1 "^FileName: ./cmd/sbx-hook.c\$" $sbom | sed -n 's/^SPDXID: //p')
silent 'parts: what it has not is none' "^Relationship: SPDXRef-File-bin-sbx-ns .* $id\$" cat $sbom

# completions, in a shell that has nothing but them
cat >"$T/complete" <<'END'
. share/bash-completion/completions/sbx-ns
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_${1//-/_}
echo "${COMPREPLY[*]}"
END
# completes WANTED WORD...
completes()
{
	want=$1
	shift
	is "completion of: $*" "$(bash --norc --noprofile "$T/complete" "$@" | tr ' ' '\n' |
		sort -u | tr '\n' ' ' | sed 's/ $//')" "$want"
}
completes '--hostname' sbx-ns --hostn
completes '--receipt --report' sbx-ns --proc --re
completes 'host' sbx-ns --net h
completes 'host' sbx-ns --net = h
completes 'licences' sbx-ns --rw lic
completes 'licences' sbx-ns --bind bin lic
completes '' sbx-ns --hostname lic
completes 'licences' sbx-ns -- ls lic
completes 'licences' sbx-ns --proc ls lic
completes 'schema' sbx-hook sc
completes 'licences' sbx-hook run -f lic
completes '--grace' sbx-hook exec --gr
completes 'hook' sbx-box h
completes '--hostname' sbx-box ns --hostn
finish
