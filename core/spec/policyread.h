/* What the readers and writers of policies share. */
#ifndef SBX_POLICYREAD_H
#define SBX_POLICYREAD_H

#include "spec/policy.h"

enum {
	ERRNO_MAX = 4095,  /* MAX_ERRNO, linux/err.h */
	ERRNO_NAMED = 133, /* the last that has a name */
};

/* What follows an action's word. */
enum action_data { DATA_NONE, DATA_ERRNO, DATA_NUMBER, DATA_UNKNOWN };

/* The action without data, and which data it takes; DATA_UNKNOWN: no such word. */
enum action_data action_word(struct str word, uint32_t *action);
struct str action_suggest(struct str wrong);
/* Adds the data: 0 or -1. */
int action_data(enum action_data, struct str text, uint32_t *action) MUST_CHECK;
/* Its number, or -1. */
int errno_find(struct str name);

#endif
