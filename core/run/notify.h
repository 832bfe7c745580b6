/* Between the watcher of a filtered program and who decides for it. */
#ifndef SBX_RUN_NOTIFY_H
#define SBX_RUN_NOTIFY_H

#include "run/filter.h"
#include "spec/notify.h"
#include "sys/sys.h"

/* Answers one call; it may be gone by now. 0 or -errno, when the listener is of no use. */
int notify_reply(int listener, uint64_t id, enum notify_kind, int64_t value) MUST_CHECK;

/* Is there room for one more call? */
bool decider_room(const struct decider *);
/* A call waits: told, or refused where nobody is there to be told. 0 or -errno. */
int decider_ask(struct decider *, int listener, const struct k_notif *) MUST_CHECK;
/* What to poll: two entries. */
void decider_want(const struct decider *, struct pollfd *);
/* How long, in milliseconds; -1 for ever. */
int decider_wait(const struct decider *);
/* Carries on with what poll said; what took too long is refused. 0 or -errno. */
int decider_move(struct decider *, int listener, const struct pollfd *) MUST_CHECK;
/* Was a call refused because nobody could decide? Then the error says why. */
bool decider_failed(const struct decider *, struct err *);

#endif
