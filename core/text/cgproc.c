/* What lies beside the groups, in /proc. */
#include "text/cgfile.h"

#include "base/num.h"
#include "text/take.h"

/* memory	4	60	1 */
int
cgfile_controller(struct str *rest, struct cgcontroller *c)
{
	struct str line;
	uint64_t on;
	int r;

	do
		r = take_line(rest, &line);
	while (r > 0 && str_starts(line, S("#")));
	if (r <= 0)
		return r;
	if (take_until(&line, '\t', &c->name) < 0 || c->name.n == 0 ||
	    take_number(&line, '\t', &c->hierarchy) < 0 ||
	    take_number(&line, '\t', &c->groups) < 0 || num_uint(line, &on) < 0 || on > 1)
		return -1;
	c->enabled = on != 0;
	return 1;
}

/* Names of interfaces hold neither colon nor white space, but may hold the bar of the headings. */
static bool
heading(struct str line)
{
	return (str_starts(line, S("Inter-|")) || str_starts(line, S(" face |"))) &&
	       str_find(line, ':', 0) == line.n;
}

/*
 *   eth0: 431 9 0 0 0 0 0 0 354 5 0 0 0 0 0 0
 * bytes packets errs drop fifo frame compressed multicast; bytes packets and six more
 */
int
cgfile_netdev(struct str *rest, struct netdev *d)
{
	enum { FIGURES = 16 };
	uint64_t v[FIGURES];
	struct str line, name;
	int r;

	do
		r = take_line(rest, &line);
	while (r > 0 && heading(line));
	if (r <= 0)
		return r;
	if (take_until(&line, ':', &name) < 0)
		return -1;
	d->name = take_word(&name);
	if (d->name.n == 0 || name.n > 0)
		return -1;
	for (size_t i = 0; i < FIGURES; i++)
		if (num_uint(take_word(&line), &v[i]) < 0)
			return -1;
	if (take_word(&line).n > 0)
		return -1;
	d->rx_bytes = v[0];
	d->rx_packets = v[1];
	d->tx_bytes = v[8];
	d->tx_packets = v[9];
	return 1;
}

/* Fields are numbered as in the manual; the last one is of Linux 3.5. */
enum { PARENT = 4, UTIME = 14, STIME, CUTIME, CSTIME, START = 22, RSS = 24, FIELDS = 52 };
#define BIT(n) ((uint64_t)1 << (n))
static const uint64_t needed =
    BIT(PARENT) | BIT(UTIME) | BIT(STIME) | BIT(CUTIME) | BIT(CSTIME) | BIT(START) | BIT(RSS);

/* Names of the kernel's own threads are the longest. */
enum { NAME_MOST = 64 };

/* What stands behind the name. */
static int
fields(struct str rest, struct procstat *p)
{
	uint64_t v[FIELDS + 1], bad = 0;
	struct str state = take_word(&rest), word;
	unsigned n = PARENT;

	/* some are negative */
	for (; n <= FIELDS && (word = take_word(&rest)).n > 0; n++)
		if (num_uint(word, &v[n]) < 0)
			bad |= BIT(n);
	if (state.n != 1 || n <= FIELDS || (bad & needed) != 0 || v[PARENT] > INT32_MAX)
		return -1;
	p->state = state.p[0];
	p->parent = (int)v[PARENT];
	p->utime = v[UTIME];
	p->stime = v[STIME];
	p->ended = v[CUTIME] + v[CSTIME];
	p->start = v[START];
	p->rss = v[RSS];
	return 0;
}

/*
 * 1 (a) b) S 0 1 ...
 * What was cut off is never whole by chance: a name has no room for all the fields.
 */
int
cgfile_procstat(struct str text, struct procstat *p)
{
	struct str line, rest;
	uint64_t pid;
	size_t end = text.n;

	while (end > 0 && text.p[end - 1] != ')')
		end--;
	rest = str_slice(text, end, text.n);
	text = str_slice(text, 0, end);
	if (take_number(&text, ' ', &pid) < 0 || pid > INT32_MAX || !str_starts(text, S("(")) ||
	    text.n < 2 || str_find(text, '\0', 0) < text.n || text.n > NAME_MOST + 2 ||
	    take_line(&rest, &line) <= 0 || rest.n > 0)
		return -1;
	p->pid = (int)pid;
	p->name = str_slice(text, 1, text.n - 1);
	return fields(line, p);
}
