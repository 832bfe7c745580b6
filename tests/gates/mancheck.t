#!/bin/sh
# scripts/mancheck.sh sees where a manual and a program part. The pages are made here from what the
# programs print, so that they are right to begin with.
. tests/gates/lib.sh
copy out
rm -rf man
mkdir man

# head NAME SECTION
head_of()
{
	cat <<END
.Dd January 1, 2026
.Dt $(echo "$1" | tr '[:lower:]' '[:upper:]') $2
.Os
.Sh NAME
.Nm $1
.Nd a page for this test
END
}

# pages: all that are due, as they should be.
pages()
{
	for name in sbx-cg sbx-hook sbx-ns sbx-seccomp sbx-box; do
		{
			head_of $name 1
			echo .Sh SYNOPSIS
			out/$name --help | sed '/^$/,$d; s/^usage: //; s/^ *//' | grep "^$name " |
				sed "s/^$name /.Nm $name\\n.No /; s/\]\$/\\\\\&]/"
			printf '.Sh DESCRIPTION\n.Bl -tag -width Ds\n'
			out/$name --help | sed -n '/^options:/,$p' | sed -n '
				s/^  *\(-\(.\), \)*--\([a-z-]*\).*/.It Fl \2 , Fl -\3/
				t found
				b
				:found
				s/Fl  , //
				p
				i Something.'
			printf '.El\n.Sh SEE ALSO\n.Xr sbx 7\n'
		} >man/$name.1
	done
	{
		head_of sbx 7
		printf '.Sh DESCRIPTION\nIt begins.\n'
		# what no program prints in a form of which a page could be made
		sed -n '/^\.Sh PLAN, CHECK/,/^\.Sh UNITS/p' "$here/man/sbx.7" | sed '$d'
	} >man/sbx.7
	{
		head_of sbx-hook-protocol 5
		printf '.Sh DESCRIPTION\nIt begins.\n'
	} >man/sbx-hook-protocol.5
	{
		head_of sbx-seccomp 5
		printf '.Sh DESCRIPTION\nIt begins.\n'
	} >man/sbx-seccomp.5
	{
		head_of sbx-config 5
		printf '.Sh DESCRIPTION\n.Bl -tag -width Ds\n'
		# shellcheck disable=SC2016 # python
		out/sbx-hook schema | python3 -c '
import json, sys
s = json.load(sys.stdin)
keys = ["sandboxes", "hooks"]
for part in s["$defs"].values():
    keys += part["properties"]
for key in sorted(set(keys)):
    print(".It Ic " + key + "\nSomething.")
print(".It Cm namespaced\nSomething.")'
		echo .El
	} >man/sbx-config.5
}

# change TITLE PAGE SED-EXPRESSION PATTERN
change()
{
	pages
	sed "$3" "man/$2" >changed
	if cmp -s changed "man/$2"; then
		fail "$1" "nothing was changed"
		return
	fi
	cat changed >"man/$2"
	rejects "$1" "$4" scripts/mancheck.sh
}

rejects 'no page' '^man/sbx-ns.1: is due' scripts/mancheck.sh
pages
accepts 'pages that say what the programs say' scripts/mancheck.sh

change 'an option that is not in the manual' sbx-ns.1 '/Fl -hostname/d' \
	'^man/sbx-ns.1 lacks --hostname'
change 'a letter that is not in the manual' sbx-hook.1 's/Fl f , //' '^man/sbx-hook.1 lacks -f'
change 'an option that no program has' sbx-ns.1 's/Fl -hostname/Fl -hostnames/' \
	'^man/sbx-ns.1 has what its program does not know: --hostnames'
change 'an option of another program' sbx-box.1 's/Fl -help/Fl -receipt/' \
	'^man/sbx-box.1 has what its program does not know: --receipt'
change 'an option in the text' sbx.7 's/^It begins/With\n.Fl -nonsense\nit begins/' \
	'^man/sbx.7 speaks of what no program knows: --nonsense'
change 'another SYNOPSIS' sbx-ns.1 's/^.No \[options\]/.No/' 'sbx-ns.1: SYNOPSIS is not the usage'
change 'a subcommand that SYNOPSIS lacks' sbx-hook.1 '/^.No list/d' \
	'sbx-hook.1: SYNOPSIS is not the usage'
change 'a key that is not in the manual' sbx-config.5 '/Ic mount_proc/d' \
	'^man/sbx-config.5 lacks mount_proc'
change 'a key that no table has' sbx-config.5 's/Ic mount_proc/Ic mount_procs/' \
	'^man/sbx-config.5 has what no table knows: mount_procs'
change 'a fact that is not in the manual' sbx.7 '/^.It Cm sys_readonly/d' \
	'^man/sbx.7, facts: lacks sys_readonly'
change 'a fact that no plan takes' sbx.7 's/^.It Cm sys_readonly/.It Cm sys_writable/' \
	'^man/sbx.7, facts: has what its program does not know: sys_writable'
change 'a restriction that is not in the manual' sbx.7 '/^.It Cm nesting/d' \
	'^man/sbx.7, receipt: lacks nesting'
change 'a restriction that no box has' sbx.7 's/^.It Cm nesting/.It Cm nestling/' \
	'^man/sbx.7, receipt: has what its program does not know: nestling'
change 'a member of an event that is not in the manual' sbx.7 '/^.It Cm survivors/d' \
	'^man/sbx.7, events: lacks survivors'
change 'a reference to a page that is not there' sbx-ns.1 's/Xr sbx 7/Xr sbx 8/' \
	'refers to sbx.8, which is not there'
change 'what mandoc complains of' sbx.7 's/^.Sh DESC.*/&\n.Nonsense/' 'unknown macro'
finish
