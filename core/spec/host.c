#include "spec/host.h"

#include "base/num.h"

/* linux/capability.h, from 0 on. */
static const char names[] =
    "chown\0dac_override\0dac_read_search\0fowner\0fsetid\0kill\0setgid\0setuid\0setpcap\0"
    "linux_immutable\0net_bind_service\0net_broadcast\0net_admin\0net_raw\0ipc_lock\0ipc_owner\0"
    "sys_module\0sys_rawio\0sys_chroot\0sys_ptrace\0sys_pacct\0sys_admin\0sys_boot\0sys_nice\0"
    "sys_resource\0sys_time\0sys_tty_config\0mknod\0lease\0audit_write\0audit_control\0setfcap\0"
    "mac_override\0mac_admin\0syslog\0wake_alarm\0block_suspend\0audit_read\0perfmon\0bpf\0"
    "checkpoint_restore\0";

enum { CAPS = 41, MAJOR_MOST = 999, MINOR_MOST = 999 };

static bool
same(struct str a, struct str lower)
{
	if (a.n != lower.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if ((a.p[i] >= 'A' && a.p[i] <= 'Z' ? a.p[i] + ('a' - 'A') : a.p[i]) != lower.p[i])
			return false;
	return true;
}

int
cap_find(struct str name)
{
	const char *p = names;

	if (same(str_slice(name, 0, 4), S("cap_")))
		name = str_slice(name, 4, name.n);
	for (int i = 0; i < CAPS; i++) {
		struct str known = str_of(p);

		if (same(name, known))
			return i;
		p += known.n + 1;
	}
	return -1;
}

int
caps_read(struct str list, uint64_t *caps, struct err *e)
{
	*caps = 0;
	if (same(list, S("none")))
		return 0;
	if (same(list, S("all"))) {
		*caps = ((uint64_t)1 << CAPS) - 1;
		return 0;
	}
	for (size_t at = 0, end; at <= list.n; at = end + 1) {
		struct str name;
		int cap;

		end = str_find(list, ',', at);
		name = str_slice(list, at, end);
		cap = cap_find(name);
		if (cap < 0)
			return err_usage(e, "unknown capability \"%\"", name);
		*caps |= (uint64_t)1 << cap;
	}
	return 0;
}

/* Digits off the front, a number of at most `most`; 0 or -1. */
static int
part(struct str *rest, unsigned most, unsigned *out)
{
	size_t n = 0;
	uint64_t v;

	while (n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9')
		n++;
	if (num_uint(str_slice(*rest, 0, n), &v) < 0 || v > most)
		return -1;
	*rest = str_slice(*rest, n, rest->n);
	*out = (unsigned)v;
	return 0;
}

int
kernel_read(struct str s, unsigned *kernel)
{
	unsigned major, minor;

	if (part(&s, MAJOR_MOST, &major) < 0 || s.n == 0 || s.p[0] != '.')
		return -1;
	s = str_slice(s, 1, s.n);
	if (part(&s, MINOR_MOST, &minor) < 0 || (s.n > 0 && s.p[0] != '.' && s.p[0] != '-'))
		return -1;
	*kernel = major * 1000 + minor;
	return 0;
}
