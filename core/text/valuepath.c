#include "base/utf8.h"
#include "text/json.h"
#include "text/value.h"

/* A longer key is cut: the place is named by line and column as well. */
enum { KEY_MAX = 40 };

static bool
plain(struct str key)
{
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i], small = (char)(c | 0x20);
		bool digit = c >= '0' && c <= '9';

		if (!(small >= 'a' && small <= 'z') && c != '_' && (!digit || i == 0))
			return false;
	}
	return key.n > 0;
}

void
value_path_key(struct buf *b, struct str key)
{
	char text[6 * KEY_MAX + 8];
	struct buf t = BUF(text);
	size_t cut = utf8_cut(key, KEY_MAX);

	if (cut == key.n && plain(key)) {
		buf_char(&t, '.');
		buf_put(&t, key);
	} else {
		buf_char(&t, '[');
		json_put_string(&t, str_slice(key, 0, cut));
		if (cut < key.n)
			buf_cstr(&t, "...");
		buf_char(&t, ']');
	}
	buf_put(b, buf_str(&t));
}

void
value_path_index(struct buf *b, size_t index)
{
	char text[24];
	struct buf t = BUF(text);

	buf_char(&t, '[');
	buf_uint(&t, index);
	buf_char(&t, ']');
	buf_put(b, buf_str(&t));
}
