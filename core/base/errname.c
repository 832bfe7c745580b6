#include <string.h>

#include "base/err.h"

/* Names and texts, from number 0 on, as in asm-generic/errno-base.h and errno.h (x86-64 and arm64
 * share them). What no file system and no call of ours gives has its name for a text; empty is not
 * in use. One array rather than pointers: a static PIE needs no relocations for it. */
/* clang-format off */
static const char table[] =
	"\0"
	"EPERM Operation not permitted\0"
	"ENOENT No such file or directory\0"
	"ESRCH No such process\0"
	"EINTR Interrupted system call\0"
	"EIO Input/output error\0"
	"ENXIO No such device or address\0"
	"E2BIG Argument list too long\0"
	"ENOEXEC Exec format error\0"
	"EBADF Bad file descriptor\0"
	"ECHILD No child processes\0"
	"EAGAIN Resource temporarily unavailable\0"
	"ENOMEM Cannot allocate memory\0"
	"EACCES Permission denied\0"
	"EFAULT Bad address\0"
	"ENOTBLK Block device required\0"
	"EBUSY Device or resource busy\0"
	"EEXIST File exists\0"
	"EXDEV Invalid cross-device link\0"
	"ENODEV No such device\0"
	"ENOTDIR Not a directory\0"
	"EISDIR Is a directory\0"
	"EINVAL Invalid argument\0"
	"ENFILE Too many open files in system\0"
	"EMFILE Too many open files\0"
	"ENOTTY Inappropriate ioctl for device\0"
	"ETXTBSY Text file busy\0"
	"EFBIG File too large\0"
	"ENOSPC No space left on device\0"
	"ESPIPE Illegal seek\0"
	"EROFS Read-only file system\0"
	"EMLINK Too many links\0"
	"EPIPE Broken pipe\0"
	"EDOM Numerical argument out of domain\0"
	"ERANGE Numerical result out of range\0"
	"EDEADLK Resource deadlock avoided\0"
	"ENAMETOOLONG File name too long\0"
	"ENOLCK No locks available\0"
	"ENOSYS Function not implemented\0"
	"ENOTEMPTY Directory not empty\0"
	"ELOOP Too many levels of symbolic links\0"
	"\0" "ENOMSG\0" "EIDRM\0" "ECHRNG\0" "EL2NSYNC\0" "EL3HLT\0" "EL3RST\0"
	"ELNRNG\0" "EUNATCH\0" "ENOCSI\0" "EL2HLT\0" "EBADE\0" "EBADR\0" "EXFULL\0"
	"ENOANO\0" "EBADRQC\0" "EBADSLT\0" "\0" "EBFONT\0" "ENOSTR\0"
	"ENODATA No data available\0"
	"ETIME\0" "ENOSR\0" "ENONET\0" "ENOPKG\0" "EREMOTE\0" "ENOLINK\0" "EADV\0"
	"ESRMNT\0" "ECOMM\0" "EPROTO\0" "EMULTIHOP\0" "EDOTDOT\0"
	"EBADMSG Bad message\0"
	"EOVERFLOW Value too large for defined data type\0"
	"ENOTUNIQ\0" "EBADFD\0" "EREMCHG\0" "ELIBACC\0" "ELIBBAD\0" "ELIBSCN\0"
	"ELIBMAX\0" "ELIBEXEC\0" "EILSEQ\0" "ERESTART\0" "ESTRPIPE\0"
	"EUSERS Too many users\0"
	"ENOTSOCK\0"
	"EDESTADDRREQ\0"
	"EMSGSIZE\0"
	"EPROTOTYPE\0" "ENOPROTOOPT\0" "EPROTONOSUPPORT\0" "ESOCKTNOSUPPORT\0"
	"EOPNOTSUPP Operation not supported\0"
	"EPFNOSUPPORT\0" "EAFNOSUPPORT\0"
	"EADDRINUSE\0"
	"EADDRNOTAVAIL\0" "ENETDOWN\0"
	"ENETUNREACH Network is unreachable\0"
	"ENETRESET\0" "ECONNABORTED\0"
	"ECONNRESET\0"
	"ENOBUFS\0" "EISCONN\0"
	"ENOTCONN Transport endpoint is not connected\0"
	"ESHUTDOWN\0" "ETOOMANYREFS\0"
	"ETIMEDOUT Connection timed out\0"
	"ECONNREFUSED Connection refused\0"
	"EHOSTDOWN\0"
	"EHOSTUNREACH No route to host\0"
	"EALREADY\0" "EINPROGRESS\0"
	"ESTALE Stale file handle\0"
	"EUCLEAN Structure needs cleaning\0"
	"ENOTNAM\0" "ENAVAIL\0" "EISNAM\0"
	"EREMOTEIO Remote I/O error\0"
	"EDQUOT Disk quota exceeded\0"
	"ENOMEDIUM\0" "EMEDIUMTYPE\0"
	"ECANCELED\0"
	"ENOKEY Required key not available\0"
	"EKEYEXPIRED\0" "EKEYREVOKED\0"
	"EKEYREJECTED\0"
	"EOWNERDEAD\0" "ENOTRECOVERABLE\0" "ERFKILL\0"
	"EHWPOISON Memory page has hardware error\0";

enum { LAST = 133 };

/* Name and text of one number, from the first to the last byte. */
static struct str
entry(int sysno)
{
	const char *p = table;

	if (sysno > LAST)
		return S("");
	for (; sysno > 0; sysno--)
		p += strlen(p) + 1;
	return str_of(p);
}

struct str
err_name(int sysno)
{
	struct str e = entry(sysno);

	return e.n == 0 ? S("E?") : str_slice(e, 0, str_find(e, ' ', 0));
}

struct str
err_text(int sysno)
{
	struct str e = entry(sysno);
	size_t space = str_find(e, ' ', 0);

	if (e.n == 0)
		return S("Unknown error");
	return space < e.n ? str_slice(e, space + 1, e.n) : e;
}

int
err_number(struct str name)
{
	const char *p = table;

	for (int i = 0; i <= LAST; i++) {
		struct str e = str_of(p);

		if (e.n > 0 && str_starts(e, name) && str_eq(err_name(i), name))
			return i;
		p += e.n + 1;
	}
	return -1;
}
