#include "payloads.h"

#include "kernel.h"

#include <string.h>

size_t payload_got, payload_wrote, payload_to_write;

void
payload_stubborn(void)
{
	fake_ignore(SIGTERM);
	fake_sleep(3600000);
}

void
payload_quiet(void)
{
	fake_sleep(3600000);
}

void
payload_two_hours(void)
{
	fake_sleep(7200000);
	sys_exit(3);
}

void
payload_quick(void)
{
	sys_exit(3);
}

void
payload_in_time(void)
{
	fake_sleep(999);
	sys_exit(3);
}

void
payload_crash(void)
{
	fake_kill(FAKE_MONITOR + 2, SIGSEGV);
	(void)sys_poll(NULL, 0, 0);
	sys_exit(9);
}

void
payload_read_all(void)
{
	static char text[1000];
	long n;

	while ((n = sys_read(0, text, sizeof(text))) > 0)
		payload_got += (size_t)n;
	sys_exit(0);
}

/* Reads a little, closes its input, and lives on. */
void
payload_read_some(void)
{
	char text[10];

	payload_got += (size_t)sys_read(0, text, sizeof(text));
	sys_close(0);
	(void)sys_write(1, "enough", 6);
	fake_sleep(100);
	sys_exit(0);
}

static void
flood(int fd)
{
	static char text[5000];

	memset(text, 'x', sizeof(text));
	while (payload_wrote < payload_to_write) {
		size_t n = payload_to_write - payload_wrote < sizeof(text)
			     ? payload_to_write - payload_wrote
			     : sizeof(text);

		if (sys_write(fd, text, n) < 0)
			break;
		payload_wrote += n;
	}
}

void
payload_flood_out(void)
{
	flood(1);
	sys_exit(0);
}

void
payload_flood_late(void)
{
	fake_ignore(SIGTERM);
	fake_sleep(1200);
	flood(1);
	fake_sleep(3600000);
}

void
payload_flood_err(void)
{
	flood(2);
	fake_sleep(50);
	sys_exit(0);
}

void
payload_flood_err_and_exit(void)
{
	flood(2);
	sys_exit(0);
}

void
payload_flood_and_stay(void)
{
	flood(2);
	fake_sleep(3600000);
}

static void
payload_holder(void)
{
	fake_ignore(SIGTERM);
	fake_leave_session();
	(void)fake_fork(payload_quiet);
	fake_sleep(3600000);
}

/* A grandchild keeps the pipes, in a session of its own. */
void
payload_leave_one(void)
{
	(void)fake_fork(payload_holder);
	fake_sleep(5);
	(void)sys_write(1, "done", 4);
	sys_exit(0);
}

void
payload_flood_err_and_leave_one(void)
{
	flood(2);
	payload_leave_one();
}

void
payload_set_uid(void)
{
	fake_become_other();
	fake_sleep(3600000);
}

void
payload_own_child_signals(void)
{
	int child = fake_fork(payload_quiet);

	fake_sleep(10);
	(void)sys_kill(child, SIGTERM);
	/* and init, which does not listen to those inside */
	(void)sys_kill(FAKE_MONITOR + 1, SIGTERM);
	(void)sys_kill(FAKE_MONITOR + 1, SIGUSR1);
	(void)sys_kill(FAKE_MONITOR + 1, SIGKILL);
	fake_sleep(10);
	sys_exit(5);
}

UNWATCHED_END
