/* One fault: what, where, and what would be right. The first one wins. */
#ifndef SBX_ERR_H
#define SBX_ERR_H

#include "base/base.h"
#include "base/buf.h"

enum fault {
	FAULT_NONE,
	FAULT_USAGE,   /* the command line */
	FAULT_CONFIG,  /* a document that the user wrote */
	FAULT_DATA,    /* a document from elsewhere: a request, a reply */
	FAULT_LIMIT,   /* larger than a named limit of ours, or the arena is exhausted */
	FAULT_REFUSED, /* a restriction that was asked for cannot be enforced here */
	FAULT_SYSTEM,  /* a system call failed; sysno says how */
};

struct err {
	enum fault fault;
	int sysno; /* errno for FAULT_SYSTEM, else 0 */
	struct pos pos;
	struct str file; /* borrowed; as the user named it, empty when there is none */
	size_t npath, nmsg;
	char path[128]; /* $.hooks.redact.phases[2] */
	char msg[512];
};

/* Records the first fault only, with a TEXT() of which an argument before a double quote is from
 * elsewhere: of that so much is told as leaves room for the rest. Too long messages are cut at a
 * character. Always returns -1. */
int err_put(struct err *, enum fault, struct pos, const char *text, const struct str *arg,
    size_t n);
/* The same of a system call; sysno is a positive errno. */
int err_failed(struct err *, int sysno, const char *text, const struct str *arg, size_t n);
/* Appends to the message of a fault, as far as it fits. */
void err_add(struct err *, const char *text, const struct str *arg, size_t n);
/* Sets the JSON path unless one is set; returns -1. */
int err_path(struct err *, struct str path);
/* The one line, without tool name or newline: file:line:col: path: message: errno text.
 * Bytes outside printable UTF-8 are escaped as \xNN. */
void err_line(const struct err *, struct buf *);
/* "ENOENT" style name for an errno, "E?" for an unknown one. */
struct str err_name(int sysno);
/* The number of that name, or -1. */
int err_number(struct str name);
/* Short English text for an errno, or its name where nobody would meet it. */
struct str err_text(int sysno);

#define err_at(e, fault, pos, ...) err_put((e), (fault), (pos), TEXT(__VA_ARGS__))
#define err_config(e, pos, ...) err_at((e), FAULT_CONFIG, (pos), __VA_ARGS__)
#define err_usage(e, ...) err_at((e), FAULT_USAGE, ((struct pos){ 0, 0 }), __VA_ARGS__)
#define err_data(e, pos, ...) err_at((e), FAULT_DATA, (pos), __VA_ARGS__)
#define err_refused(e, pos, ...) err_at((e), FAULT_REFUSED, (pos), __VA_ARGS__)
#define err_limit(e, pos, ...) err_at((e), FAULT_LIMIT, (pos), __VA_ARGS__)
#define err_system(e, sysno, ...) err_failed((e), (sysno), TEXT(__VA_ARGS__))
/* The arena is exhausted. */
int err_memory(struct err *);

#endif
