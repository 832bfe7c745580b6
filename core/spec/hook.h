/* Declared hooks, and the document that declares them with their boxes. */
#ifndef SBX_HOOK_H
#define SBX_HOOK_H

#include "spec/box.h"

enum hook_type { HOOK_UNSET, HOOK_PROVIDER, HOOK_TOOL, HOOK_SESSION, HOOK_EVAL };
enum hook_mode { MODE_FILTER, MODE_OBSERVE };
enum hook_on_error { ON_ERROR_DENY, ON_ERROR_ALLOW };

struct hook {
	struct seen seen;
	struct str name;
	struct pos pos;
	struct str command; /* absolute path, or a bare name looked up in the box's PATH */
	struct strlist args;
	struct env_rule *env, **env_last;
	int type;        /* enum hook_type */
	uint32_t phases; /* bit set over hook_phase_words */
	int mode;        /* enum hook_mode */
	struct str sandbox;
	const struct box *box; /* the declared one; never NULL after config_read */
	uint64_t timeout;      /* ms */
	uint64_t grace;        /* ms between TERM and KILL */
	int on_error;          /* enum hook_on_error */
	uint64_t request_limit, reply_limit, stderr_limit; /* bytes */
	struct hook *next;
};

struct config {
	struct str file;    /* as the user named it */
	struct box *boxes;  /* in order of the text */
	struct hook *hooks; /* in order of the text */
	bool bare;          /* the document was one box; boxes is that box */
};

extern const struct table hook_table;
/* Word lists for word_at(): before_call|after_call|..., and |provider|tool|session|eval. */
extern const char hook_phase_words[], hook_type_words[];
/* The phases that a hook type knows, as a bit set. */
uint32_t hook_type_phases(int type);

/* Reads a whole JSON document (sandboxes and hooks, or a bare box) and checks every rule between
 * its parts. The text must outlive the config. NULL on error. */
struct config *config_read(struct arena *, struct str file, struct str text,
    struct err *) MUST_CHECK;
const struct hook *config_hook(const struct config *, struct str name);
const struct box *config_box(const struct config *, struct str name);
/* JSON Schema (draft 2020-12) of the native configuration, generated from the tables. */
void config_schema(struct buf *);

#endif
