/* core/text/procfs.c */
#include "check.h"
#include "text/procfs.h"
#include "unit.h"

static unsigned char mem[4096];

static void
one_line(void)
{
	struct str text = S("36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 propagate_from:2 - "
			    "fuse.sshfs /dev/root rw,errors=continue\nrest");
	struct mountinfo m;

	CU_ASSERT_FATAL(mountinfo_next(&text, &m) == 1);
	CHECK_NUM(0, m.id, 36);
	CHECK_NUM(0, m.parent, 35);
	CHECK_NUM(0, m.major, 98);
	CHECK_NUM(0, m.minor, 0);
	CHECK_TEXT(0, m.root, "/mnt1");
	CHECK_TEXT(0, m.target, "/mnt\\0402");
	CHECK_TEXT(0, m.options, "rw,noatime");
	CHECK_TEXT(0, m.fstype, "fuse.sshfs");
	CHECK_TEXT(0, m.source, "/dev/root");
	CHECK_TEXT(0, m.super, "rw,errors=continue");
	CHECK_TEXT(0, text, "rest");
}

static void
many_lines(void)
{
	struct str text = S("21 1 0:19 / / ro - overlay overlay ro,lowerdir=/a b\n"
			    "22 21 0:4 mnt:[4026531840] /run/ns rw shared:7 - nsfs nsfs rw\n"
			    "23 21 0:20 / /tmp rw -  tmpfs\n"
			    "24 21 4294967295:4294967295 / /x rw - tmpfs  rw\n"
			    "18446744073709551615 0 0:0 / /y rw - t s \n");
	struct mountinfo m;

	CU_ASSERT(mountinfo_next(&text, &m) == 1);
	CHECK_TEXT(0, m.super, "ro,lowerdir=/a b");
	CU_ASSERT(mountinfo_next(&text, &m) == 1);
	CHECK_TEXT(0, m.root, "mnt:[4026531840]");
	CU_ASSERT(mountinfo_next(&text, &m) == -1); /* no type */
	CU_ASSERT(mountinfo_next(&text, &m) == 1);  /* no source */
	CHECK_NUM(0, m.major, UINT32_MAX);
	CHECK_TEXT(0, m.source, "");
	CHECK_TEXT(0, m.super, "rw");
	CU_ASSERT(mountinfo_next(&text, &m) == 1);
	CHECK_NUM(0, m.id, UINT64_MAX);
	CHECK_TEXT(0, m.super, "");
	CU_ASSERT(mountinfo_next(&text, &m) == 0);
	CU_ASSERT(mountinfo_next(&text, &m) == 0);
}

static void
malformed_lines(void)
{
	static const struct {
		const char *p;
		size_t n;
	} t[] = {
#define ROW(text) { text, sizeof(text) - 1 }
		ROW("\n"),
		ROW("36 35 98:0 / /a rw - ext3 /dev/root rw"), /* cut off */
		ROW("36 35 98:0 / /a rw - ext3 /dev/\0 rw\n"),
		ROW("36\n"),
		ROW("36 35\n"),
		ROW("36 35 98:0\n"),
		ROW("36 35 98 / /a rw - ext3 /dev/root rw\n"),
		ROW("-1 35 98:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("x 35 98:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 x 98:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 x:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:x / /a rw - ext3 /dev/root rw\n"),
		ROW("036 35 98:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36  35 98:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 4294967296:0 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:4294967296 / /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:0\n"),
		ROW("36 35 98:0 /\n"),
		ROW("36 35 98:0  /a rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:0 /  rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:0 / /a\n"),
		ROW("36 35 98:0 / /a  - ext3 /dev/root rw\n"),
		ROW("36 35 98:0 / a rw - ext3 /dev/root rw\n"),
		ROW("36 35 98:0 / /a rw\n"),
		ROW("36 35 98:0 / /a rw \n"),
		ROW("36 35 98:0 / /a rw -\n"),
		ROW("36 35 98:0 / /a rw - \n"),
		ROW("36 35 98:0 / /a rw - ext3\n"),
		ROW("36 35 98:0 / /a rw - ext3 \n"),
		ROW("36 35 98:0 / /a rw - ext3 /dev/root\n"),
		ROW("36 35 98:0 / /a rw  - ext3 /dev/root rw\n"),
		ROW("36 35 98:0 / /a rw shared:1 ext3 /dev/root rw\n"),
#undef ROW
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str text = { t[i].p, t[i].n };
		struct mountinfo m;

		CHECK_NUM(i, mountinfo_next(&text, &m), -1);
	}
}

static void
options(void)
{
	CU_ASSERT(mountinfo_option(S("rw,noatime,uid=0"), S("rw")));
	CU_ASSERT(mountinfo_option(S("rw,noatime,uid=0"), S("noatime")));
	CU_ASSERT(mountinfo_option(S("rw,noatime,uid=0"), S("uid=0")));
	CU_ASSERT(!mountinfo_option(S("rw,noatime,uid=0"), S("uid")));
	CU_ASSERT(!mountinfo_option(S("rw,noatime"), S("atime")));
	CU_ASSERT(!mountinfo_option(S("rw,noatime"), S("noatim")));
	CU_ASSERT(!mountinfo_option(S("rw,,x"), S("")));
	CU_ASSERT(!mountinfo_option(S(""), S("rw")));
	CU_ASSERT(mountinfo_option(S(",rw,"), S("rw")));
}

static void
escapes(void)
{
	static const char *const t[][2] = {
		{ "", "" },
		{ "/plain", "/plain" },
		{ "/a\\040b\\011\\012\\134\\043", "/a b\t\n\\#" },
		{ "\\134040", "\\040" },
		{ "\\377\\001", "\xff\x01" },
		{ "\\000", "\\000" }, /* not from a kernel: kept */
		{ "\\400", "\\400" },
		{ "\\777", "\\777" },
		{ "\\0", "\\0" },
		{ "\\04", "\\04" },
		{ "\\048", "\\048" },
		{ "\\04/", "\\04/" },
		{ "\\x20", "\\x20" },
		{ "\\\\040", "\\ " },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };

		CHECK_STR(i, mountinfo_unescape(&a, str_of(t[i][0])), str_of(t[i][1]));
		a = (struct arena){ mem, 0, strlen(t[i][0]) - (i > 0) };
		CHECK_NUM(i, mountinfo_unescape(&a, str_of(t[i][0])).p == NULL, i > 0);
	}
}

static void
own_cgroup(void)
{
	CHECK_TEXT(0, cgroup_own(S("0::/user.slice/a\n")), "/user.slice/a");
	CHECK_TEXT(0, cgroup_own(S("12:cpu,cpuacct:/\n1:name=systemd:/x\n0::/\n")), "/");
	CHECK_TEXT(0, cgroup_own(S("0::/../x (deleted)\n9:pids:/\n")), "/../x (deleted)");
	CHECK_TEXT(0, cgroup_own(S("10::/a\n0::/b\n")), "/b");
	CU_ASSERT(cgroup_own(S("")).p == NULL);
	CU_ASSERT(cgroup_own(S("1:cpu:/\n")).p == NULL);
	CU_ASSERT(cgroup_own(S("0::/cut")).p == NULL);
	CU_ASSERT(cgroup_own(S("1:0::/\n")).p == NULL);
	CU_ASSERT(cgroup_own(S("1:cpu\n0::/\n")).p == NULL); /* malformed before it */
}

static void
cgroup_lines(void)
{
	static const struct {
		const char *p;
		size_t n;
	} bad[] = {
#define ROW(text) { text, sizeof(text) - 1 }
		ROW("\n"),
		ROW("4:memory:/cut"),
		ROW("4\n"),
		ROW("x:memory:/\n"),
		ROW("18446744073709551616:memory:/\n"),
		ROW("4:memory\n"),
		ROW("4:memory:\n"),
		ROW("4:memory:a\n"),
		ROW("4:memory:/\0\n"),
		ROW("0:memory:/\n"),
#undef ROW
	};
	struct str text = S("4:cpu,cpuacct:/a:b\n9:name=systemd:/\n0::/../x (deleted)\n");
	struct cgroup_line l;

	CHECK_NUM(0, cgroup_next(&text, &l), 1);
	CHECK_NUM(0, l.hierarchy, 4);
	CHECK_TEXT(0, l.controllers, "cpu,cpuacct");
	CHECK_TEXT(0, l.path, "/a:b");
	CU_ASSERT(mountinfo_option(l.controllers, S("cpuacct")));
	CHECK_NUM(0, cgroup_next(&text, &l), 1);
	CHECK_TEXT(0, l.controllers, "name=systemd");
	CHECK_NUM(0, cgroup_next(&text, &l), 1);
	CHECK_NUM(0, l.hierarchy, 0);
	CHECK_TEXT(0, l.controllers, "");
	CHECK_TEXT(0, l.path, "/../x (deleted)");
	CHECK_NUM(0, cgroup_next(&text, &l), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		text = (struct str){ bad[i].p, bad[i].n };
		CHECK_NUM(i, cgroup_next(&text, &l), -1);
	}
}

static void
id_maps(void)
{
	static const char *const bad[] = { "\n", "0 1", "0 1\n", "0 1 2 3\n", "x 1 2\n",
		"0 1 4294967296\n", "0 1 2 \n" };
	struct str text = S("         0       1000          1\n1 100000 4294967295\n");
	uint32_t v[3];

	CHECK_NUM(0, idmap_next(&text, v), 1);
	CHECK_NUM(0, v[0], 0);
	CHECK_NUM(0, v[1], 1000);
	CHECK_NUM(0, v[2], 1);
	CHECK_NUM(0, idmap_next(&text, v), 1);
	CHECK_NUM(0, v[2], UINT32_MAX);
	CHECK_NUM(0, idmap_next(&text, v), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		text = str_of(bad[i]);
		CHECK_NUM(i, idmap_next(&text, v), -1);
	}
}

UNIT_MAIN("procfs", { "one line", one_line }, { "many lines", many_lines },
    { "malformed lines", malformed_lines }, { "options", options }, { "escapes", escapes },
    { "own cgroup", own_cgroup }, { "cgroup lines", cgroup_lines }, { "id maps", id_maps })
