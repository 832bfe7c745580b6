#include "base/num.h"
#include "spec/policyread.h"

/* In the language's words; a blank behind those that take data. */
static const struct {
	char word[13];
	uint8_t data;
	uint32_t action;
} action[] = {
	{ "allow", DATA_NONE, RET_ALLOW },
	{ "log", DATA_NONE, RET_LOG },
	{ "errno", DATA_ERRNO, RET_ERRNO },
	{ "trap", DATA_NUMBER, RET_TRAP },
	{ "trace", DATA_NUMBER, RET_TRACE },
	{ "notify", DATA_NONE, RET_NOTIFY },
	{ "kill-thread", DATA_NONE, RET_KILL_THREAD },
	{ "kill-process", DATA_NONE, (uint32_t)RET_KILL_PROCESS },
	{ "kill", DATA_NONE, (uint32_t)RET_KILL_PROCESS },
};

enum action_data
action_word(struct str word, uint32_t *out)
{
	for (size_t i = 0; i < COUNT(action); i++) {
		if (!str_eq(str_of(action[i].word), word))
			continue;
		*out = action[i].action;
		return action[i].data;
	}
	return DATA_UNKNOWN;
}

int
errno_find(struct str name)
{
	if (str_eq(name, S("EWOULDBLOCK")))
		name = S("EAGAIN");
	else if (str_eq(name, S("EDEADLOCK")))
		name = S("EDEADLK");
	else if (str_eq(name, S("ENOTSUP")))
		name = S("EOPNOTSUPP");
	return err_number(name);
}

int
action_data(enum action_data kind, struct str text, uint32_t *out)
{
	uint64_t n = 0;
	int sysno;

	if (num_uint(text, &n) < 0) {
		sysno = kind == DATA_ERRNO ? errno_find(text) : -1;
		if (sysno < 0)
			return -1;
		n = (uint64_t)sysno;
	}
	if (kind == DATA_ERRNO ? n < 1 || n > ERRNO_MAX : n > RET_DATA)
		return -1;
	*out |= (uint32_t)n;
	return 0;
}

int
action_read(struct str word, struct str data, uint32_t *out)
{
	uint32_t a = 0;
	enum action_data kind = action_word(word, &a);

	if (kind == DATA_UNKNOWN || (data.n == 0 && kind == DATA_ERRNO) ||
	    (data.n > 0 && (kind == DATA_NONE || action_data(kind, data, &a) < 0)))
		return -1;
	*out = a;
	return 0;
}

void
action_put(struct buf *b, uint32_t a)
{
	uint32_t data = a & RET_DATA;
	size_t i = 0;

	while (i < COUNT(action) - 2 && action[i].action != (a & (uint32_t)RET_ACTION))
		i++;
	buf_put(b, str_of(action[i].word));
	if (action[i].data == DATA_NONE || (data == 0 && action[i].data == DATA_NUMBER))
		return;
	buf_char(b, ' ');
	if (action[i].data == DATA_ERRNO && data > 0 && !str_eq(err_name((int)data), S("E?")))
		buf_put(b, err_name((int)data));
	else
		buf_uint(b, data);
}

bool
engines_add_enosys(uint32_t fallback)
{
	uint32_t kind = fallback & (uint32_t)RET_ACTION;

	return kind != RET_ALLOW && kind != RET_LOG && kind != RET_TRACE && fallback != RET_ENOSYS;
}
