/* Numbers as users write them. All readers take the whole text; 0 or -1 (nothing stored). */
#ifndef SBX_NUM_H
#define SBX_NUM_H

#include "base/base.h"
#include "base/buf.h"

/* Decimal digits without sign, space or leading zeros; -1 also above UINT64_MAX. */
int num_uint(struct str, uint64_t *) MUST_CHECK;
/* "3", "0-3"; -1 also when the second is less than the first. Then either may be stored, too. */
int num_range(struct str, uint64_t *from, uint64_t *to) MUST_CHECK;
/* An optional '-' and digits; -1 outside int64_t. */
int num_int(struct str, int64_t *) MUST_CHECK;
/* 1 to 16 hexadecimal digits of either case, without prefix. */
int num_hex(struct str, uint64_t *) MUST_CHECK;
/* The bits of a register: 41, -1, 0x29; -1 below INT64_MIN and above UINT64_MAX. */
int num_bits(struct str, uint64_t *) MUST_CHECK;
/* Octal digits with any leading zeros, at most 07777. */
int num_mode(struct str, uint32_t *) MUST_CHECK;
/* Bytes: 512M, 1.5G; K M G T = 1024^1..4, either case; bare number = bytes. A fraction only with a
 * suffix, at most 18 digits, a digit on both sides of the point; rounded down to whole bytes. */
int num_size(struct str, uint64_t *bytes) MUST_CHECK;
/* Milliseconds: 300s, 5m, 1h30m, 500ms, 1.5s; units d h m s ms in falling order, each at most
 * once; a bare number is refused (but "0"). Only the last may have a fraction, of whole ms. */
int num_duration(struct str, uint64_t *ms) MUST_CHECK;
/* Thousandths of a core: "0.5", "2", ".25"; more than three digits after the point are refused. */
int num_cpu(struct str, uint64_t *milli) MUST_CHECK;
/* A JSON number text that is an integer in 0..UINT64_MAX ("1e3" and "1.0" are refused). */
int num_json_uint(struct str, uint64_t *) MUST_CHECK;
/* Canonical forms: the largest unit that divides exactly; num_size and num_duration read them back
 * to the same value. */
void num_put_size(struct buf *, uint64_t bytes);
void num_put_duration(struct buf *, uint64_t ms);
/* For people: "1234.5 ms". */
void num_put_us(struct buf *, uint64_t us);

/* "0.5", "2": num_cpu reads it back. */
void num_put_cpu(struct buf *, uint64_t milli);

/* What a number is of, for tables: who has none of a kind links nothing of it. */
struct num_unit {
	int (*read)(struct str, uint64_t *);
	void (*put)(struct buf *, uint64_t);
	const char *fault; /* what is said behind the text that is none */
	unsigned shift;    /* a row's upper bound counts these: bytes times 2^shift */
};
/* Of memory there is more than a row's 32 bits can say: its upper bound is in T. */
extern const struct num_unit num_of_bytes, num_of_memory, num_of_ms, num_of_cores;
/* How many bits are 1. */
unsigned num_ones(uint64_t);

#endif
