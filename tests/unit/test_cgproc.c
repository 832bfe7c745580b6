/* core/text/cgproc.c */
#include "check.h"
#include "text/cgfile.h"
#include "unit.h"

#define TEXT_OF(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static void
controllers(void)
{
	static const struct str bad[] = {
		TEXT_OF("\n"),
		TEXT_OF("cpu\t1\t2\t1"),
		TEXT_OF("#cpu\t1\t2\t1"),
		TEXT_OF("cpu\n"),
		TEXT_OF("\t1\t2\t1\n"),
		TEXT_OF("cpu 1 2 1\n"),
		TEXT_OF("cpu\tx\t2\t1\n"),
		TEXT_OF("cpu\t1\tx\t1\n"),
		TEXT_OF("cpu\t1\t2\t2\n"),
		TEXT_OF("cpu\t1\t2\tx\n"),
		TEXT_OF("cpu\t1\t2\n"),
		TEXT_OF("cpu\t1\t2\t1\t\n"),
		TEXT_OF("cpu\t18446744073709551616\t2\t1\n"),
		TEXT_OF("cp\0u\t1\t2\t1\n"),
	};
	struct str rest = S("#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\n"
			    "memory\t0\t60\t0\n");
	struct cgcontroller c;

	CHECK_NUM(0, cgfile_controller(&rest, &c), 1);
	CHECK_TEXT(0, c.name, "cpuset");
	CHECK_NUM(0, c.hierarchy, 3);
	CHECK_NUM(0, c.groups, 1);
	CU_ASSERT(c.enabled);
	CHECK_NUM(0, cgfile_controller(&rest, &c), 1);
	CHECK_TEXT(0, c.name, "memory");
	CHECK_NUM(0, c.hierarchy, 0);
	CHECK_NUM(0, c.groups, 60);
	CU_ASSERT(!c.enabled);
	CHECK_NUM(0, cgfile_controller(&rest, &c), 0);
	rest = S("#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
	CHECK_NUM(0, cgfile_controller(&rest, &c), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		rest = bad[i];
		CHECK_NUM(i, cgfile_controller(&rest, &c), -1);
	}
}

#define HEADINGS \
	"Inter-|   Receive                            |  Transmit\n" \
	" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets\n"

static void
interfaces(void)
{
	static const struct str bad[] = {
		TEXT_OF("\n"),
		TEXT_OF("lo\n"),
		TEXT_OF("Inter-|"),
		TEXT_OF(" face x\n"),
		TEXT_OF("lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"),
		TEXT_OF("lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n"),
		TEXT_OF("lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n"),
		TEXT_OF("lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 x\n"),
		TEXT_OF("lo: 18446744073709551616 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
		TEXT_OF(": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
		TEXT_OF("  : 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
		TEXT_OF("a b: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
		TEXT_OF("lo : 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
		TEXT_OF("l\0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"),
	};
	struct str rest = S(HEADINGS
	    "    lo:    7428      58    0    0    0     0          0         0     7429      59    "
	    "0    0    0     0       0          0\n"
	    "eth0:18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
	    "Inter-|x: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
	struct netdev d;

	CHECK_NUM(0, cgfile_netdev(&rest, &d), 1);
	CHECK_TEXT(0, d.name, "lo");
	CHECK_NUM(0, d.rx_bytes, 7428);
	CHECK_NUM(0, d.rx_packets, 58);
	CHECK_NUM(0, d.tx_bytes, 7429);
	CHECK_NUM(0, d.tx_packets, 59);
	CHECK_NUM(0, cgfile_netdev(&rest, &d), 1);
	CHECK_TEXT(0, d.name, "eth0");
	CHECK_NUM(0, d.rx_bytes, UINT64_MAX);
	CHECK_NUM(0, d.rx_packets, 2);
	CHECK_NUM(0, d.tx_bytes, 9);
	CHECK_NUM(0, d.tx_packets, 10);
	CHECK_NUM(0, cgfile_netdev(&rest, &d), 1);
	CHECK_TEXT(0, d.name, "Inter-|x");
	CHECK_NUM(0, cgfile_netdev(&rest, &d), 0);
	rest = S(HEADINGS);
	CHECK_NUM(0, cgfile_netdev(&rest, &d), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		rest = bad[i];
		CHECK_NUM(i, cgfile_netdev(&rest, &d), -1);
	}
}

/* Fields 5 to 52: utime 14, stime 15, start 22, rss 24. */
#define BEHIND \
	" 5 6 7 -1 9 10 11 12 13 14 15 16 17 20 -19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 " \
	"35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51"
#define NAME_OF_64 "0123456789012345678901234567890123456789012345678901234567890123"

static void
stat_is(size_t row, struct str text, struct str name)
{
	struct procstat p;

	CHECK_NUM(row, cgfile_procstat(text, &p), 0);
	CHECK_NUM(row, p.pid, 3);
	CHECK_STR(row, p.name, name);
	CHECK_NUM(row, p.state, 'R');
	CHECK_NUM(row, p.parent, 4);
	CHECK_NUM(row, p.utime, 14);
	CHECK_NUM(row, p.stime, 15);
	CHECK_NUM(row, p.start, 22);
	CHECK_NUM(row, p.rss, 24);
}

static void
processes(void)
{
	static const struct str names[] = { TEXT_OF("cat"), TEXT_OF(""), TEXT_OF("a) R 1 (b"),
		TEXT_OF(")"), TEXT_OF("("), TEXT_OF("a\nb"), TEXT_OF(") S 9 9\n"),
		TEXT_OF("\xff\x01"), TEXT_OF(NAME_OF_64) };
	char text[512];
	size_t n;

	for (size_t i = 0; i < COUNT(names); i++) {
		struct buf b = BUF(text);

		buf_text(&b, TEXT("3 (%) R 4" BEHIND " 52\n", names[i]));
		stat_is(i, buf_str(&b), names[i]);
		/* of what is cut off, nothing is told */
		for (n = 0; n < b.n; n++) {
			struct procstat p;

			CHECK_NUM(n, cgfile_procstat((struct str){ text, n }, &p), -1);
		}
	}
	stat_is(0, S("3 (a) R 4" BEHIND " 52 53 x\n"), S("a"));
}

static void
no_processes(void)
{
	static const struct str bad[] = {
		TEXT_OF("\n"),
		TEXT_OF("3 (a) R 4" BEHIND "\n"),
		TEXT_OF("3 (a) R 4" BEHIND " 52"),
		TEXT_OF("3 (a) R 4" BEHIND " 52\n\n"),
		TEXT_OF("3 (a) R 4" BEHIND " 52\0\n"),
		TEXT_OF("3 (a) RS 4" BEHIND " 52\n"),
		TEXT_OF("3 (a) R -4" BEHIND " 52\n"),
		TEXT_OF("3 (a) R 2147483648" BEHIND " 52\n"),
		TEXT_OF("2147483648 (a) R 4" BEHIND " 52\n"),
		TEXT_OF("x (a) R 4" BEHIND " 52\n"),
		TEXT_OF("(a) R 4" BEHIND " 52\n"),
		TEXT_OF("3 a) R 4" BEHIND " 52\n"),
		TEXT_OF("3 (a\0) R 4" BEHIND " 52\n"),
		TEXT_OF("3 ) R 4" BEHIND " 52\n"),
		TEXT_OF("3 R 4" BEHIND " 52\n"),
		TEXT_OF("3(a) R 4" BEHIND " 52\n"),
		TEXT_OF("3 (" NAME_OF_64 "x) R 4" BEHIND " 52\n"),
		TEXT_OF("3 (a)\n"),
	};
	struct procstat p;

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK_NUM(i, cgfile_procstat(bad[i], &p), -1);
}

UNIT_MAIN("cgproc", { "controllers", controllers }, { "interfaces", interfaces },
    { "processes", processes }, { "no processes", no_processes })
