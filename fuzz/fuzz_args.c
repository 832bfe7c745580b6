/* fuzz: core/spec/args.c core/spec/chain.c core/spec/boxread.c */
/* fuzz: core/spec/environ.c */
#include <string.h>

#include "cli/common.h"
#include "spec.h"
#include "spec/environ.h"

enum { INPUT_MAX = 1 << 13, MEMORY = 16 << 20 };

static unsigned char mem[MEMORY], mem_again[MEMORY];
static char *argv[INPUT_MAX + 2];
static char shell[1 << 17];

struct read {
	struct box box;
	struct common common;
	struct err e;
	int rest;
	bool dashes;
};

static int
read_words(struct arena *a, struct read *r, int argc)
{
	const struct args_part part[] = { { &box_table, &r->box }, { &common_table, &r->common } };
	struct field_ctx c = { a, FAULT_USAGE, &r->e, POS_NONE };

	*r = (struct read){ 0 };
	if (args_parse(&c, part, COUNT(part), argc, argv, &r->rest, &r->dashes) < 0 ||
	    box_finish(&c, &r->box, LEVEL_UNSET) < 0)
		return -1;
	return 0;
}

/* Where the options end, by another way of counting: the first word that cannot be one. */
static void
check_rest(const struct read *r, int argc)
{
	MUST(r->rest >= (argc > 0) && r->rest <= argc);
	MUST(!r->dashes || (r->rest > 1 && str_eq(str_of(argv[r->rest - 1]), S("--"))));
	if (r->rest < argc && !r->dashes)
		MUST(argv[r->rest][0] != '-' || argv[r->rest][1] == '\0');
	for (size_t i = 0; i < box_table.n; i++)
		if ((r->box.seen.bits & (uint64_t)1 << i) != 0)
			MUST(r->box.seen.at[i].line == 0 && r->box.seen.at[i].col > 0 &&
			     (int)r->box.seen.at[i].col < r->rest);
	/* nothing of a command line chooses a level: sbx-ns has none */
	MUST(r->box.level == LEVEL_UNSET);
	MUST(r->common.report == 0 || (r->common.report >= 3 && r->common.report <= 1023));
}

/* The value that the payload finds, by the rules; p NULL when it finds none. */
static struct str
by_rules(const struct box *box, char *const *envp, struct str name)
{
	const char *host = env_value(envp, name);
	struct str found = host == NULL || box->clear_env ? (struct str){ NULL, 0 } : str_of(host);

	for (const struct env_rule *r = box->env; r != NULL; r = r->next)
		if (str_eq(r->name, name))
			found = r->literal ? r->value : str_of(host);
	return found;
}

/* And by the words of env(1). */
static struct str
by_words(const struct strlist *words, char *const *envp, struct str name)
{
	const char *host = env_value(envp, name);
	struct str found = str_of(host);

	for (const struct strnode *w = words->first; w != NULL; w = w->next) {
		if (str_eq(w->s, S("-i")))
			found = (struct str){ NULL, 0 };
		if (str_starts(w->s, name) && w->s.n > name.n && w->s.p[name.n] == '=')
			found = str_slice(w->s, name.n + 1, w->s.n);
	}
	return found;
}

static bool
same_value(struct str a, struct str b)
{
	return (a.p == NULL) == (b.p == NULL) && str_eq(a, b);
}

static void
check_name(const struct box *box, const struct box *other, const struct strlist *words,
    char *const *envp, struct str name)
{
	struct str want = by_rules(box, envp, name);

	MUST(same_value(by_rules(other, envp, name), want));
	MUST(same_value(by_words(words, envp, name), want));
}

/* As sbx-hook does it: rules of its own before the box's, so that names repeat. The words behind
 * the options are the caller's environment. */
static void
check_environment(struct arena *a, const struct box *plain, char *const *envp)
{
	static char *again[SPEC_WORDS];
	struct env_rule own[2] = { { .name = S("A"), .value = S("own"), .literal = true },
		{ .name = S("V") } };
	struct box box = *plain, other = { 0 };
	const struct args_part part = { &box_table, &other };
	struct err e = { 0 };
	struct field_ctx c = { a, FAULT_USAGE, &e, POS_NONE };
	struct strlist ns = { 0 }, words = { 0 };
	int n, rest;
	bool dashes;

	own[0].next = &own[1];
	own[1].next = plain->env;
	box.env = &own[0];
	MUST(box_argv(a, &box, envp, &ns) == 0);
	n = spec_argv(a, &ns, again);
	MUST(args_parse(&c, &part, 1, n, again, &rest, &dashes) == 0 && rest == n);
	box.level = LEVEL_NONE;
	MUST(box_argv(a, &box, envp, &words) == 0);
	for (const struct env_rule *r = box.env; r != NULL; r = r->next)
		check_name(&box, &other, &words, envp, r->name);
	for (char *const *v = envp; *v != NULL; v++) {
		struct str entry = str_of(*v), name = str_slice(entry, 0, str_find(entry, '=', 0));

		/* a variable may be called as an option of env is; that is none of ours */
		if (name.n > 0 && name.n < entry.n && name.p[0] != '-')
			check_name(&box, &other, &words, envp, name);
	}
}

/* What a subcommand does not take is refused, and told; the rest is not. */
static void
check_allowed(const struct read *r, uint64_t rows)
{
	struct err e = { 0 };
	struct field_ctx c = { NULL, FAULT_USAGE, &e, POS_NONE };
	bool all = (r->box.seen.bits & ~rows) == 0;

	MUST((args_allow(&c, &box_table, &r->box, rows) == 0) == all);
	MUST((e.fault == FAULT_NONE) == all);
}

static void
check_usage(void)
{
	static char text[16384];
	const struct args_part part[] = { { &box_table, NULL }, { &common_table, NULL } };
	struct buf b = BUF(text);

	args_usage(&b, S("sbx-ns [options] [--] prog [arg ...]"), part, COUNT(part));
	MUST(!b.full && spec_printable(str_slice(buf_str(&b), 0, str_find(buf_str(&b), '\n', 0))));
}

static struct str
reason(const struct read *r)
{
	return (struct str){ r->e.msg, r->e.nmsg };
}

/* Whatever is no option ends them, at the same place. */
static void
check_end(const struct read *r, int argc)
{
	static char plain[] = "prog", dash[] = "-", empty[] = "";
	char *const other[] = { plain, dash, empty };
	char *was = argv[r->rest];

	if (r->dashes || argc == 0)
		return;
	for (size_t i = 0; i < COUNT(other); i++) {
		struct arena again = { mem_again, 0, sizeof(mem_again) };
		struct read same;

		argv[r->rest] = other[i];
		MUST(read_words(&again, &same, r->rest + 1) == 0);
		MUST(same.rest == r->rest && !same.dashes && box_eq(&same.box, &r->box));
	}
	argv[r->rest] = was;
}

static void
check_accepted(struct arena *a, const struct read *r, int argc)
{
	size_t used = a->used;
	struct read other;

	check_rest(r, argc);
	check_end(r, argc);
	check_allowed(r, (uint64_t)argc * 0x9e3779b97f4a7c15);
	check_allowed(r, UINT64_MAX);
	spec_box(&r->box);
	spec_round(a, &r->box);
	check_environment(a, &r->box, argv + r->rest);
	/* an option that no table has, in front of what was good */
	if (argc > 0) {
		char *first = argv[0];
		static char bad[] = "--zz-top", word[] = "x";
		struct arena again = { mem_again, 0, sizeof(mem_again) };

		memmove(argv + 2, argv + 1, (size_t)argc * sizeof(*argv));
		argv[0] = word;
		argv[1] = bad;
		MUST(read_words(&again, &other, argc + 1) < 0);
		MUST(str_starts(reason(&other), S("unknown option \"--zz-top\"")));
		memmove(argv + 1, argv + 2, (size_t)argc * sizeof(*argv));
		argv[0] = first;
	}
	for (size_t room = used; used > 0 && room > 0; room = room * 3 / 4) {
		struct arena again = { mem_again, 0, room - 1 };

		MUST(read_words(&again, &other, argc) < 0 && other.e.fault == FAULT_LIMIT);
	}
}

/* Quotes come in whole, and nothing that has a meaning stands outside of them. */
static void
check_shell_word(struct str word)
{
	struct buf b = BUF(shell);
	char got[INPUT_MAX];
	size_t n = 0;
	bool quoted = false;

	shell_word(&b, word);
	MUST(!b.full && b.n > 0);
	for (size_t i = 0; i < b.n; i++) {
		char c = b.p[i];

		if (c == '\'') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && c == '\\') {
			MUST(i + 1 < b.n && b.p[i + 1] == '\'');
			c = b.p[++i];
		} else if (!quoted) {
			MUST(c > ' ' && c < 0x7f &&
			     str_find(S("!\"#$&'()*;<>?[\\]^`{|}~"), c, 0) == 22);
		}
		got[n++] = c;
	}
	MUST(!quoted && str_eq((struct str){ got, n }, word));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char text[INPUT_MAX + 1];
	struct arena a = { mem, 0, sizeof(mem) };
	struct read r;
	int argc = 0;

	if (n > INPUT_MAX)
		return 0;
	/* words end in NUL, the last one also without; the first is the program's name */
	if (n > 0)
		memcpy(text, data, n);
	text[n] = '\0';
	for (size_t at = 0; at < n; at += str_of(text + at).n + 1) {
		argv[argc++] = text + at;
		check_shell_word(str_of(text + at));
	}
	argv[argc] = NULL;
	if (argc == 1)
		check_usage();
	if (read_words(&a, &r, argc) == 0) {
		MUST(r.e.fault == FAULT_NONE);
		check_accepted(&a, &r, argc);
		return 0;
	}
	spec_fault(S(""), &r.e);
	MUST(r.e.fault == FAULT_USAGE && r.e.npath == 0 && r.e.pos.line == 0);
	MUST((int)r.e.pos.col < argc);
	return 0;
}
