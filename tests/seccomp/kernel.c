/* kernel COUNT SEED: does our interpreter say what the kernel does? Random programs, each attached
 * to a child that makes random calls. Says how many answers were compared; status 0 all were alike,
 * 1 not, 2 trouble. */
#include <stdio.h>
#include <string.h>

#include "shots.h"

enum { SHOTS = 128, LENGTH = 120 };

/* What came of it, so that a test can tell that there was something to compare. */
struct tally {
	unsigned long shots, i386, kills, zero, wrong;
};

static void
load(struct dice *d, struct shot *shot, bool int80)
{
	memset(shot, 0, SHOTS * sizeof(*shot));
	for (size_t i = 0; i < SHOTS; i++) {
		static const uint32_t high[] = { X32_BIT, 0x7fffffff, 0x80000000, 0xfffffffe,
			0xf0000 };
		struct shot *s = &shot[i];

		s->i386 = int80 && i % 3 == 0;
		s->data.nr = dice_below(d, 600);
		if (i % 8 == 7)
			s->data.nr += high[dice_below(d, COUNT(high))];
		dice_data(d, &s->data);
	}
}

static void
count(struct tally *t, const struct shot *shot)
{
	for (const struct shot *s = shot; s < shot + SHOTS; s++) {
		t->shots += s->fired;
		t->i386 += s->fired && s->i386;
		t->kills += s->fired && !s->predicted;
		t->zero += s->fired && s->predicted && s->got == 0;
		/* These programs return nothing else. */
		t->wrong += (s->want & (uint32_t)RET_ACTION) != RET_ERRNO && s->want != 0;
	}
}

int
main(int argc, char **argv)
{
	static struct bpf_insn program[LENGTH];
	struct shot *shot = shared(SHOTS * sizeof(*shot));
	struct tally t = { 0 };
	struct dice d;
	unsigned long programs;
	bool int80 = shots_have_int80();

	if (argc != 3) {
		fprintf(stderr, "usage: kernel COUNT SEED\n");
		return 2;
	}
	programs = number(argv[1]);
	d.state = number(argv[2]);
	for (unsigned long i = 0; i < programs; i++) {
		struct bpf b = { .insn = program, .n = 16 + dice_below(&d, LENGTH - 16) };
		int wrong;

		program_valid(&d, program, b.n);
		load(&d, shot, int80);
		wrong = shots_fire(&b, shot, SHOTS);
		if (wrong < 0)
			return 2;
		if (wrong > 0 && t.wrong > 0)
			break;
		t.wrong += (unsigned long)wrong;
		count(&t, shot);
	}
	if (!int80)
		printf("skipped: this kernel has no int 0x80\n");
	printf(
	    "%lu programs, %lu calls: %lu by int 0x80, %lu killed, %lu errno 0, %lu differences\n",
	    programs, t.shots, t.i386, t.kills, t.zero, t.wrong);
	return t.wrong > 0 || t.shots == 0 || t.kills == 0;
}
