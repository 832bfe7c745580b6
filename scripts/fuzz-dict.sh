#!/bin/sh
# Makes the fuzz dictionaries of the two readers that go by tables, from what the programs say of
# those tables themselves.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

usage()
{
	cat <<'END'
usage: scripts/fuzz-dict.sh          writes fuzz/dict/box.dict and fuzz/dict/args.dict
       scripts/fuzz-dict.sh check    fails when those differ from what it would write
The programs are those in out/ (SBX names another folder).
END
}

# Each match of a pattern in the text, one a line.
matches()
{
	awk -v pattern="$1" '{
		while (match($0, pattern)) {
			print substr($0, RSTART, RLENGTH)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}'
}

# Entries of lines: quotes and backslashes escaped.
entries()
{
	sed 's/[\\"]/\\&/g; s/.*/"&"/'
}

# Keys are what has a description, and the names of objects of names; words are in lists.
box_dict()
{
	schema=$("$sbx/sbx-hook" schema)
	printf '%s\n' "$schema" |
		matches '"[a-z_]+":[{]("description"|"type":"object","propertyNames")' |
		sed 's/:.*/:/' | sort -u | entries
	printf '%s\n' "$schema" | matches '"enum":\[[^]]*\]' | matches '"[a-z_]+"[],]' |
		sed 's/.$//' | sort -u | entries
	cat <<'END'
"{\"sandboxes\":{\"s\":{}},\"hooks\":{\"h\":{"
"\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\"}}}"
"\"s\":{"
"\"s\""
"\"t.u\":{}"
"\"hook\":\"tool\",\"phases\":[\"before_execution\"],"
"true"
"false"
"null"
"\"seccomp\":\"strict\","
"\"seccomp\":\"/p\","
"\"seccomp\":[\"default allow\"],"
"\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\"},"
"\"degrade\":[\"seccomp\"],"
"\"memory\":\"64M\","
"\"cpu\":0.5,"
"\"pids\":7,"
"\"io\":[\"8:0:rbps=1M,wiops=2\"],"
"\"hugetlb\":[\"2MB=4M\"],"
"\"cgroup_files\":[\"misc.max=a\"],"
"\"allowed_devices\":[\"c:1:*:rw\",\"/dev/a\"],"
"\"0-3,5\""
"[]"
"[\"/a\",\"/b\"]"
"\"/\""
"\"/a/../b\""
"\"/a/./b/\""
"\"/t:size=1M,mode=0755,nr_inodes=16\""
":size="
",mode="
",nr_inodes="
"\"A=1\""
"\"A\""
"\"V\""
"\"64M\""
"\"1.5K\""
"67108864"
"\"1h30m\""
"\"500ms\""
"\\u0000"
"\\u0061"
END
}

# Options with and without an argument, one-letter forms, and the words that an argument may be.
args_dict()
{
	"$sbx/sbx-ns" --help | awk '
	/^  (-.,|   ) --/ {
		letter = $1 ~ /^-.,$/ ? substr($1, 1, 2) : ""
		at = letter == "" ? 1 : 2
		print $at "\\x00"
		if (letter != "")
			print letter "\\x00"
		# an argument stands two places before the prose at the latest
		if (substr($0, index($0, $at) + length($at), 2) !~ /^  /)
			print $at "="
		n = split($(at + 1), word, "|")
		for (i = 1; n > 1 && i <= n; i++)
			if (word[i] ~ /^[a-z]+$/)
				print "=" word[i] "\\x00"
	}' | sort -u | sed 's/.*/"&"/'
	cat <<'END'
"\x00"
"--\x00"
"-\x00"
"/\x00"
"/a\x00"
"/a/../b\x00"
"//a/./b/\x00"
":size=1M"
",mode=0755"
",nr_inodes=16"
"A=1\x00"
"3\x00"
"1023\x00"
"=/proc/1/ns/net\x00"
END
}

make_dict()
{
	echo "# Made by scripts/fuzz-dict.sh"
	if [ "$1" = box ]; then
		box_dict
	else
		args_dict
	fi
}

case ${1:-} in
'' | check) ;;
*)
	usage >&2
	exit 2
	;;
esac
sbx=${SBX:-out}
for program in sbx-hook sbx-ns; do
	if [ ! -x "$sbx/$program" ]; then
		echo "fuzz-dict.sh: $sbx/$program is due; make all builds it" >&2
		exit 2
	fi
done
status=0
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
for name in box args; do
	make_dict $name >"$tmp"
	if [ $# -eq 0 ]; then
		cp "$tmp" fuzz/dict/$name.dict
	elif ! diff -u fuzz/dict/$name.dict "$tmp"; then
		echo "fuzz/dict/$name.dict is not what scripts/fuzz-dict.sh makes" >&2
		status=1
	fi
done
exit $status
