/* Output into a fixed buffer: what does not fit is dropped whole and remembered. */
#ifndef SBX_BUF_H
#define SBX_BUF_H

#include "base/base.h"

struct buf {
	char *p;
	size_t n, cap;
	bool full; /* something did not fit */
};

#define BUF(array) ((struct buf){ (array), 0, sizeof(array), false })

/* Appends all of it, or nothing and sets full; once full, nothing more is taken, so that what is
 * there is always the beginning of what was meant. */
void buf_put(struct buf *, struct str);
void buf_cstr(struct buf *, const char *);
void buf_char(struct buf *, char);
void buf_uint(struct buf *, uint64_t);
void buf_int(struct buf *, int64_t);
enum { UINT_ROOM = 20 };
/* The digits alone, in that room. */
struct str uint_text(char room[UINT_ROOM], uint64_t);
/* Octal digits without a prefix. */
void buf_octal(struct buf *, uint64_t);
/* 0x and hexadecimal digits. */
void buf_hex(struct buf *, uint64_t);
/* TEXT() */
void buf_text(struct buf *, const char *text, const struct str *arg, size_t n);
/* Appends untrusted text for a person: printable UTF-8 as is, the rest as \n \t \\ or \xNN. */
void buf_escaped(struct buf *, struct str);
/* The same for text that is ours or escaped already: backslashes stay, all that is not printable
 * comes out as \xNN. */
void buf_printable(struct buf *, struct str);
struct str buf_str(const struct buf *);

#endif
