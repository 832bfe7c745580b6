# For cov.sh: tests/exceptions and the counts of every source, judged. Lines "## " are the table,
# "result GOOD TITLE" a test, with its details behind it as comments.
function percent(part, whole) {
	return whole ? part * 100 / whole : 100
}
function add(name, lines, hit, excused, branches, taken) {
	sums[name, 1] += lines
	sums[name, 2] += hit
	sums[name, 3] += excused
	sums[name, 4] += branches
	sums[name, 5] += taken
}
function show(name) {
	printf "## %-28s %5d lines %6.1f %% %3d excepted %5d branches %6.1f %%\n", name,
		sums[name, 1], percent(sums[name, 2], sums[name, 1]), sums[name, 3],
		sums[name, 4], percent(sums[name, 5], sums[name, 4])
}
function flaw(what) {
	flaws = flaws "# " what "\n"
}
function excepts(k, line, text) {
	return by_text[k] ? index(text, which[k]) : which[k] == line
}
# FILE:NUMBER REASON, or FILE:/TEXT/ REASON
FILENAME != counts {
	if (/^(#|$)/)
		next
	colon = index($0, ":")
	key = substr($0, 1, colon - 1)
	rest = substr($0, colon + 1)
	if (rest ~ /^\//) {
		end = index(substr(rest, 2), "/ ")
		what = substr(rest, 2, end - 1)
		reason = substr(rest, end + 3)
	} else {
		what = rest
		sub(/ .*/, "", what)
		reason = rest
		sub(/^[0-9]+ */, "", reason)
	}
	if (!colon || what == "" || reason !~ /[a-z].* .*[a-z]/ ||
	    (rest !~ /^\// && what !~ /^[0-9]+$/))
		flaw("tests/exceptions:" FNR ": not FILE:LINE or FILE:/TEXT/ and a reason: " $0)
	where[++entries] = key
	which[entries] = what
	by_text[entries] = rest ~ /^\//
	said[entries] = $0
	next
}
$1 == "L" {
	key = $2 SUBSEP $3
	counted[$2] = 1
	if (!(key in text)) {
		order[++lines] = key
		text[key] = $5
	}
	count[key] += $4
}
$1 == "B" {
	# a source is compiled once, so that each branch comes once
	split($2, part, "/")
	add($2, 0, 0, 0, 1, $4 > 0)
	add(part[1] "/" part[2], 0, 0, 0, 1, $4 > 0)
	if (part[2] !~ /^(run|cli)$/)
		add("pure code", 0, 0, 0, 1, $4 > 0)
}
END {
	while ((getline name <pure) > 0) {
		expected++
		if (!(name in counted))
			flaw(name ": no counts of it")
	}
	if (!expected)
		flaw("no pure code")
	for (i = 1; i <= lines; i++) {
		split(order[i], at, SUBSEP)
		split(at[1], part, "/")
		hit = count[order[i]] > 0
		excused = 0
		for (k = 1; !hit && k <= entries; k++)
			if (where[k] == at[1] && excepts(k, at[2], text[order[i]])) {
				excused = 1
				used[k] = 1
			}
		folder = part[1] "/" part[2]
		if (!(folder in seen)) {
			seen[folder] = 1
			folders[++nfolders] = folder
		}
		if (!(at[1] in seen)) {
			seen[at[1]] = 1
			files[++nfiles] = at[1]
		}
		add(folder, 1, hit, excused, 0, 0)
		add(at[1], 1, hit, excused, 0, 0)
		if (!hit && !excused)
			print at[1] ":" at[2] ": " text[order[i]] >"build/cov/lines"
		if (part[2] ~ /^(run|cli)$/)
			continue
		add("pure code", 1, hit, excused, 0, 0)
		if (!hit && !excused && ++bare <= 40)
			lacking = lacking "# " at[1] ":" at[2] ": " text[order[i]] "\n"
	}
	for (i = 1; i <= nfiles; i++)
		if (sums[files[i], 2] < sums[files[i], 1] || sums[files[i], 5] < sums[files[i], 4])
			show(files[i])
	for (i = 1; i <= nfolders; i++)
		show(folders[i])
	show("pure code")
	for (k = 1; k <= entries; k++)
		if (!(k in used))
			flaw("tests/exceptions: excepts no line that is not reached: " said[k])
	excused = sums["pure code", 3]
	if (excused > 30)
		flaw("tests/exceptions: " excused " lines, 30 are allowed")
	branches = percent(sums["pure code", 5], sums["pure code", 4])
	print "result", (!bare && sums["pure code", 1] > 0), "every line of pure code is reached"
	printf "%s", lacking
	print "result", (branches >= 95), "95 % of the branches of pure code are reached"
	print "result", (flaws == ""), "exceptions are few, needed, and have reasons"
	printf "%s", flaws
}
