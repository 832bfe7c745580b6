/* Boxes from a command line of sbx-ns and from a document, for the tests of core/spec. */
#ifndef UNIT_BOXES_H
#define UNIT_BOXES_H

#include "spec/args.h"
#include "spec/hook.h"
#include "told.h"

struct boxed {
	struct arena a;
	struct err e;
	struct box box;
	int rest;
	bool dashes;
};

/* Reads the words behind the program's name, NULL-terminated; 0 or -1. */
static inline int
boxed_parse(struct boxed *b, struct arena a, const char *const *word)
{
	const struct args_part part = { &box_table, &b->box };
	struct field_ctx c;
	int n = 0;

	*b = (struct boxed){ .a = a };
	c = (struct field_ctx){ &b->a, FAULT_USAGE, &b->e, POS_NONE };
	while (word[n] != NULL)
		n++;
	return args_parse(&c, &part, 1, n, (char *const *)(uintptr_t)word, &b->rest, &b->dashes);
}

/* And the rules between them; fallback is the level of sbx-ns or of a document. */
static inline int
boxed_words(struct boxed *b, struct arena a, enum level fallback, const char *const *word)
{
	struct field_ctx c;

	if (boxed_parse(b, a, word) < 0)
		return -1;
	c = (struct field_ctx){ &b->a, FAULT_USAGE, &b->e, POS_NONE };
	return box_finish(&c, &b->box, fallback);
}

#define WORDS(...) ((const char *const[]){ "sbx-ns", __VA_ARGS__, NULL })

/* The only box of a document; NULL on error. */
static inline const struct box *
boxed_document(struct arena *a, struct err *e, const char *text)
{
	struct config *c;

	*e = (struct err){ 0 };
	c = config_read(a, S("f"), str_of(text), e);
	return c == NULL ? NULL : c->boxes;
}

#endif
