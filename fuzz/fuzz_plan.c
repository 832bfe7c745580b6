/* fuzz: core/plan/actions.c core/plan/build.c core/plan/devices.c core/plan/exec.c */
/* fuzz: core/plan/leaf.c core/plan/lint.c core/plan/lintclaim.c core/plan/lintnote.c */
/* fuzz: core/plan/mounts.c core/plan/confine.c core/plan/privilege.c core/plan/show.c */
/* fuzz: core/plan/spaces.c core/plan/view.c */
#include <string.h>

#include "plan/confine.h"
#include "plan/group.h"
#include "planmodel.h"
#include "spec/boxread.h"
#include "spec/policy.h"
#include "text/json.h"

enum { ROOM = 1 << 20, ACTIONS = 24, RULES = 4, ENTRIES = 6, CHANGES = 8 };

static unsigned char mem[8 << 20], box_mem[1 << 20], model_mem[4 << 20];
static char once[ROOM], again[ROOM];

/* The input, byte by byte; behind its end there are zeros. */
struct bytes {
	const uint8_t *p;
	size_t n;
};

static unsigned
take(struct bytes *b)
{
	if (b->n == 0)
		return 0;
	b->n--;
	return *b->p++;
}

static bool
bit(unsigned byte, unsigned i)
{
	return (byte >> i & 1) != 0;
}

static struct str
text(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);

	MUST(p != NULL);
	return (struct str){ p, s.n };
}

/* A clean path: a byte says how many parts, each is a known one or a letter. */
static struct str
path(struct arena *a, struct bytes *b)
{
	static const char known[] = "proc|run|dev|var|tmp|fd|stdin|shm|null|ptmx|sys|a|b|c|d-e|1";
	unsigned n = take(b) % 5;
	char whole[64];
	struct buf out = BUF(whole);

	for (unsigned i = 0; i < n; i++) {
		unsigned part = take(b);

		buf_char(&out, '/');
		if (part < 0x80)
			buf_put(&out, word_at(known, part % 16));
		else
			buf_char(&out, (char)part);
	}
	return n == 0 ? S("/") : text(a, buf_str(&out));
}

static void
ranges(struct bytes *b, struct idrange *r, size_t *n)
{
	*n = take(b) % (FACTS_RANGES + 1);
	for (size_t i = 0; i < *n; i++) {
		r[i].inside = take(b);
		r[i].outside = take(b);
		r[i].count = take(b);
	}
}

static void
machine(struct arena *a, struct bytes *b, struct facts *f)
{
	unsigned flags = take(b), more = take(b);

	*f = (struct facts){ .kernel = bit(more, 0) ? 6018 : 5012,
		.admin = bit(flags, 0),
		.clone3 = bit(flags, 1),
		.proc = !bit(flags, 2),
		.proc_covered = bit(flags, 3),
		.root_mount = !bit(flags, 4),
		.root_initramfs = bit(flags, 5),
		.sys_readonly = bit(more, 3) };
	f->uid = take(b);
	f->gid = take(b);
	f->lacks = bit(flags, 6) ? take(b) : 0;
	if (f->admin)
		ranges(b, f->uids, &f->nuids), ranges(b, f->gids, &f->ngids);
	if (bit(flags, 7))
		f->cgroup = path(a, b);
	if (bit(more, 1))
		f->resolv = S("/run/x/resolv.conf");
	if (!bit(more, 2))
		f->cwd = path(a, b);
	for (unsigned i = more >> 6; i > 0; i--)
		MUST(strlist_add(a, &f->procs, path(a, b), POS_NONE) == 0);
	for (unsigned i = more >> 4 & 3; i > 0; i--)
		MUST(strlist_add(a, &f->sysfs, i == 1 ? S("/sys") : path(a, b), POS_NONE) == 0);
	if (f->proc)
		MUST(strlist_add(a, &f->procs, S("/proc"), POS_NONE) == 0);
}

/* What the readers refuse is not there to be planned. */
static void
action(struct arena *a, struct bytes *b, struct box *box)
{
	struct action *act = arena_get(a, sizeof(*act));

	MUST(act != NULL);
	act->kind = (enum action_kind)(take(b) % 4);
	act->dest = path(a, b);
	act->src = act->kind == ACTION_BIND ? path(a, b)
		 : act->kind == ACTION_TMP  ? S("")
					    : act->dest;
	if (act->dest.n == 1 && (act->kind == ACTION_BIND || act->kind == ACTION_TMP))
		return;
	act->size = take(b) + 1;
	act->inodes = 2;
	act->mode = 0700;
	act->pos = (struct pos){ 1, (uint32_t)box->nactions + 1 };
	act->index = box->nactions++;
	box->ntmp += act->kind == ACTION_TMP;
	if (box->last == NULL)
		box->last = &box->first;
	*box->last = act;
	box->last = &act->next;
}

static void
rule(struct arena *a, struct bytes *b, struct box *box)
{
	static const char names[] = "A|B|PATH|SBX_REPORT_FD";
	struct env_rule *r = arena_get(a, sizeof(*r));
	unsigned byte = take(b);

	MUST(r != NULL);
	r->name = word_at(names, byte % 4);
	r->literal = bit(byte, 2);
	r->value = r->literal ? path(a, b) : S("");
	if (box->env_last == NULL)
		box->env_last = &box->env;
	*box->env_last = r;
	box->env_last = &r->next;
}

static void
spaces(struct arena *a, struct bytes *b, struct box *box)
{
	unsigned set = take(b);

	for (size_t k = 0; k < NS_COUNT; k++) {
		unsigned byte = bit(set, (unsigned)k) ? take(b) : 0;
		struct ns *ns = &box->ns[k];

		ns->mode = (enum ns_mode)(byte % 4);
		if (ns->mode != NS_UNSET)
			ns->pos = (struct pos){ 0, 9 };
		if (ns->mode == NS_JOIN)
			ns->path = path(a, b);
	}
}

static void
box(struct arena *a, struct bytes *b, struct box *box)
{
	unsigned flags = take(b), more = take(b);

	*box = (struct box){ .level = (int)(more % 4 == 3 ? LEVEL_NONE : more % 3),
		.proc = bit(flags, 0),
		.proc_subset = bit(flags, 1) && bit(flags, 0),
		.no_dev = bit(flags, 2),
		.no_init = bit(flags, 3),
		.new_session = bit(flags, 4),
		.clear_env = bit(flags, 5) };
	spaces(a, b, box);
	if (bit(flags, 6))
		box->root = path(a, b);
	if (bit(flags, 7))
		box->hostname = S("box");
	if (bit(more, 2))
		box->chdir = path(a, b);
	for (unsigned i = more >> 6; i > 0; i--)
		MUST(strlist_add(a, &box->keep_fd, i == 1 ? S("3") : S("1023"), POS_NONE) == 0);
	for (unsigned i = bit(more, 3) ? take(b) % (RULES + 1) : 0; i > 0; i--)
		rule(a, b, box);
	for (unsigned i = take(b) % (ACTIONS + 1); i > 0; i--)
		action(a, b, box);
}

/* What a group is made of is for others to find out; here it meets all kinds of boxes. */
static const struct group *
group(unsigned which)
{
	static char took[TOOK_ROOM];
	static struct op made[] = {
		{ .kind = OP_SELF, .a = NO_SLOT, .b = NO_SLOT, .text = "/c" },
		{ .kind = OP_ENABLE, .a = NO_SLOT, .b = NO_SLOT, .text = "/c", .text2 = "+pids" },
		{ .kind = OP_LEAF, .a = 0, .b = NO_SLOT, .text = "/c" },
		{ .kind = OP_LIMIT, .b = NO_SLOT, .text = "pids.max", .text2 = "9", .took = took },
	};
	static struct op joined = { .kind = OP_OPEN,
		.b = NO_SLOT,
		.flags = FLAG_DIRECTORY,
		.text = "/c/g" };
	static struct op may = { .kind = OP_LEAF,
		.b = NO_SLOT,
		.flags = FLAG_MAY,
		.text = "/sys/fs/cgroup" };
	static struct op rlimit = { .kind = OP_RLIMIT,
		.stage = STAGE_EXEC,
		.a = NO_SLOT,
		.b = NO_SLOT,
		.num = 9,
		.text = "AS" };
	static struct claim claim[] = {
		{ .name = { "pids.max", 8 },
		    .mechanism = { "cgroup v2", 9 },
		    .detail = { "9", 1 },
		    .op = UINT32_MAX,
		    .took = took },
	};
	static const struct group groups[] = {
		{ &group_parts, made, COUNT(made), NULL, 0, claim, 1, 0 },
		{ &group_parts, &joined, 1, NULL, 0, NULL, 0, 0 },
		{ &group_parts, &may, 1, &rlimit, 1, NULL, 0, 0 },
		{ &group_parts, NULL, 0, NULL, 0, NULL, 0, 0 },
	};

	return &groups[which % COUNT(groups)];
}

static void
payload(struct arena *a, struct bytes *b, struct payload *p)
{
	static const char names[] = "prog|/bin/prog|./prog||a/";
	static const char entries[] = "PATH=/x:y::|PATH=|A=1|SBX_REPORT_FD=7|odd|AB=|PATH=/z|B=b";
	unsigned flags = take(b);
	char **argv = arena_array(a, 2, sizeof(*argv));
	char **envp = arena_array(a, ENTRIES + 1, sizeof(*envp));

	MUST(argv != NULL && envp != NULL);
	argv[0] = arena_cstr(a, word_at(names, flags % 5));
	for (unsigned i = 0, n = (flags >> 4) % (ENTRIES + 1); i < n; i++)
		envp[i] = arena_cstr(a, word_at(entries, take(b) % 8));
	*p = (struct payload){ .argv = argv, .envp = envp, .streams = bit(flags, 3) };
	if (flags >> 4 >= 2 * ENTRIES)
		p->group = group(flags >> 4);
}

/* Read by others, whose targets know more of them. */
static const char *const policies[] = {
	"default allow\nerrno EPERM mount\n",
	"default errno EPERM\nallow execve\nallow read write exit_group\n",
	"default errno EPERM\nallow read\n",
	"default allow\nkill-process execve\n",
	"default allow\nerrno EACCES execve path != 0\n",
	"default allow\nnotify mount\n",
	("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"ptrace\"],"
	 "\"action\":\"SCMP_ACT_ERRNO\"}]}"),
	"{\"defaultAction\":\"SCMP_ACT_KILL\"}",
};

/* The same as it would stand in the document: an object, or an array of lines. */
static void
in_document(struct field_ctx *c, struct seccomp *s)
{
	struct value *all = arena_get(c->arena, sizeof(*all)), **last = &all->first;

	MUST(all != NULL);
	s->kind = s->text.p[0] == '{' ? SECCOMP_OBJECT : SECCOMP_LINES;
	s->value = all;
	if (s->kind == SECCOMP_OBJECT) {
		s->value = json_parse(c->arena, s->text, FAULT_CONFIG, c->err);
		MUST(s->value != NULL);
		return;
	}
	all->kind = VALUE_ARRAY;
	for (size_t at = 0, end; at < s->text.n; at = end + 1) {
		struct value *line = arena_get(c->arena, sizeof(*line));

		MUST(line != NULL);
		end = str_find(s->text, '\n', at);
		line->kind = VALUE_STRING;
		line->pos = (struct pos){ 8, (uint32_t)at };
		line->text = str_slice(s->text, at, end);
		*last = line;
		last = &line->next;
	}
}

/* The box's own, in place of the level's. */
static void
filter(struct field_ctx *c, struct bytes *b, struct box *box, struct facts *f)
{
	static const char names[] = "default|deny-dangerous|strict|none";
	unsigned byte = take(b), which = byte >> 4;

	f->seccomp = bit(byte, 0);
	if (!bit(byte, 1))
		return;
	c->pos = (struct pos){ 7, 7 };
	field_mark(c, field_row(&box_table, S("seccomp")), box);
	box->degrade = bit(byte, 2) ? DEGRADE_SECCOMP : 0;
	box->seccomp = (struct seccomp){ .kind = SECCOMP_FILE, .name = S("/p"), .pos = c->pos };
	if (which < COUNT(policies)) {
		box->seccomp.text = str_of(policies[which]);
		if (bit(byte, 3))
			in_document(c, &box->seccomp);
		return;
	}
	box->seccomp.name = word_at(names, which % 4);
	box->seccomp.kind = which % 4 == 3 ? SECCOMP_NONE : SECCOMP_PROFILE;
}

static struct str
shown(const struct plan *p, char *where)
{
	struct buf b = { where, 0, ROOM, false };

	for (size_t i = 0; i < p->n; i++) {
		op_put(&b, &p->op[i]);
		buf_char(&b, '\n');
	}
	for (size_t i = 0; i < p->nclaims; i++)
		buf_text(&b, TEXT("% % % %\n", p->claim[i].name, p->claim[i].mechanism,
				 claim_state_name(p->claim[i].state), p->claim[i].detail));
	MUST(!b.full);
	return buf_str(&b);
}

static bool
claimed(const struct plan *p, const char *name)
{
	for (size_t i = 0; i < p->nclaims; i++)
		if (str_eq(p->claim[i].name, str_of(name)))
			return p->claim[i].state == CLAIM_ENFORCED;
	return false;
}

static void
check_environment(const struct plan *p, const struct box *box)
{
	bool literal = false;

	for (const struct env_rule *r = box->env; r != NULL; r = r->next)
		literal = literal || (r->literal && str_eq(r->name, S("SBX_REPORT_FD")));
	for (char *const *e = p->envp; *e != NULL; e++)
		MUST(literal || strncmp(*e, "SBX_REPORT_FD=", 14) != 0);
}

/* A box with a user namespace of its own making has no other in it, where that is to be had; and
 * what is written is the box's own. */
static void
check_nesting(const struct plan *p, const struct box *box, const struct facts *f)
{
	bool own = box->ns[NS_USER].mode == NS_NEW && box->level != LEVEL_NONE;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->op[i].kind == OP_SYSCTL;
	MUST(n == (own && !f->sys_readonly));
	MUST(claimed(p, "nesting") == (n == 1));
}

/* A filter where there is one to be had and it was not denied: the last before the exec, which it
 * allows. */
static void
check_filter(const struct plan *p, const struct box *box, const struct facts *f)
{
	const struct bpf_data exec = { .arch = arch_audit(arch_native()),
		.nr = (uint32_t)call_number((unsigned)call_find(S("execve")), arch_native()) };
	bool due = box->seccomp.kind > SECCOMP_NONE && f->seccomp;
	bool privs = false;
	struct err e = { 0 };
	uint32_t action;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];

		privs = privs || o->kind == OP_NO_NEW_PRIVS;
		if (o->kind != OP_SECCOMP)
			continue;
		n++;
		MUST(privs && i + 1 < p->n && o[1].kind == OP_EXEC);
		MUST(o->filter != NULL && bpf_check(o->filter, &e) == 0);
		action = bpf_run(o->filter, &exec, NULL, NULL) & (uint32_t)RET_ACTION;
		MUST(action == RET_ALLOW || action == (uint32_t)RET_LOG);
	}
	MUST(n == due && claimed(p, "seccomp") == due);
	MUST(f->seccomp || !box_seccomp_needed(box) || box->seccomp.kind == SECCOMP_NONE);
}

/* A group that is there is the one that the box begins in; what it made of memory is its own. */
static void
check_group(const struct plan *p, const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];

		n += o->kind == OP_LIMIT || o->kind == OP_RLIMIT || o->kind == OP_SELF;
		if (o->kind != OP_CLONE || g == NULL || g->nhost == 0)
			continue;
		MUST(o->a != NO_SLOT && (o->flags & FLAG_SHARED) == 0);
	}
	MUST(n == (g == NULL ? 0 : g->nhost == 4 ? 2 : g->nexec));
}

/* A lint that says yes to everything would be no oracle: plans are damaged, and it must say yes or
 * no to those as well, and why. */
static void
damage(struct plan *p, struct bytes *b)
{
	unsigned n = take(b) % CHANGES;

	while (n-- > 0 && p->n > 1) {
		size_t high = take(b), i = (high << 8 | take(b)) % p->n, to = take(b) % p->n;
		struct op *o = &p->op[i], kept = *o;
		unsigned value = take(b);

		switch (take(b) % 14) {
		case 0:
			memmove(o, o + 1, (p->n - i - 1) * sizeof(*o));
			p->n--;
			break;
		case 1:
			*o = p->op[to];
			p->op[to] = kept;
			break;
		case 2:
			p->op[to] = *o;
			break;
		case 3:
			o->kind = (uint8_t)(value % (OP_COUNT + 1));
			break;
		case 4:
			o->stage = (uint8_t)(value % (STAGE_COUNT + 1));
			break;
		case 5:
			o->a = (uint8_t)value;
			break;
		case 6:
			o->b = (uint8_t)value;
			break;
		case 7:
			o->flags = (uint8_t)value;
			break;
		case 8:
			o->num ^= (uint64_t)1 << value % 64;
			break;
		case 9:
			o->text = NULL;
			break;
		case 11:
			o->filter = value % 2 == 0 ? NULL : p->op[to].filter;
			break;
		case 10:
			o->text2 = value % 2 == 0 ? NULL : ".";
			break;
		case 12:
			p->parts = value % 2 == 0 ? NULL : &group_parts;
			break;
		default:
			p->init = bit(value, 0);
			p->tree = bit(value, 1);
			if (p->nclaims > 0)
				p->claim[to % p->nclaims].state = (enum claim_state)(value % 4);
			break;
		}
	}
}

static void
check_lint(struct plan *p, struct bytes *b)
{
	struct err e = { 0 };
	struct buf line = { once, 0, ROOM, false };

	damage(p, b);
	if (plan_lint(p, &e) == 0) {
		MUST(e.fault == FAULT_NONE);
		return;
	}
	MUST(e.fault == FAULT_REFUSED && e.nmsg > 0);
	for (size_t i = 0; i < p->n; i++) {
		op_put(&line, &p->op[i]);
		op_fault(&line, &p->op[i]);
		(void)op_object(&p->op[i]);
		line.n = 0;
	}
}

static struct plan *
plan_in(size_t room, const struct box *box, const struct facts *f, const struct payload *p,
    struct err *e, size_t *used)
{
	static struct confine made;
	struct arena a = { mem, 0, room };
	struct payload pay = *p;
	struct plan *plan;

	*e = (struct err){ 0 };
	pay.filter = &made;
	plan = confine_make(&a, box, f, &made, e) < 0 ? NULL : plan_box(&a, box, f, &pay, e);
	MUST((plan == NULL) == (e->fault != FAULT_NONE));
	*used = a.used;
	return plan;
}

/* Less and less memory: told, and nothing else. */
static void
sweep(size_t used, const struct box *box, const struct facts *f, const struct payload *p)
{
	struct err e;
	size_t n;

	for (size_t room = 0; room < used; room += used / 64 + 1) {
		MUST(plan_in(room, box, f, p, &e, &n) == NULL);
		MUST(e.fault == FAULT_LIMIT && n <= room);
	}
}

static void
check_refusal(const struct err *e)
{
	static const char unsound[] = "unsound plan";
	char line[1024];
	struct buf b = BUF(line);

	MUST(e->fault == FAULT_REFUSED && e->nmsg > 20);
	MUST(!str_starts((struct str){ e->msg, e->nmsg }, str_of(unsound)));
	err_line(e, &b);
	MUST(!b.full);
}

static void
check_plan(struct plan *p, const struct box *b, const struct facts *f, const struct payload *pay,
    size_t used, struct bytes *rest)
{
	struct arena a = { model_mem, 0, sizeof(model_mem) };
	struct err e = { 0 };
	struct str first = shown(p, once), second;
	unsigned how = take(rest);

	MUST(plan_lint(p, &e) == 0 && e.fault == FAULT_NONE);
	model_run(&a, p, b, f, claimed(p, "sockets"));
	check_environment(p, b);
	check_nesting(p, b, f);
	check_filter(p, b, f);
	check_group(p, pay->group);
	memset(mem, 0x5a, used);
	p = plan_in(sizeof(mem), b, f, pay, &e, &used);
	MUST(p != NULL);
	second = shown(p, again);
	MUST(str_eq(first, second));
	if (how % 16 == 1)
		sweep(used, b, f, pay);
	else
		check_lint(p, rest);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { box_mem, 0, sizeof(box_mem) };
	struct bytes b = { data, n };
	struct err e = { 0 };
	struct field_ctx c = { .arena = &a, .fault = FAULT_CONFIG, .err = &e };
	struct payload pay;
	struct facts f;
	struct box bx;
	struct plan *p;
	size_t used;

	if (n > 4096)
		return 0;
	machine(&a, &b, &f);
	payload(&a, &b, &pay);
	box(&a, &b, &bx);
	filter(&c, &b, &bx, &f);
	if (box_finish(&c, &bx, LEVEL_UNSET) < 0)
		return 0;
	p = plan_in(sizeof(mem), &bx, &f, &pay, &e, &used);
	if (p == NULL)
		check_refusal(&e);
	else
		check_plan(p, &bx, &f, &pay, used, &b);
	return 0;
}
