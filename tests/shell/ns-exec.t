#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# Executing the payload: exit statuses, what cannot be executed, words, environment.
. tests/shell/lib.sh
need_root

# ---- exit statuses -------------------------------------------------------------------------------

# exits OPTIONS CODE...: those that come out as another.
exits()
{
	exits_options=$1
	shift
	for code; do
		# shellcheck disable=SC2086 # an option or none
		"$ns" $exits_options -- /bin/sh -c "exit $code"
		got=$?
		[ $got = "$code" ] || echo "$code: $got"
	done
}
# shellcheck disable=SC2046
is "the payload's exit status, 0 to 255" "$(exits '' $(seq 0 255))" ""
is "with --no-init" "$(exits --no-init 0 1 2 42 124 125 126 127 128 137 143 254 255)" ""
for who in root nobody; do
	for sig in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 24 25 26 27 29 30 31 34 64; do
		as $who "$ns" -- /bin/sh -c "ulimit -c 0; kill -$sig \$\$" 2>"$T/said"
		is "$who: a payload that signal $sig ends" $? $((128 + sig))
	done
done

# ---- what cannot be executed ---------------------------------------------------------------------

e=$T/e
mkdir "$e" "$e/directory"
cp /bin/true "$e/no-mode" && chmod 644 "$e/no-mode"
printf '#!/does/not/exist\n' >"$e/no-interpreter"
printf '#!%s\n' "$e/no-mode" >"$e/interpreter-without-mode"
printf '#!%s\n' "$e/directory" >"$e/interpreter-is-a-directory"
printf 'exit 7\n' >"$e/no-hash-bang"
: >"$e/empty"
printf '\177ELF' >"$e/cut"
printf '#!/bin/sh\nexit 8\n' >"$e/script"
printf '#!\n' >"$e/hash-bang-alone"
ln -s absent "$e/dangling"
ln -s loop "$e/loop"
ln -s script "$e/link"
ln -s directory "$e/link-to-directory"
chmod 755 "$e"/no-[ih]* "$e/interp"* "$e/empty" "$e/cut" "$e/script" "$e/hash-bang-alone"
# A machine of another kind, and one whose loader is missing
head -c 64 /bin/true >"$e/other-machine"
printf '\377\377' | dd of="$e/other-machine" bs=1 seek=18 conv=notrunc 2>/dev/null
python3 - /bin/true "$e/no-loader" <<'END'
import re
import sys
data = open(sys.argv[1], "rb").read()
at = re.search(rb"/lib[0-9]*/ld-[^\0]*\0", data).start()
open(sys.argv[2], "wb").write(data[:at] + b"/nix" + data[at + 4:])
END
chmod 755 "$e/other-machine" "$e/no-loader"

# cannot STATUS FILE WORDS
cannot()
{
	for who in root nobody; do
		status "$who: $2" "$1" as $who "$ns" -- "$e/$2"
		like "$who: is told" "$err" "sbx-ns: cannot execute $e/$2$3"
	done
}
cannot 127 absent ': No such file or directory'
cannot 127 directory/absent ': No such file or directory'
cannot 127 absent/absent ': No such file or directory'
cannot 127 script/absent ': No such file or directory'
cannot 127 dangling ': No such file or directory'
cannot 126 directory ': Permission denied'
cannot 126 link-to-directory ': Permission denied'
cannot 126 no-mode ': Permission denied'
cannot 126 no-interpreter ': its interpreter is missing: No such file or directory'
cannot 126 no-loader ': its interpreter is missing: No such file or directory'
cannot 126 interpreter-without-mode ': Permission denied'
cannot 126 interpreter-is-a-directory ': Permission denied'
format=' (neither a program for this machine nor a script with a #! line): Exec format error'
cannot 126 no-hash-bang "$format"
cannot 126 empty "$format"
cannot 126 cut "$format"
cannot 126 other-machine "$format"
cannot 126 hash-bang-alone "$format"
cannot 126 loop ': Too many levels of symbolic links'
status "a script" 8 "$ns" -- "$e/script"
status "a link to one" 8 "$ns" -- "$e/link"
status "a name that is empty" 127 "$ns" -- ''
is "is told" "$err" 'sbx-ns: cannot find "" in the PATH of the box: No such file or directory'
status "a name that is too long" 126 "$ns" -- "/$(printf '%5000s' x | tr ' ' x)"
mkdir "$e/closed" && cp /bin/true "$e/closed/true" && chmod 700 "$e/closed"
status "one that nobody may look for" 126 as_nobody "$ns" -- "$e/closed/true"
status "on a file system without programs" 126 unshare --mount /bin/sh -c \
	'mount -t tmpfs -o noexec none /mnt && cp /bin/true /mnt && exec "$@"' sh "$ns" -- /mnt/true
# As the kernel says it of an ELF file that it takes and cannot lay out: the exec has happened.
python3 - "$e/impossible" <<'END'
import os
import struct
import sys
machine = {"aarch64": 183}.get(os.uname().machine, 62)
header = struct.pack("<4sBBBBQHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 0, 2, machine, 1,
    0x400000, 64, 0, 0, 64, 56, 1, 0, 0, 0)
# a segment in the kernel's half
load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0xffff800000000000, 0, 120, 120, 4096)
open(sys.argv[1], "wb").write(header + load)
END
chmod 755 "$e/impossible"
for who in root nobody; do
	as $who "$ns" --report 8 -- "$e/impossible" 8>"$T/report" 2>"$T/said"
	is "$who: an impossible ELF is a crash after the exec" "$?" 139
	like "$who: which the verdict says" "$(tail -n 1 "$T/report")" \
		'*"stage":"run","cause":"signal","status":139,"signal":11*'
done

# ---- found in PATH -------------------------------------------------------------------------------

mkdir "$e/one" "$e/two" "$e/three"
printf '#!/bin/sh\necho "two $0"\n' >"$e/two/tool"
printf '#!/bin/sh\necho "three $0"\n' >"$e/three/tool"
printf '#!/bin/sh\n' >"$e/one/tool"
chmod 755 "$e/two/tool" "$e/three/tool"
for who in root nobody; do
	run as $who env PATH="$e/absent:$e/two:$e/three" "$ns" -- tool
	is "$who: the first that is there" "$out" "two $e/two/tool"
	run as $who env PATH="$e/one:$e/two" "$ns" -- tool
	is "$who: one without mode is passed over" "$out" "two $e/two/tool"
	status "$who: and told of when it is all there is" 126 as $who env PATH="$e/one" "$ns" -- \
		tool
	like "$who: by its path" "$err" "*cannot execute $e/one/tool: Permission denied"
	status "$who: in no directory of PATH" 127 as $who env PATH="$e/one:$e" "$ns" -- absent
	run as $who /bin/sh -c 'cd "$1" && PATH=: "$2" -- tool' sh "$e/two" "$ns"
	is "$who: an empty PATH entry is the working directory" "$out" "two ./tool"
	run as $who /bin/sh -c 'cd "$1" && PATH=/bin "$2" -- two/tool' sh "$e" "$ns"
	is "$who: a name with a slash is not looked for" "$out" "two two/tool"
	run as $who env PATH="$e/three" "$ns" --env "PATH=$e/two:/bin" -- tool
	is "$who: the PATH that the payload gets is the one that counts" "$out" "two $e/two/tool"
	run as $who env -u PATH "$ns" -- true
	is "$who: without PATH there is a usual one" "$st" 0
done

# ---- words ---------------------------------------------------------------------------------------

words='for w; do printf "<%s>" "$w"; done'
run "$ns" -- /bin/sh -c "$words" sh --rw -- '' '-h' 'a b' '*'
is "words pass as they are" "$out" "<--rw><--><><-h><a b><*>"
run "$ns" /bin/echo --proc --rw / -h
is "options end at the program" "$out" "--proc --rw / -h"
run "$ns" -- --version
is "after -- a word is a program" "$st" 127
run "$ns" --hostname=one --rw="$T" -- /bin/uname -n
is "--option=value" "$out" one
run "$ns" -- /bin/sh -c 'echo "$0"'
is "a shell's \$0 is its own name" "$out" /bin/sh
status "no program" 125 "$ns"
like "is told with the usage" "$err" '*no program to execute: sbx-ns \[options\] \[--\] prog*'
status "options and no program" 125 "$ns" --proc --
status "a lone dash is a program's name" 127 "$ns" -
status "an unknown option" 125 "$ns" --prok -- /bin/true
like "with the one that was meant" "$err" '*unknown option "--prok"; did you mean "--proc"?*'
status "no abbreviations" 125 "$ns" --host x -- /bin/true
status "a flag with a value" 125 "$ns" --proc=yes -- /bin/true
like "is told" "$err" '*--proc takes no argument'
status "an option without its value" 125 "$ns" --rw
like "is told" "$err" '*--rw needs an argument: PATH'
status "half of two values" 125 "$ns" --bind /etc
for bad in '--rw etc' '--rw /etc/../usr' '--bind /etc mnt' '--tmp mnt' '--tmp /mnt:size=0' \
	'--tmp /mnt:size=x' '--tmp /mnt:mode=9' '--tmp /mnt:colour=red' '--tmp /' '--bind /etc /' \
	'--hostname a_b' '--keep-fd x' '--keep-fd 1024' '--report 1024' '--report x' \
	'--user old' '--net somewhere' '--mount relative/path' '--env 1=x' '--env =x' \
	'--env A=1 --env A=2' '--rw /etc --rw /etc' '--hostname a --hostname b' '--root relative' \
	'--chdir relative' '--facts /dev/null' '--hostname x --uts inherit' \
	'--rw /etc --mount inherit' '--root /usr --mount inherit'; do
	# shellcheck disable=SC2086 # lists
	run "$ns" $bad -- /bin/echo executed
	like "$bad is refused, in one line" "$st $out $(echo "$err" | wc -l) $err" \
		'125  1 sbx-ns: *'
done
run "$ns" --rw "$(printf '/a\033[31m')" -- /bin/true
like "what is printed of a word has no control characters" "$err" '*/a\\x1b\[31m*'

# ---- environment ---------------------------------------------------------------------------------

run env -i A=1 B=2 SBX_REPORT_FD=8 "$ns" -- /usr/bin/env 8>"$T/report"
is "the environment passes, without what is ours" "$(echo "$out" | sort)" "A=1
B=2"
[ -s "$T/report" ]
is "and that is used" $? 0
run env -i A=1 B=2 "$ns" --clear-env --env A --env C=3 --env D --env E= -- /usr/bin/env
is "--clear-env, --env" "$out" "A=1
C=3
E="
run env -i A=1 B=2 "$ns" --env A=x -- /usr/bin/env
is "--env over what is there" "$(echo "$out" | sort)" "A=x
B=2"
run env -i A=1 A=2 "$ns" -- /usr/bin/env
is "nothing is added" "$out" "A=2"
run as_nobody env -i "$ns" --proc -- /usr/bin/env
is "not even one" "$out" ""
run env -i SECRET=x "$ns" --clear-env --proc -- /bin/sh -c 'cat /proc/1/environ'
is "what was cleared cannot be read from init" "$out" ""
finish
