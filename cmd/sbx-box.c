/* sbx-box: every program in one file, chosen by the name it is called by or by its first word. */
#include "cli/common.h"
#include "cli/program.h"
#include "sys/sys.h"

#define TOOL S("sbx-box")

extern const struct program program_cg, program_hook, program_ns, program_seccomp;

static const struct program *const programs[] = { &program_cg, &program_hook, &program_ns,
	&program_seccomp };

int main(int argc, char **argv, char **envp);

/* "sbx-ns", also without the prefix when it is a word. */
static const struct program *
find(struct str name, bool word)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		struct str full = str_of(programs[i]->name);

		if (str_eq(name, full) || (word && str_eq(name, str_slice(full, 4, full.n))))
			return programs[i];
	}
	return NULL;
}

static struct str
base(const char *path)
{
	struct str s = str_of(path);
	size_t at = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '/')
			at = i + 1;
	return str_slice(s, at, s.n);
}

static void
put_usage(struct buf *b)
{
	buf_cstr(b, "usage: sbx-box program [arg ...]\n"
		    "       program [arg ...], through a link of its name\n\nprograms:\n");
	for (size_t i = 0; i < COUNT(programs); i++)
		buf_text(b, TEXT("  %\n", str_of(programs[i]->name)));
	buf_cstr(b,
	    "\noptions:\n  -h, --help     print this\n  -V, --version  print the version\n");
}

int
main(int argc, char **argv, char **envp)
{
	char text[512];
	struct buf b = BUF(text);
	const struct program *p = argc > 0 ? find(base(argv[0]), false) : NULL;
	struct err e = { 0 };

	if (common_streams(TOOL) < 0)
		return 125;
	/* the library's own exit tries for ever where a filter forbids it */
	if (p != NULL)
		sys_exit(p->run(argc, argv, envp));
	if (argc > 1) {
		struct str word = str_of(argv[1]);

		p = find(word, true);
		if (p != NULL)
			sys_exit(p->run(argc - 1, argv + 1, envp));
		if (str_eq(word, S("--version")) || str_eq(word, S("-V")))
			return common_print(TOOL, S("sbx-box " SBX_VERSION "\n"));
		if (str_eq(word, S("--help")) || str_eq(word, S("-h"))) {
			put_usage(&b);
			return common_print(TOOL, buf_str(&b));
		}
		err_usage(&e, "no program of ours is called \"%\" (cg, hook, ns, seccomp)", word);
	} else {
		err_usage(&e, "a program's name is due (cg, hook, ns, seccomp)");
	}
	report_error(TOOL, &e);
	return 125;
}
