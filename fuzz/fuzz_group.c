/* fuzz: core/plan/group.c core/plan/groupbox.c core/plan/groupdevices.c core/plan/groupless.c */
/* fuzz: core/plan/grouplimits.c core/plan/grouplint.c core/plan/groupplace.c */
/* fuzz: core/plan/groupthere.c */
#include <string.h>

#include "base/utf8.h"
#include "must.h"
#include "plan/confine.h"
#include "plan/group.h"
#include "spec/args.h"
#include "spec/box.h"
#include "text/cgfile.h"

/* An input is seven bytes of choices, and then texts, each up to a NUL: words of a command line and
 * what is in files. */
enum { CHOICES = 7, TEXTS = 13, WORDS = 48, HUGE_TEXT = 1 << 16, LIMIT_PIDS = 1 << 22 };
enum {
	T_WORDS,
	T_CONTROLLERS,
	T_SUBTREE,
	T_TYPE,
	T_PROCS,
	T_ABOVE,
	T_TOP,
	T_CGROUPS,
	T_V1,
	T_PATH,
	T_COMMAND,
	T_NAME,
	T_MOUNT
};

static unsigned char mem[4 << 20], plan_mem[8 << 20];
static char huge[HUGE_TEXT], words[4096];

struct input {
	uint8_t choice[CHOICES];
	struct str text[TEXTS];
	struct limits limits;
	struct cgfacts facts;
};

static bool
bit(unsigned byte, unsigned i)
{
	return (byte >> i & 1) != 0;
}

static void
split(const uint8_t *data, size_t n, struct input *in)
{
	struct str rest = { (const char *)data + CHOICES, n - CHOICES };
	size_t which = data[6] % TEXTS, at = 0;

	memcpy(in->choice, data, CHOICES);
	for (size_t i = 0; i < TEXTS; i++) {
		size_t end = str_find(rest, '\0', 0);

		in->text[i] = str_slice(rest, 0, end);
		rest = str_slice(rest, end + 1, rest.n);
	}
	/* one of them over and over */
	if (data[6] < 0xc0 || which == T_WORDS || which == T_PATH || in->text[which].n == 0)
		return;
	for (; at + in->text[which].n <= sizeof(huge); at += in->text[which].n)
		memcpy(huge + at, in->text[which].p, in->text[which].n);
	in->text[which] = (struct str){ huge, at };
}

/* A file that is not there is no text at all. */
static struct str
file(const struct input *in, unsigned i, unsigned missing)
{
	return bit(in->choice[3], missing) ? (struct str){ NULL, 0 } : in->text[i];
}

static void
machine(struct input *in)
{
	unsigned f = in->choice[0], g = in->choice[1];

	in->facts = (struct cgfacts){ .mount = in->text[T_MOUNT],
		.readonly = bit(f, 0),
		.outside = bit(f, 1),
		.base = { .path = in->text[T_PATH],
		    .controllers = file(in, T_CONTROLLERS, 0),
		    .subtree = file(in, T_SUBTREE, 1),
		    .type = file(in, T_TYPE, 2),
		    .procs = file(in, T_PROCS, 3),
		    .writable = !bit(f, 2),
		    .delegated = bit(f, 3),
		    .top = bit(f, 4) },
		.chosen = bit(f, 5),
		.above = { { .path = S("/c/above"),
			       .controllers = file(in, T_ABOVE, 4),
			       .subtree = file(in, T_CONTROLLERS, 5) },
		    { .path = S("/c"), .controllers = file(in, T_TOP, 6), .top = true } },
		.nabove = g % 3,
		.proc_cgroups = file(in, T_CGROUPS, 7),
		.v1 = in->text[T_V1],
		.self = 7,
		.systemd = bit(f, 6),
		.bpf = bit(f, 7),
		.cpus = 2,
		.page = bit(g, 2) ? 65536 : 4096,
		.uid = bit(g, 3) ? 1000 : 0,
		.command = in->text[T_COMMAND] };
}

/* As the command line's reader takes them; what it refuses is not there to be planned. */
static bool
read_limits(struct arena *a, struct input *in)
{
	const struct args_part part = { &limits_table, &in->limits };
	struct err err = { 0 };
	struct field_ctx ctx = { .arena = a, .fault = FAULT_USAGE, .err = &err };
	char *argv[WORDS + 2] = { (char[]){ "sbx-cg" } };
	int argc = 1, rest;
	bool dashes;

	if (in->text[T_WORDS].n >= sizeof(words))
		return false;
	memcpy(words, in->text[T_WORDS].p, in->text[T_WORDS].n);
	words[in->text[T_WORDS].n] = '\0';
	for (char *w = strtok(words, " "); w != NULL && argc <= WORDS; w = strtok(NULL, " "))
		argv[argc++] = w;
	if (args_parse(&ctx, &part, 1, argc, argv, &rest, &dashes) < 0 || rest != argc ||
	    limits_finish(&ctx, &in->limits) < 0)
		return false;
	/* core/run has looked */
	for (struct io_limit *io = in->limits.io; io != NULL; io = io->next) {
		io->major += io->known ? 0 : in->choice[4] % 4;
		io->known = io->known || !bit(in->choice[4], 7);
	}
	for (struct device_rule *d = in->limits.devices; d != NULL; d = d->next)
		if (!d->known && !bit(in->choice[4], 6)) {
			d->known = true;
			d->type = 'c';
		}
	return true;
}

enum { MAKE, CREATE, SET };

static int
planned(struct arena *a, const struct input *in, struct group *g, struct err *err)
{
	unsigned how = in->choice[5];

	*err = (struct err){ 0 };
	switch (how % 4) {
	case CREATE:
		return group_create(a, &in->limits, &in->facts, in->text[T_NAME], g, err);
	case SET:
		return group_set(a, &in->limits, &in->facts, (uint64_t)in->choice[2] << 16, g, err);
	default:
		return group_make(a, &in->limits, &in->facts, in->choice[2], g, err);
	}
}

/* A message of one line that can be shown, whatever was in the files. */
static void
check_refusal(const struct err *e, const struct input *in)
{
	static char line[4096];
	struct buf b = BUF(line);
	uint32_t cp;

	MUST(e->fault == FAULT_REFUSED || (e->fault == FAULT_USAGE && in->choice[5] % 4 == CREATE));
	MUST(e->nmsg > 15 && e->sysno == 0);
	err_line(e, &b);
	MUST(!b.full);
	for (size_t i = 0, n; i < b.n; i += n) {
		n = utf8_next(str_slice(buf_str(&b), i, b.n), &cp);
		MUST(n > 0 && utf8_printable(cp));
	}
}

static const struct op *
find(const struct group *g, enum op_kind k)
{
	for (size_t i = 0; i < g->nhost; i++)
		if (g->host[i].kind == k)
			return &g->host[i];
	return NULL;
}

/* "+memory +pids" has it. */
static bool
enables(const struct op *o, struct str controller)
{
	struct str rest = str_of(o != NULL ? o->text2 : NULL), word;

	while ((word = cgfile_word(&rest)).n > 0) {
		MUST(word.n > 1 && word.p[0] == '+');
		if (str_eq(str_slice(word, 1, word.n), controller))
			return true;
	}
	return false;
}

static bool
alone(const struct input *in)
{
	struct str rest = in->facts.base.procs;
	int pid, r;

	while ((r = cgfile_pid(&rest, &pid)) > 0)
		if ((uint64_t)pid != in->facts.self)
			return false;
	return r == 0 && in->facts.base.procs.p != NULL;
}

/* Every controller that a limit is of is enabled or was, and no other is. */
static void
check_controllers(const struct group *g, const struct input *in)
{
	const struct cgdir *d = &in->facts.base;
	const struct op *enable = find(g, OP_ENABLE), *self = find(g, OP_SELF);
	struct str rest = str_of(enable != NULL ? enable->text2 : NULL), word;
	bool there = in->choice[5] % 4 == SET;

	for (size_t i = 0; i < g->nhost; i++) {
		const struct op *o = &g->host[i];
		struct str c = o->kind == OP_LIMIT ? group_controller(str_of(o->text)) : S("");

		if (c.n > 0 && there)
			MUST(cgfile_has(d->controllers, c));
		else if (c.n > 0)
			MUST(cgfile_has(d->subtree, c) != enables(enable, c));
	}
	while ((word = cgfile_word(&rest)).n > 0) {
		struct str c = str_slice(word, 1, word.n);
		bool needed = false;

		for (size_t i = 0; i < g->nhost; i++)
			needed =
			    needed ||
			    (g->host[i].kind == OP_LIMIT && (g->host[i].flags & FLAG_MAY) == 0 &&
				str_eq(group_controller(str_of(g->host[i].text)), c));
		MUST(needed && cgfile_has(d->controllers, c));
	}
	MUST(enable == NULL || d->top || alone(in));
	MUST(self == NULL ||
	     (enable != NULL && !d->top && d->procs.n > 0 && in->choice[5] % 4 != CREATE));
}

static void
check_values(const struct group *g, const struct input *in)
{
	uint64_t ours = in->choice[5] % 4 == CREATE || in->choice[5] % 4 == SET ? 0 : in->choice[2];
	uint64_t want = in->limits.pids + ours, value;
	bool raw = false;

	for (const struct raw_limit *s = in->limits.set; s != NULL; s = s->next)
		raw = raw || str_eq(s->name, S("pids.max"));
	for (size_t i = 0; i < g->nhost; i++) {
		const struct op *o = &g->host[i];

		if (o->kind != OP_LIMIT)
			continue;
		MUST(o->a == 0 && o->took != NULL && o->took[0] == '\0' && o->text2[0] != '\0');
		MUST(strchr(o->text, '/') == NULL && strchr(o->text2, '\n') == NULL);
		MUST(o->num == 0 || num_size(str_of(o->text2), &value) == 0 || o->text2[0] > '9' ||
		     in->limits.set != NULL);
		if (!raw && strcmp(o->text, "pids.max") == 0)
			MUST(num_uint(str_of(o->text2), &value) == 0 &&
			     value == (want < LIMIT_PIDS ? want : LIMIT_PIDS));
	}
}

/* What was asked for is claimed: as it was, or as less where that was agreed to. */
static void
check_claims(const struct group *g, const struct input *in)
{
	static const char files[] = "memory.max|cpu.max|pids.max";
	static const uint16_t at[] = { offsetof(struct limits, memory),
		offsetof(struct limits, cpu), offsetof(struct limits, pids) };

	for (size_t k = 0; k < COUNT(at); k++) {
		bool given = field_given(&limits_table, &in->limits, at[k]);
		bool agreed = (in->limits.degrade & (uint32_t)DEGRADE_MEMORY << k) != 0;
		size_t n = 0;

		for (size_t i = 0; i < g->nclaims; i++) {
			const struct claim *c = &g->claim[i];

			if (!str_eq(c->name, word_at(files, k)))
				continue;
			n++;
			MUST(c->state == CLAIM_ENFORCED ||
			     (c->state == CLAIM_BEST_EFFORT && agreed));
			MUST(c->needed);
		}
		MUST(in->limits.set != NULL || n == given);
	}
	MUST((g->watch & ~in->limits.degrade) == 0);
	for (size_t i = 0; i < g->nclaims; i++)
		MUST(g->claim[i].name.n > 0 && g->claim[i].mechanism.n > 0 &&
		     g->claim[i].detail.n > 0);
}

static void
check_leaf(const struct group *g, const struct input *in)
{
	const struct op *leaf = find(g, OP_LEAF);
	bool may = leaf != NULL && (leaf->flags & FLAG_MAY) != 0;

	for (size_t i = 0; i < g->nhost; i++)
		MUST(g->host[i].stage == STAGE_HOST && !(may && g->host[i].kind == OP_LIMIT));
	for (size_t i = 0; i < g->nexec; i++)
		MUST(g->exec[i].kind == OP_RLIMIT && g->exec[i].num > 0);
	if (leaf != NULL)
		MUST(!in->facts.readonly && !in->facts.outside && in->facts.base.writable);
	if (in->choice[5] % 4 == CREATE)
		MUST(leaf != NULL && !may && str_eq(str_of(leaf->text2), in->text[T_NAME]));
	/* what has a place of its choosing is meant to be there, whatever for */
	MUST(leaf == NULL || may || in->choice[5] % 4 == CREATE || in->facts.chosen ||
	     limits_group(&in->limits));
}

/* A lint that says yes to everything would be no oracle: each operation of the host is damaged in
 * each of some ways, and it must say yes or no, and why. */
static void
check_lint(struct plan *p)
{
	for (size_t i = 0; i < p->n && p->op[i].stage == STAGE_HOST; i++)
		for (unsigned how = 0; how < 10; how++) {
			struct op *o = &p->op[i], kept = *o, next = o[1];
			struct err e = { 0 };
			int r;

			switch (how) {
			case 0:
				o->a = o->a == NO_SLOT ? 0 : NO_SLOT;
				break;
			case 1:
				o->text = o->text == NULL ? "x" : "/elsewhere";
				break;
			case 2:
				*o = o[1];
				o[1] = kept;
				break;
			case 3:
				o->kind = OP_OPEN;
				break;
			case 4:
				o->kind = OP_LIMIT;
				break;
			case 5:
				o->devices = NULL;
				break;
			case 6:
				o->kind = OP_SELF;
				break;
			case 7:
				o->kind = OP_ENABLE;
				break;
			case 8:
				o[1] = *o;
				break;
			default:
				o->stage = STAGE_EXEC;
				break;
			}
			r = plan_lint(p, &e);
			MUST(r == 0 ? e.fault == FAULT_NONE
				    : e.fault == FAULT_REFUSED && e.nmsg > 20);
			*o = kept;
			o[1] = next;
		}
	for (size_t i = 0; i < p->nclaims; i++) {
		struct claim kept = p->claim[i];
		struct err e = { 0 };

		p->claim[i].state = CLAIM_ENFORCED;
		p->claim[i].mechanism = S("cgroup v2");
		p->claim[i].took = NULL;
		MUST(plan_lint(p, &e) < 0 || str_eq(kept.name, S("placement")) ||
		     str_eq(kept.name, S("monitor")));
		p->claim[i] = kept;
	}
	MUST(plan_lint(p, &(struct err){ 0 }) == 0);
}

/* It fits every box, and lint has nothing to say. */
static void
check_boxed(const struct group *g, const struct input *in)
{
	static char prog[] = "/p";
	static char *const argv[] = { prog, NULL }, *const envp[] = { NULL };
	struct arena a = { plan_mem, 0, sizeof(plan_mem) };
	struct err err = { 0 };
	struct field_ctx ctx = { .arena = &a, .fault = FAULT_CONFIG, .err = &err };
	const struct facts facts = { .kernel = 6018,
		.uid = in->facts.uid,
		.admin = in->facts.uid == 0,
		.clone3 = !bit(in->choice[1], 4),
		.proc = true,
		.root_mount = true,
		.uids = { { 0, 0, 9 } },
		.gids = { { 0, 0, 9 } },
		.nuids = 1,
		.ngids = 1 };
	struct box box = { .level = bit(in->choice[1], 5) ? LEVEL_NONE : LEVEL_UNSET,
		.no_init = bit(in->choice[1], 6) };
	struct confine filter = { 0 };
	const struct payload payload = { .argv = argv,
		.envp = envp,
		.filter = &filter,
		.group = g };
	struct plan *p;
	size_t n = 0;

	MUST(box_finish(&ctx, &box, LEVEL_UNSET) == 0);
	p = plan_box(&a, &box, &facts, &payload, &err);
	MUST(p != NULL && err.fault == FAULT_NONE);
	for (size_t i = 0; i < p->n; i++)
		n += p->op[i].kind == OP_LIMIT || p->op[i].kind == OP_RLIMIT;
	for (size_t i = 0; i < g->nhost; i++)
		n -= g->host[i].kind == OP_LIMIT;
	MUST(n == g->nexec);
	if (in->choice[4] % 8 == 2)
		check_lint(p);
}

/* Less and less memory: told, and nothing else. */
static void
sweep(const struct input *in, size_t from, size_t used)
{
	struct group g;
	struct err err;

	for (size_t room = from; room < used; room += (used - from) / 16 + 1) {
		struct arena a = { mem, from, room };

		MUST(planned(&a, in, &g, &err) < 0 && err.fault == FAULT_LIMIT);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct input in;
	struct arena a = { mem, 0, sizeof(mem) };
	struct group g = { 0 };
	struct err err;
	size_t from;

	if (n < CHOICES || n > 8192)
		return 0;
	in = (struct input){ 0 };
	split(data, n, &in);
	if (!read_limits(&a, &in))
		return 0;
	machine(&in);
	from = a.used;
	if (planned(&a, &in, &g, &err) < 0) {
		check_refusal(&err, &in);
		return 0;
	}
	MUST(err.fault == FAULT_NONE && g.parts == &group_parts);
	check_controllers(&g, &in);
	check_values(&g, &in);
	check_claims(&g, &in);
	if (in.choice[5] % 4 != SET)
		check_leaf(&g, &in);
	if (in.choice[5] % 4 == MAKE || in.choice[5] % 4 == 3)
		check_boxed(&g, &in);
	if (in.choice[4] % 8 == 1)
		sweep(&in, from, a.used);
	return 0;
}
