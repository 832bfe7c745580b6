/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, at most U+10FFFF. */
#ifndef SBX_UTF8_H
#define SBX_UTF8_H

#include "base/base.h"

/* Length 1..4 of the valid sequence at the front, its code point in *cp (may be NULL); 0 if invalid
 * or empty. */
size_t utf8_next(struct str, uint32_t *cp);
/* Writes 1..4 bytes; 0 for a surrogate or a value above U+10FFFF. */
size_t utf8_encode(uint32_t cp, char out[4]);
/* Offset of the first invalid byte, or text.n. */
size_t utf8_check(struct str);
/* Length of the longest front part of at most max bytes that does not end inside a character. */
size_t utf8_cut(struct str, size_t max);
/* Safe to show: no control, no line separator, nothing invisible or that turns the text around. */
bool utf8_printable(uint32_t cp);

#endif
