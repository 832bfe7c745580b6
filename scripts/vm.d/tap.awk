# What comes out of the machine, made one TAP document: tests are numbered anew and get their file's
# name; what a file owes (its plan, its status, a clean machine) is a test that fails.
# Variable: id, the word before the lines of our init.

function result(ok, title)
{
	number++
	if (!ok)
		failed++
	print (ok ? "ok " : "not ok ") number " - " title
	fflush()
}

function close_file(status, left)
{
	if (planned != ran)
		result(0, name ": planned " (planned < 0 ? "nothing" : planned) ", ran " ran)
	if (status != 0 && bad == 0)
		result(0, name ": exit status " status)
	if (left)
		result(0, name ": nothing is left behind")
	name = ""
}

$1 == "@" id && $2 == "begin" {
	name = $3
	sub(/^tests\//, "", name)
	sub(/\.t$/, "", name)
	planned = -1
	ran = bad = 0
	next
}

$1 == "@" id && $2 == "end" {
	close_file($3, $4)
	next
}

$1 == "@" id && $2 == "done" {
	complete = 1
	next
}

/^(not )?ok / && name != "" {
	ok = $1 == "ok"
	title = $0
	sub(/^(not )?ok *[0-9]* *(- )?/, "", title)
	ran++
	bad += !ok
	result(ok, name ": " title)
	next
}

/^1\.\.[0-9]+/ && name != "" {
	planned = substr($1, 4) + 0
	next
}

/^$/ { next }

{
	print /^#/ ? $0 : "# " $0
	fflush()
}

END {
	if (!complete)
		result(0, "the machine ran to the end of its tests" \
			(name == "" ? "" : ", not of " name))
	print "1.." number
	exit failed > 0 || number == 0
}
