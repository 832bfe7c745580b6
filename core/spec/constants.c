#include "spec/calls.h"

int
constant_find(struct str name, enum arch arch, uint64_t *value)
{
	(void)name;
	(void)arch;
	(void)value;
	return -1;
}

struct str
constant_name(unsigned call, enum arch arch, size_t arg, uint64_t value)
{
	(void)call;
	(void)arch;
	(void)arg;
	(void)value;
	return S("");
}

struct str
constant_suggest(struct str wrong)
{
	(void)wrong;
	return S("");
}
