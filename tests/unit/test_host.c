/* core/spec/host.c */
#include "check.h"
#include "spec/host.h"
#include "unit.h"

static void
capabilities_have_names(void)
{
	CHECK_NUM(1, cap_find(S("CAP_CHOWN")), 0);
	CHECK_NUM(2, cap_find(S("cap_sys_admin")), 21);
	CHECK_NUM(3, cap_find(S("Net_Raw")), 13);
	CHECK_NUM(4, cap_find(S("CAP_CHECKPOINT_RESTORE")), 40);
	CHECK_NUM(5, cap_find(S("perfmon")), 38);
	CHECK_NUM(6, cap_find(S("CAP_")) < 0, true);
	CHECK_NUM(7, cap_find(S("")) < 0, true);
	CHECK_NUM(8, cap_find(S("CAP_CAP_CHOWN")) < 0, true);
	CHECK_NUM(9, cap_find(S("CHOWNS")) < 0, true);
	CHECK_NUM(10, cap_find(S("sys[admin")) < 0, true);
}

static void
lists_of_them(void)
{
	struct err e = { 0 };
	uint64_t caps;

	CHECK_NUM(1, caps_read(S("none"), &caps, &e), 0);
	CHECK_NUM(1, caps, 0);
	CHECK_NUM(2, caps_read(S("all"), &caps, &e), 0);
	CHECK_NUM(2, caps, 0x1ffffffffff);
	CHECK_NUM(3, caps_read(S("CAP_CHOWN,sys_admin"), &caps, &e), 0);
	CHECK_NUM(3, caps, 0x200001);
	CHECK_NUM(4, caps_read(S("chown,"), &caps, &e) < 0, true);
	CHECK_TEXT(4, ((struct str){ e.msg, e.nmsg }), "unknown capability \"\"");
	CHECK_NUM(4, e.fault, FAULT_USAGE);
	e = (struct err){ 0 };
	CHECK_NUM(5, caps_read(S("chown,all"), &caps, &e) < 0, true);
	CHECK_TEXT(5, ((struct str){ e.msg, e.nmsg }), "unknown capability \"all\"");
}

static void
versions(void)
{
	static const struct {
		const char *text;
		unsigned want;
	} t[] = { { "6.12", 6012 }, { "6.12.3", 6012 }, { "6.12-rc1", 6012 },
		{ "4.8.0-1-amd64", 4008 }, { "2.6", 2006 }, { "999.999", 999999 }, { "6", 0 },
		{ "6.", 0 }, { ".1", 0 }, { "", 0 }, { "6.1x", 0 }, { "06.1", 0 }, { "6.1000", 0 },
		{ "1000.1", 0 }, { "v6.1", 0 } };

	for (size_t i = 0; i < COUNT(t); i++) {
		unsigned kernel = 0;

		CHECK_NUM(i, kernel_read(str_of(t[i].text), &kernel), t[i].want == 0 ? -1 : 0);
		CHECK_NUM(i, kernel, t[i].want);
	}
}

UNIT_MAIN("host", { "capabilities have names", capabilities_have_names },
    { "lists of them", lists_of_them }, { "versions", versions })
