/* Every cap in one place. A text beyond one of them is an error that names it. */
#ifndef SBX_LIMITS_H
#define SBX_LIMITS_H

enum {
	LIMIT_JSON_DEPTH = 64,         /* nested arrays and objects */
	LIMIT_JSON_NODES = 1 << 20,    /* values in one document */
	LIMIT_CONFIG_BYTES = 1 << 20,  /* a configuration file */
	LIMIT_MESSAGE_BYTES = 1 << 20, /* default for a request and for a reply */
	LIMIT_MESSAGE_MAX = 64 << 20,  /* what a configuration may raise it to */
	LIMIT_STDERR_BYTES = 64 << 10, /* default for a hook's diagnostics */
	LIMIT_REPORT_LINE = 4096,      /* PIPE_BUF: one event is one atomic write */
	LIMIT_PATH = 4095,             /* PATH_MAX less the NUL */
	/* a line with such a path in it, every byte escaped */
	LIMIT_PATH_LINE = 4 * LIMIT_PATH + 512,
	LIMIT_NAME = 255,  /* a hook's, a sandbox's, a host's name part */
	LIMIT_ENV = 4096,  /* rules for the environment of one box, or of one hook */
	LIMIT_OPS = 65536, /* operations of one plan */
	LIMIT_SLOTS = 64,  /* descriptors that one plan holds open at once */
};

#endif
