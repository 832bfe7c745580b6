/* The usual members of an object. */
#include "text/json.h"

static void
begin(struct jsonw *w, const char *key)
{
	jsonw_key(w, str_of(key));
}

void
jsonw_member(struct jsonw *w, const char *key, struct str text)
{
	begin(w, key);
	jsonw_str(w, text);
}

void
jsonw_number(struct jsonw *w, const char *key, uint64_t v)
{
	begin(w, key);
	jsonw_uint(w, v);
}

void
jsonw_list(struct jsonw *w, const char *key, char bracket)
{
	begin(w, key);
	jsonw_open(w, bracket);
}
