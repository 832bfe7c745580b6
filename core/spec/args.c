#include "spec/args.h"

struct walk {
	struct field_ctx *ctx;
	const struct args_part *part;
	size_t nparts;
	char *const *argv;
	int argc, at; /* the next word */
};

struct found {
	const struct args_part *part;
	size_t row;
};

static const struct field *
row_of(const struct found *f)
{
	return &f->part->table->row[f->row];
}

static bool
find(const struct walk *w, struct str name, char letter, struct found *f)
{
	for (size_t i = 0; i < w->nparts; i++) {
		const struct table *t = w->part[i].table;

		for (size_t k = 0; k < t->n; k++) {
			const struct field *row = &t->row[k];

			/* a row without an option has an empty one: "--=v" is none of them */
			if (letter != 0 ? row->letter == letter
					: name.n > 0 && str_eq(row_option(row), name)) {
				*f = (struct found){ &w->part[i], k };
				return true;
			}
		}
	}
	return false;
}

/* A word whose letter (0: none) or name no row has. */
static int
unknown(struct walk *w, struct str word, struct str name, size_t letter)
{
	struct str near = field_suggest(w->part, w->nparts, name, true);

	if (near.p != NULL)
		return err_usage(w->ctx->err, "unknown option \"%\"; did you mean \"--%\"?", word,
		    near);
	if (letter > 1)
		return err_usage(w->ctx->err, "unknown option \"-%\" in \"%\"; --help lists them",
		    str_slice(word, letter, letter + 1), word);
	return err_usage(w->ctx->err, "unknown option \"%\"; --help lists them", word);
}

static bool
takes_value(const struct field *f)
{
	return f->type != FIELD_FLAG;
}

static const struct str nothing = { NULL, 0 };

/* The option's argument: what stands behind it in its word ("nothing" when that is none), or the
 * next word. */
static int
value(struct walk *w, const struct field *f, struct str behind, struct str *out)
{
	if (behind.p != NULL) {
		*out = behind;
		return 0;
	}
	if (w->at == w->argc)
		return err_usage(w->ctx->err, "--% needs an argument: %", row_option(f),
		    row_arg(f));
	*out = str_of(w->argv[w->at++]);
	return 0;
}

static int
take(struct walk *w, const struct found *f, struct str behind)
{
	const struct field *row = row_of(f);
	struct str a = { NULL, 0 }, b = { NULL, 0 };

	if (!takes_value(row)) {
		if (behind.p != NULL)
			return err_usage(w->ctx->err, "--% takes no argument", row_option(row));
	} else if (value(w, row, behind, &a) < 0 ||
		   ((row->flags & FIELD_TWO) != 0 && value(w, row, nothing, &b) < 0)) {
		return -1;
	}
	return field_text(w->ctx, f->part->table, f->row, f->part->target, a, b);
}

static int
long_option(struct walk *w, struct str word)
{
	size_t equals = str_find(word, '=', 0);
	struct str name = str_slice(word, 2, equals), text = str_slice(word, equals + 1, word.n);
	struct found f;

	if (!find(w, name, 0, &f))
		return unknown(w, str_slice(word, 0, equals), name, 0);
	return take(w, &f, equals < word.n ? text : nothing);
}

/* -p, -pVALUE, -p VALUE; letters without a value may share a word: -hV. */
static int
letters(struct walk *w, struct str word)
{
	for (size_t i = 1; i < word.n; i++) {
		struct str rest = str_slice(word, i + 1, word.n);
		struct found f;

		if (word.p[i] == '-' || !find(w, S(""), word.p[i], &f))
			return unknown(w, word, word, i);
		if (takes_value(row_of(&f)))
			return take(w, &f, rest.n > 0 ? rest : nothing);
		if (take(w, &f, nothing) < 0)
			return -1;
	}
	return 0;
}

int
args_parse(struct field_ctx *ctx, const struct args_part *part, size_t nparts, int argc,
    char *const *argv, int *rest, bool *dashes)
{
	/* the kernel lets a program be started without even its name */
	struct walk w = { ctx, part, nparts, argv, argc, argc > 0 ? 1 : 0 };

	*dashes = false;
	while (w.at < argc) {
		struct str word = str_of(argv[w.at]);
		int r;

		if (word.n < 2 || word.p[0] != '-')
			break;
		/* a place of its own for each word, so that what was given can be told from what
		 * was not */
		ctx->pos = (struct pos){ 0, (uint32_t)w.at };
		w.at++;
		if (word.n == 2 && word.p[1] == '-') {
			*dashes = true;
			break;
		}
		r = word.p[1] == '-' ? long_option(&w, word) : letters(&w, word);
		if (r < 0)
			return -1;
	}
	*rest = w.at;
	return 0;
}

int
args_allow(struct field_ctx *c, const struct table *t, const void *target, uint64_t rows)
{
	const struct seen *s = target;

	for (size_t i = 0; i < t->n; i++)
		if ((s->bits & ~rows & (uint64_t)1 << i) != 0)
			return err_usage(c->err, "--% does not belong to this subcommand",
			    row_option(&t->row[i]));
	return 0;
}

static size_t
put_option(struct buf *b, const struct field *f)
{
	size_t from = b->n;

	if (f->letter != 0) {
		char letter[2] = { '-', f->letter };

		buf_put(b, (struct str){ letter, 2 });
		buf_cstr(b, ", ");
	} else {
		buf_cstr(b, "    ");
	}
	buf_cstr(b, "--");
	buf_put(b, row_option(f));
	if (takes_value(f)) {
		buf_char(b, ' ');
		buf_put(b, row_arg(f));
	}
	return b->n - from;
}

void
args_usage(struct buf *b, struct str synopsis, const struct args_part *part, size_t nparts)
{
	enum { COLUMN = 36 };

	buf_text(b, TEXT("usage: %\n\noptions:\n", synopsis));
	for (size_t i = 0; i < nparts; i++) {
		for (size_t k = 0; k < part[i].table->n; k++) {
			const struct field *f = &part[i].table->row[k];
			size_t width;

			if (row_option(f).n == 0)
				continue;
			buf_cstr(b, "  ");
			for (width = put_option(b, f); width < COLUMN; width++)
				buf_char(b, ' ');
			buf_cstr(b, "  ");
			buf_put(b, row_prose(f));
			if (row_initial(f).n > 0)
				buf_text(b, TEXT(" (%)", row_initial(f)));
			buf_char(b, '\n');
		}
	}
}
