/* Programs for boxes, as fake_program runs them. */
#ifndef FAKE_PAYLOADS_H
#define FAKE_PAYLOADS_H

#include "fake.h"

/* Bytes that were read and written, and how many are to be written. */
extern size_t payload_got, payload_wrote, payload_to_write;

/* Sleeps an hour, and TERM does not wake it. */
void payload_stubborn(void);
/* Sleeps an hour. */
void payload_quiet(void);
/* Sleeps two, and ends with 3. */
void payload_two_hours(void);
/* Ends with 3. */
void payload_quick(void);
/* Ends with 3 after 999 ms. */
void payload_in_time(void);
/* The second process of a box: SIGSEGV. */
void payload_crash(void);
/* Reads its input to the end. */
void payload_read_all(void);
/* Reads ten bytes, closes its input, says "enough", and ends after 100 ms. */
void payload_read_some(void);
/* Writes payload_to_write bytes to its output. */
void payload_flood_out(void);
/* The same to its diagnostics, and ends after 50 ms. */
void payload_flood_err(void);
/* The same, and ends. */
void payload_flood_err_and_exit(void);
/* The same, and stays for an hour. */
void payload_flood_and_stay(void);
/* Hears no TERM, writes payload_to_write bytes to its output after 1.2 s, and stays. */
void payload_flood_late(void);
/* Leaves a grandchild in a session of its own, which holds the pipes and does not hear TERM, and
 * that one another; says "done". */
void payload_leave_one(void);
/* Both. */
void payload_flood_err_and_leave_one(void);
/* As a set-uid program it is no longer ours to signal; sleeps an hour. */
void payload_set_uid(void);
/* Kills a child of its own, signals init, and ends with 5. */
void payload_own_child_signals(void);

#endif
