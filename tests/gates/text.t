#!/bin/sh
# format.sh, size.sh, shlint.sh and words.sh see what they are for.
. tests/gates/lib.sh
copy
# what is left is enough, and quicker to look at
rm -rf tests/unit tests/bench tests/shell fuzz core/text core/spec core/plan core/run core/cli
find scripts tests/gates -type f ! -name format.sh ! -name size.sh ! -name shlint.sh \
	! -name words.sh ! -name lib.sh -exec rm -f {} +

plant core/base/planted.c <<'END'
int planted(void)
{
    return 1;
}
END
rejects 'C that is not formatted' '^core/base/planted.c:1:.*clang-format' scripts/format.sh
heal
# single quotes and $(printf) keep these faults out of this file
printf 'text \n' | plant scripts/planted.sh
rejects 'a trailing blank' '^scripts/planted.sh:1: trailing blank' scripts/format.sh
heal
printf 'text\r\n' | plant man/planted.7
rejects 'a carriage return' '^man/planted.7:1: carriage return' scripts/format.sh
heal
printf 'text' | plant tests/shell/planted.t
rejects 'no line end at the end' '^tests/shell/planted.t: no line end' scripts/format.sh
heal
printf '//\t%093d\n' 0 | plant core/base/planted.h
rejects '101 columns' '^core/base/planted.h:1: over 100 columns' scripts/format.sh
heal
printf '#\t%093d\n' 0 | plant tests/shell/planted.t
rejects 'and of a shell script' '^tests/shell/planted.t:1: over 100 columns' scripts/format.sh
heal
printf '//\t%092d\n// %097d\n// %096d\303\244\n' 0 0 0 | plant core/base/planted.h
silent '100 columns' 'planted.*columns' scripts/format.sh
heal

# lines N: a function of N lines between its braces, in the house's form.
lines()
{
	printf 'int\nplanted(void)\n{\n'
	awk -v n="$1" 'BEGIN { while (--n) print "\tplanted();"; print "\treturn 1;" }'
	printf '}\n'
}
lines 61 | plant core/base/planted.c
rejects 'a function of 61 lines' '^core/base/planted.c:planted: 61 lines' scripts/size.sh
heal
lines 60 | plant core/base/planted.c
silent 'a function of 60 lines' planted scripts/size.sh
heal
awk 'BEGIN { for (i = 0; i < 401; i++) print "" }' | plant cmd/planted.h
rejects 'a file of 401 lines' '^cmd/planted.h: 401 lines' scripts/size.sh
heal
: >core/sys/sys_linux.c
spoilt core/sys/sys_linux.c
rejects 'an exception that is not needed' '^core/sys/sys_linux.c: needs no exception' \
	scripts/size.sh
heal

plant scripts/planted.sh <<'END'
#!/bin/sh
cat $1
END
rejects 'a variable without quotes' '^scripts/planted.sh:2:.*SC2086' scripts/shlint.sh
heal
plant tests/shell/planted <<'END'
#!/bin/sh
cat $1
END
rejects 'whatever it is called' '^tests/shell/planted:2:.*SC2086' scripts/shlint.sh
heal
plant scripts/planted.sh <<'END'
# shellcheck shell=sh
[ $1 == 2 ]
END
rejects 'what is sourced' '^scripts/planted.sh:2:.*SC3014' scripts/shlint.sh
heal

# said TITLE FILE TEXT PATTERN: words.sh does not like that text there. It is written with %b, so
# that this file is not a fault itself.
said()
{
	printf '%b\n' "$3" | plant "$2"
	rejects "$1" "^$2:1:.*$4" scripts/words.sh
	heal
}
said "somebody's folder" tests/unit/planted.c '/* /\0150ome/me/sbx */' "a machine's path"
said "this machine's folder" scripts/planted.sh '# /\0167ork/wt/tree' "a machine's path"
said "the same in what fuzzing started from" fuzz/corpus/facts/planted \
	'cwd /\0167ork/wt/tree' "a machine's path"
said 'a host' man/planted.7 'see https:/\0057downloads.somewhere.net/x' 'not known here'
said 'a registry, without a scheme' scripts/planted.sh 'pull \0161uay.io/x' "a registry's host"
said 'a mirror' planted.md 'from \0155irror.somewhere.net' "a registry's host"
said 'work that is left' core/base/planted.c '/* \0124ODO: more */' 'left for later'
said 'a fault that is left' cmd/planted.c '/* \0106IXME */' 'left for later'
printf '# https://example.com/ http://registry.example:5000/ https://spdx.org/x\n' |
	plant scripts/planted.sh
silent 'names for examples' '^scripts/planted' scripts/words.sh
heal
finish
