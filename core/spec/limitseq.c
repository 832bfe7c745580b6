/* What limits ask for, and whether two ask for the same. */
#include "spec/limits.h"

#include <stddef.h>

/* The rows that say something by being given: no flags, and none whose default is filled in. */
static uint64_t
stated(const struct limits *l)
{
	uint64_t bits = l->seen.bits;

	for (size_t i = 0; i < limits_table.n; i++) {
		size_t at = limits_table.row[i].offset;

		if (limits_table.row[i].type == FIELD_FLAG ||
		    at == offsetof(struct limits, grace) ||
		    at == offsetof(struct limits, cpu_period) ||
		    at == offsetof(struct limits, degrade) ||
		    (at == offsetof(struct limits, swap) && limits_given(l, memory)))
			bits &= ~((uint64_t)1 << i);
	}
	return bits;
}

bool
limits_group(const struct limits *l)
{
	uint64_t bits = stated(l);

	for (size_t i = 0; i < limits_table.n; i++)
		if (limits_table.row[i].offset == offsetof(struct limits, timeout))
			bits &= ~((uint64_t)1 << i);
	return bits != 0 || l->devices_only;
}

static bool
io_eq(const struct io_limit *a, const struct io_limit *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->path, b->path) || a->major != b->major || a->minor != b->minor ||
		    a->known != b->known || a->rbps != b->rbps || a->wbps != b->wbps ||
		    a->riops != b->riops || a->wiops != b->wiops)
			return false;
	return a == NULL && b == NULL;
}

static bool
raw_eq(const struct raw_limit *a, const struct raw_limit *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->name, b->name) || !str_eq(a->value, b->value) ||
		    a->bytes != b->bytes)
			return false;
	return a == NULL && b == NULL;
}

static bool
devices_eq(const struct device_rule *a, const struct device_rule *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->path, b->path) || a->type != b->type || a->major != b->major ||
		    a->minor != b->minor || a->known != b->known || a->access != b->access)
			return false;
	return a == NULL && b == NULL;
}

static bool
numbers_eq(const struct limits *a, const struct limits *b)
{
	for (size_t i = 0; i < limits_table.n; i++) {
		const struct field *f = &limits_table.row[i];
		const void *x = (const char *)a + f->offset, *y = (const char *)b + f->offset;

		if (f->type == FIELD_FLAG && *(const bool *)x != *(const bool *)y)
			return false;
		if (f->type != FIELD_FLAG && f->type != FIELD_CUSTOM &&
		    *(const uint64_t *)x != *(const uint64_t *)y)
			return false;
	}
	return true;
}

bool
limits_eq(const struct limits *a, const struct limits *b)
{
	return stated(a) == stated(b) && numbers_eq(a, b) && a->degrade == b->degrade &&
	       str_eq(a->cpus, b->cpus) && str_eq(a->mems, b->mems) && io_eq(a->io, b->io) &&
	       raw_eq(a->hugetlb, b->hugetlb) && raw_eq(a->set, b->set) &&
	       devices_eq(a->devices, b->devices);
}
