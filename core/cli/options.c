/* The options that every program of ours has; nothing but the table, which tests link alone. */
#include "cli/common.h"

#include "base/limits.h"

#include <stddef.h>

#define AT(member) .offset = offsetof(struct common, member)

/* clang-format off */
#define PLAIN \
	{ ROW("", "check", "", "", "judge only: 0 when it could be done"), AT(check) }, \
	{ ROW("", "plan", "", "", "print what would be done, step by step"), AT(plan) }, \
	{ ROW("", "receipt", "", "", \
	      "show what was enforced, and how it ended, on standard error"), AT(receipt) }, \
	{ ROW("", "report", "N", "", "write events to descriptor N"), \
	  .type = FIELD_UINT, AT(report), .min = 3, .max = 1023 }, \
	{ ROW("", "help", "", "", "print this"), .letter = 'h', AT(help) }, \
	{ ROW("", "version", "", "", "print the version"), .letter = 'V', AT(version) },

static const struct field rows[] = {
	{ ROW("", "facts", "FILE", "", "plan for the machine that these facts are from"),
	  .type = FIELD_STRING, AT(facts), .min = 1, .max = LIMIT_PATH },
	{ ROW("", "print-facts", "", "", "print what the plan takes from this machine"),
	  AT(print_facts) },
	PLAIN
};

/* Apart, so that a program has one of them. */
static const struct field plain[] = { PLAIN };
/* clang-format on */

const struct table common_table = { "the command line", rows, COUNT(rows) };
const struct table common_plain = { "the command line", plain, COUNT(plain) };
