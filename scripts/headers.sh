# Sourced: the kernel's headers of each architecture, as Debian packages them.
# shellcheck shell=sh

# Architecture in the order of core/spec/callrows.h, package, folder, what gcc has to be told.
headers='x86_64 linux-libc-dev /usr/include/x86_64-linux-gnu -D__x86_64__
i386 linux-libc-dev /usr/include/x86_64-linux-gnu -m32 -D__i386__
x32 linux-libc-dev /usr/include/x86_64-linux-gnu -D__x86_64__ -D__ILP32__
aarch64 linux-libc-dev-arm64-cross /usr/aarch64-linux-gnu/include -D__aarch64__
arm linux-libc-dev-armhf-cross /usr/arm-linux-gnueabihf/include -m32 -D__ARM_EABI__
riscv64 linux-libc-dev-riscv64-cross /usr/riscv64-linux-gnu/include -D__SIZEOF_POINTER__=8
ppc64le linux-libc-dev-ppc64el-cross /usr/powerpc64le-linux-gnu/include -D__powerpc64__
s390x linux-libc-dev-s390x-cross /usr/s390x-linux-gnu/include -D__s390x__'

# each_header COMMAND...: with architecture, folder and options behind it, for each
each_header()
{
	echo "$headers" | while read -r arch _ folder options; do
		# shellcheck disable=SC2086 # a list of words
		"$@" "$arch" "$folder" $options
	done
}

# with_headers FOLDER ARGUMENT...: the compiler, with the headers of this folder and no others. It
# is this machine's, told to know nothing of it.
with_headers()
{
	headers_folder=$1
	shift
	${CC:-gcc} -nostdinc -undef -D__riscv_xlen=64 -D__LITTLE_ENDIAN__ \
		-isystem "$headers_folder" -isystem /usr/include "$@"
}

# Says what is not installed, all in one line, and ends with 77.
need_headers()
{
	case $(uname -m) in
	x86_64) ;;
	*)
		echo 'skipped: needs a compiler for x86-64'
		exit 77
		;;
	esac
	lacking=$(echo "$headers" | while read -r _ package folder _; do
		[ -e "$folder/asm/unistd.h" ] || echo "$package"
	done | sort -u | tr '\n' ' ')
	[ -n "$lacking" ] || return 0
	echo "skipped: not installed: $lacking"
	exit 77
}

# begin [--write]: sets write and work, a folder that is gone at the end
begin()
{
	write=false
	case ${1:-} in
	'') ;;
	--write) write=true ;;
	*)
		echo "usage: scripts/${0##*/} [--write]" >&2
		exit 2
		;;
	esac
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	need_headers
}
