#include "spec/box.h"

#include "base/limits.h"
#include "spec/boxread.h"

#include <stddef.h>

static const char level_words[] = "|none|namespaced";

#define AT(member) .offset = offsetof(struct box, member)
#define SPACE(kind) .type = FIELD_CUSTOM, .read = box_read_space, AT(ns[kind])
#define LIST(reader) .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = (reader)
#define FLAG(member) .type = FIELD_FLAG, AT(member)

/* The keys of a sandbox and the options of sbx-ns: key, option, argument, default, prose. */
/* clang-format off */
static const struct field rows[] = {
	{ ROW("level", "", "", "namespaced",
	      "how much of a box: none is limits only, namespaced a read-only view in fresh "
	      "namespaces"),
	  .type = FIELD_ENUM, AT(level), .words = level_words },
	{ ROW("", "user", "new|inherit|PATH", "new", "user namespace"), SPACE(NS_USER) },
	{ ROW("", "mount", "new|inherit|PATH", "new", "mount namespace"), SPACE(NS_MOUNT) },
	{ ROW("", "pid", "new|inherit|PATH", "new", "PID namespace"), SPACE(NS_PID) },
	{ ROW("network", "net", "new|none|inherit|host|PATH", "new",
	      "network namespace; none is new with loopback up, host is inherit"),
	  SPACE(NS_NET), .words = "none|host" },
	{ ROW("", "ipc", "new|inherit|PATH", "new", "IPC namespace"), SPACE(NS_IPC) },
	{ ROW("", "uts", "new|inherit|PATH", "new", "UTS namespace (hostname)"), SPACE(NS_UTS) },
	{ ROW("", "cgroup", "new|inherit|PATH", "new", "cgroup namespace"), SPACE(NS_CGROUP) },
	{ ROW("", "time", "new|inherit|PATH", "new", "time namespace"), SPACE(NS_TIME) },
	{ ROW("root", "root", "DIR", "/", "the host directory that becomes the read-only root"),
	  PATH, AT(root) },
	{ ROW("readonly_paths", "ro", "PATH", "", "show the host's PATH, read-only"),
	  LIST(box_read_ro) },
	{ ROW("writable_paths", "rw", "PATH", "", "show the host's PATH, writable"),
	  LIST(box_read_rw) },
	{ ROW("", "bind", "SRC DEST", "",
	      "show the host's SRC at DEST, writable where the host's mount is"),
	  .type = FIELD_CUSTOM, .flags = FIELD_LIST | FIELD_TWO, .read = box_read_bind },
	{ ROW("tmp_paths", "tmp", "PATH[:OPTIONS]", "size=64M,mode=1777,nr_inodes=16384",
	      "an empty file system in memory"),
	  LIST(box_read_tmp) },
	{ ROW("mount_proc", "proc", "", "", "an own /proc, read-only"), FLAG(proc) },
	{ ROW("proc_subset", "proc-subset", "", "", "of /proc only the processes (subset=pid)"),
	  FLAG(proc_subset) },
	{ ROW("", "dev", "", "", "an own /dev (as without this option)"), FLAG(dev) },
	{ ROW("", "no-dev", "", "", "the host's /dev, where no device can be opened"),
	  FLAG(no_dev) },
	{ ROW("", "no-init", "", "", "the program itself is the first process"), FLAG(no_init) },
	{ ROW("new_session", "new-session", "", "", "a session without the terminal"),
	  FLAG(new_session) },
	{ ROW("", "outlive-parent", "", "", "do not end when the caller does"), FLAG(outlive) },
	{ ROW("hostname", "hostname", "NAME", "", "the hostname"),
	  .type = FIELD_CUSTOM, .read = box_read_hostname, AT(hostname) },
	{ ROW("chdir", "chdir", "PATH", "",
	      "the working directory (else the caller's, where the box has it)"),
	  PATH, AT(chdir) },
	{ ROW("env", "env", "NAME[=VALUE]", "", "set a variable; without =VALUE the caller's"),
	  LIST(box_read_env), AT(env) },
	{ ROW("", "clear-env", "", "", "start from an empty environment"), FLAG(clear_env) },
	{ ROW("seccomp", "", "", "",
	      "the system calls that the payload may make: a profile's name (none is no filter), "
	      "a policy's absolute path, its lines, or an OCI profile"),
	  .type = FIELD_TREE, AT(seccomp.value) },
	{ ROW("degrade", "", "", "", "what the box may do without where the host has not got it"),
	  .type = FIELD_ENUM, .flags = FIELD_LIST, AT(degrade), .words = DEGRADE_WORDS },
	{ ROW("", "keep-fd", "N", "", "leave descriptor N open"),
	  .type = FIELD_UINT, .flags = FIELD_LIST, AT(keep_fd), .min = 3, .max = 1023 },
};
/* clang-format on */

const struct table box_table = { "a sandbox", rows, COUNT(rows) };

struct str
ns_name(enum ns_kind k)
{
	return word_at(NS_WORDS, k);
}

struct str
level_name(int level)
{
	return level == LEVEL_UNSET ? S("unset") : word_at(level_words, (size_t)level);
}
