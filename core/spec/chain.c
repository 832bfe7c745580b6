#include "spec/chain.h"

#include "spec/environ.h"

void
chain_word(struct chain *w, const char *text, const struct str *arg, size_t n)
{
	struct str whole = arena_join(w->arena, text, arg, n);

	if (whole.p == NULL || strlist_add(w->arena, w->words, whole, POS_NONE) < 0)
		w->failed = true;
}

/* --name=value: whatever the value begins with, it stays one. */
static void
option(struct chain *w, const char *name, struct str value)
{
	chain_word(w, TEXT("--%=%", str_of(name), value));
}

static void
flag(struct chain *w, bool set, const char *name)
{
	if (set)
		chain_word(w, TEXT("--%", str_of(name)));
}

static void
spaces(struct chain *w, const struct box *box)
{
	for (size_t k = 0; k < NS_COUNT; k++) {
		const struct ns *ns = &box->ns[k];
		struct str name = ns_name((enum ns_kind)k);

		if (ns->mode == NS_INHERIT)
			chain_word(w, TEXT("--%=inherit", name));
		else if (ns->mode == NS_JOIN)
			chain_word(w, TEXT("--%=%", name, ns->path));
	}
}

static void
tmp(struct chain *w, const struct action *a)
{
	char text[96];
	struct buf b = BUF(text);

	buf_cstr(&b, ":size=");
	buf_uint(&b, a->size);
	buf_cstr(&b, ",mode=");
	buf_octal(&b, a->mode);
	buf_cstr(&b, ",nr_inodes=");
	buf_uint(&b, a->inodes);
	chain_word(w, TEXT("--tmp=%%", a->dest, buf_str(&b)));
}

static void
actions(struct chain *w, const struct box *box)
{
	for (const struct action *a = box->first; a != NULL; a = a->next) {
		switch (a->kind) {
		case ACTION_RO:
			option(w, "ro", a->dest);
			break;
		case ACTION_RW:
			option(w, "rw", a->dest);
			break;
		case ACTION_BIND:
			flag(w, true, "bind");
			chain_word(w, TEXT("%", a->src));
			chain_word(w, TEXT("%", a->dest));
			break;
		case ACTION_TMP:
			tmp(w, a);
			break;
		}
	}
}

/* Where rules of several places were put together (sbx-hook's, the box's, the hook's), a later one
 * of the same name wins; on a command line a name stands once. */
static bool
last_of_its_name(const struct env_rule *r)
{
	for (const struct env_rule *o = r->next; o != NULL; o = o->next)
		if (str_eq(o->name, r->name))
			return false;
	return true;
}

static void
ns_words(struct chain *w, const struct box *box)
{
	chain_word(w, TEXT("sbx-ns"));
	spaces(w, box);
	if (box->root.n > 0)
		option(w, "root", box->root);
	flag(w, box->proc, "proc");
	flag(w, box->proc_subset, "proc-subset");
	flag(w, box->no_dev, "no-dev");
	actions(w, box);
	flag(w, box->no_init, "no-init");
	flag(w, box->new_session, "new-session");
	flag(w, box->outlive, "outlive-parent");
	if (box->hostname.n > 0)
		option(w, "hostname", box->hostname);
	if (box->chdir.n > 0)
		option(w, "chdir", box->chdir);
	flag(w, box->clear_env, "clear-env");
	for (const struct env_rule *r = box->env; r != NULL; r = r->next)
		if (last_of_its_name(r))
			chain_word(w,
			    TEXT("--env=%%%", r->name, r->literal ? S("=") : S(""), r->value));
	for (const struct strnode *n = box->keep_fd.first; n != NULL; n = n->next)
		option(w, "keep-fd", n->s);
	chain_word(w, TEXT("--"));
}

static void
env_words(struct chain *w, const struct box *box, char *const *envp)
{
	if (box->new_session) {
		chain_word(w, TEXT("setsid"));
		chain_word(w, TEXT("--wait"));
	}
	chain_word(w, TEXT("env"));
	if (box->clear_env)
		chain_word(w, TEXT("-i"));
	if (box->chdir.n > 0)
		chain_word(w, TEXT("--chdir=%", box->chdir));
	for (const struct env_rule *r = box->env; r != NULL; r = r->next) {
		const char *host = r->literal ? NULL : env_value(envp, r->name);
		struct str value = r->literal ? r->value : str_of(host);

		if (last_of_its_name(r) && (r->literal || host != NULL))
			chain_word(w, TEXT("%=%", r->name, value));
	}
}

int
box_argv(struct arena *a, const struct box *box, char *const *envp, struct strlist *words)
{
	struct chain w = { a, words, false };

	if (box->level == LEVEL_NONE)
		env_words(&w, box, envp);
	else
		ns_words(&w, box);
	return w.failed ? -1 : 0;
}

int
box_seccomp_argv(struct arena *a, const struct box *box, struct strlist *words)
{
	struct chain w = { a, words, false };
	const struct seccomp *s = &box->seccomp;

	if (s->kind > SECCOMP_FILE)
		return 1;
	if (s->kind <= SECCOMP_NONE)
		return 0;
	chain_word(&w, TEXT("sbx-seccomp"));
	chain_word(&w, s->kind == SECCOMP_FILE ? "-f" : "-p", NULL, 0);
	chain_word(&w, TEXT("%", s->name));
	chain_word(&w, TEXT("--"));
	return w.failed ? -1 : 0;
}

static bool
spaces_eq(const struct box *a, const struct box *b)
{
	for (size_t k = 0; k < NS_COUNT; k++)
		if (a->ns[k].mode != b->ns[k].mode || !str_eq(a->ns[k].path, b->ns[k].path))
			return false;
	return true;
}

static bool
action_eq(const struct action *a, const struct action *b)
{
	return a->kind == b->kind && str_eq(a->src, b->src) && str_eq(a->dest, b->dest) &&
	       a->size == b->size && a->inodes == b->inodes && a->mode == b->mode;
}

static bool
actions_eq(const struct action *a, const struct action *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!action_eq(a, b))
			return false;
	return a == NULL && b == NULL;
}

static bool
env_eq(const struct env_rule *a, const struct env_rule *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->name, b->name) || !str_eq(a->value, b->value) ||
		    a->literal != b->literal)
			return false;
	return a == NULL && b == NULL;
}

static bool
list_eq(const struct strlist *x, const struct strlist *y)
{
	const struct strnode *a = x->first, *b = y->first;

	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->s, b->s))
			return false;
	return a == NULL && b == NULL;
}

static bool
flags_eq(const struct box *a, const struct box *b)
{
	return (a->level == LEVEL_NONE) == (b->level == LEVEL_NONE) && a->proc == b->proc &&
	       a->proc_subset == b->proc_subset && a->no_dev == b->no_dev &&
	       a->no_init == b->no_init && a->new_session == b->new_session &&
	       a->outlive == b->outlive && a->clear_env == b->clear_env;
}

bool
box_eq(const struct box *a, const struct box *b)
{
	return spaces_eq(a, b) && flags_eq(a, b) && str_eq(a->root, b->root) &&
	       str_eq(a->hostname, b->hostname) && str_eq(a->chdir, b->chdir) &&
	       actions_eq(a->first, b->first) && env_eq(a->env, b->env) &&
	       list_eq(&a->keep_fd, &b->keep_fd);
}

/* Needs no quotes: nothing that any shell gives a meaning to. (One of them takes "=ls" for the path
 * of ls.) */
static bool
plain(struct str s)
{
	static const struct str harmless = { "+,-./:=@_%", 10 };

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i], low = (char)(c | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') &&
		    str_find(harmless, c, 0) == harmless.n)
			return false;
	}
	return s.n > 0 && s.p[0] != '=';
}

void
shell_word(struct buf *b, struct str s)
{
	if (plain(s)) {
		buf_put(b, s);
		return;
	}
	buf_char(b, '\'');
	for (size_t at = 0; at <= s.n;) {
		size_t end = str_find(s, '\'', at);

		buf_put(b, str_slice(s, at, end));
		if (end < s.n)
			buf_cstr(b, "'\\''");
		at = end + 1;
	}
	buf_char(b, '\'');
}
