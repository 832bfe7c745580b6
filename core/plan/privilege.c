#include "plan/build.h"
#include "sys/uapi.h"

static void
no_new_privs(struct build *b)
{
	build_op(b, OP_NO_NEW_PRIVS);
	build_claim(b, "no_new_privs", true, "prctl", S("set: no exec gives any back"));
}

/* Level none leaves privileges as they are: that is what it means. Everywhere else the payload has
 * none, and with no_new_privs no exec can give it any: neither file capabilities nor uid 0 nor what
 * the bounding set still names. */
void
build_privilege(struct build *b)
{
	bool bits = b->box->ns[NS_USER].mode != NS_INHERIT || b->facts->admin;

	if (b->box->level == LEVEL_NONE) {
		build_claim(b, "privileges", false, "none",
		    b->box->keeps.n > 0 ? b->box->keeps
					: S("kept: level none does not change them"))
		    ->state = CLAIM_NOT_ASKED;
		/* who may gain privileges by an exec may not be filtered, seccomp(2) */
		if (build_filtered(b))
			no_new_privs(b);
		return;
	}
	/* takes CAP_SETPCAP; without it there is no uid 0 of ours to take rights away from */
	if (bits)
		build_op(b, OP_SECUREBITS)->num = K_SECUREBITS_LOCKED;
	build_op(b, OP_CAPS_NONE);
	build_claim(b, "capabilities", true, bits ? "capset, securebits" : "capset", S("none"));
	no_new_privs(b);
}
