/* Groups that are looked at again and again. Their files stay open, so that a look costs one read
 * of each. */
#ifndef SBX_SAMPLE_H
#define SBX_SAMPLE_H

#include "text/cgrate.h"

enum {
	SAMPLE_GROUPS = 4096,
	SAMPLE_FILES = 7,    /* that stay open */
	SAMPLE_HISTORY = 12, /* looks that are remembered */
};

struct sample {
	struct sample *top; /* the named group whose child it is; itself */
	struct str named;   /* a top's name, as it was given */
	char name[256];     /* a child's, in its directory */
	uint64_t inode;
	int dir;                          /* of a top */
	int fd[SAMPLE_FILES];             /* or why there is none */
	uint32_t history[SAMPLE_HISTORY]; /* microseconds of processor time in a second */
	size_t turn;                      /* the oldest of them */
	struct cgrate rate;
	uint64_t over; /* for who looks on: bits */
	bool fresh;    /* this look is the first */
	bool seen, used, gone;
};

struct sampler {
	struct sample *slot;
	struct sample **now, **before; /* tops, each with its children behind it */
	size_t n, nbefore;
	struct sample **list; /* as many more, for who puts them in another order */
	struct sample **gone; /* those that this look did not find any more; valid until the next */
	size_t ngone;
	size_t tops;       /* that are left */
	size_t free;       /* slots from here on were never used */
	size_t open, most; /* descriptors that are kept, and that may be */
	uint64_t rounds;
	uint64_t at;   /* of this look, microseconds */
	size_t missed; /* groups that there was no room for */
	char *text;    /* room to read in */
};

/* 0 or -1. Raises the soft limit of descriptors to the hard one. */
int sampler_init(struct arena *, struct sampler *, struct err *) MUST_CHECK;
/* A group that is named: the directory, open for reading, is the sampler's from now on; the name is
 * borrowed. -1 when there is no room. */
int sampler_add(struct sampler *, int dir, struct str name) MUST_CHECK;
/* Looks at all of them and their children. */
void sampler_look(struct sampler *);
/* "web/a", as it is to be called. */
void sample_name(struct buf *, const struct sample *);

#endif
