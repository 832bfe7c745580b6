/* The lines between a supervisor and who decides for it: a JSON object each, ended by a newline.
 * A call:   {"v":1,"id":1,"pid":77,"arch":"x86_64","nr":42,"call":"connect","args":[3,140721,16]}
 * Answers:  {"id":1,"allow":true}  {"id":1,"errno":"EACCES"}  {"id":1,"value":0} */
#ifndef SBX_NOTIFY_H
#define SBX_NOTIFY_H

#include "base/buf.h"
#include "base/err.h"
#include "spec/policy.h"

/* Bytes of a line, newline included: what is longer is no answer. */
enum { NOTIFY_LINE = 512 };

struct notify_request {
	uint64_t id; /* ours, from 1 on: the kernel's do not fit into every reader's numbers */
	uint32_t pid;
	uint32_t audit, nr;
	uint64_t arg[CALL_ARGS];
};

enum notify_kind { NOTIFY_ALLOW, NOTIFY_ERRNO, NOTIFY_VALUE };

struct notify_answer {
	uint64_t id;
	enum notify_kind kind;
	int64_t value; /* the errno, or what the call returns */
};

/* Whole or not at all; never more than NOTIFY_LINE. Arguments are as many as the call has, each as
 * the kernel takes it: an int with its sign, all others without. An unknown call has all six, and
 * null for what has no name. */
void notify_put(struct buf *, const struct notify_request *);

/* Bytes of answers, in pieces of any size. */
struct notify_lines {
	char line[NOTIFY_LINE];
	size_t n;
};

/* The next answer, its bytes taken off the piece: 1; 0 when the piece is used up; -1 for what is no
 * answer, after which there can be none. */
int notify_next(struct notify_lines *, struct str *piece, struct notify_answer *,
    struct err *) MUST_CHECK;

#endif
