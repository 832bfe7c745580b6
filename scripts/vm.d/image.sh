# Sourced by scripts/vm: what goes into the initramfs. $image is the folder that becomes it, $run
# one for notes; $system and others are arch.sh's.
# shellcheck shell=sh disable=SC2154,SC2030,SC2031 # set there, and here for a second image

# image_file SOURCE DESTINATION: a file or folder of the host, by an absolute path inside.
image_file()
{
	mkdir -p "$image${2%/*}" && cp -RL --preserve=timestamps "$1" "$image$2"
}

# image_libraries PROGRAM...: what these ask for to be loaded.
image_libraries()
{
	if [ -n "$system" ]; then
		arch_libraries "$@"
		return
	fi
	# "libc.so.6 => /lib/.../libc.so.6 (0x...)" and "/lib64/ld-linux-x86-64.so.2 (0x...)"
	ldd "$@" 2>/dev/null | sed -n 's,^[^/]*\(/[^ ]*\) (.*,\1,p' | sort -u |
		while read -r library; do
			[ -e "$image$library" ] || image_file "$library" "$library" || return 1
		done
}

# image_find NAME: where that program is.
image_find()
{
	if [ -z "$system" ]; then
		command -v "$1"
		return
	fi
	# what Debian has more than one of, no package holds by that name
	[ "$1" != awk ] || set -- mawk
	for folder in bin sbin usr/bin usr/sbin; do
		[ ! -f "$system/$folder/$1" ] || break
	done
	echo "$system/$folder/$1"
}

# image_program NAME [DESTINATION]: a program, with its libraries.
image_program()
{
	program=$(image_find "$1") || return 1
	image_file "$program" "${2:-/bin/$1}" && image_libraries "$program"
}

# image_owns PACKAGE...: their files
image_owns()
{
	if [ -z "$system" ]; then
		dpkg-query -L "$@" 2>/dev/null
		return
	fi
	for package; do
		cat "$system/lists/$package" || return 1
	done
}

# image_packages PACKAGE...: their files, where they are installed, without what is to be read.
image_packages()
{
	image_owns "$@" |
		grep -vE '^/usr/share/(doc|man|locale|info|lintian|bash-completion)|^/etc' |
		while read -r file; do
			[ ! -f "$system$file" ] || echo "$system$file"
		done >"$run/files"
	tar -cf - -P --no-recursion -T "$run/files" |
		tar -xf - -C "$image" -P --transform "s,^$system/,," || return 1
	# shellcheck disable=SC2046 # names without spaces
	image_libraries $(grep -E '/s?bin/|/_ctypes\.' "$run/files")
}

# Every folder of programs is the same one, so that an older path and a newer one both lead there.
image_folders()
{
	(cd "$image" && mkdir -p bin dev etc home mnt opt proc root run srv sys tmp usr var &&
		chmod 1777 tmp &&
		ln -s bin sbin && ln -s ../bin usr/bin && ln -s ../bin usr/sbin)
}

# image_system KERNEL-FOLDER: a small system around busybox, and the kernel's modules.
image_system()
{
	release=$(cat "$1/release")
	image_folders || return 1
	image_program busybox /bin/busybox || return 1
	# test files have the shell here that they have outside (busybox's own would also take its
	# applets for the programs below); their first line can ask for the other one
	image_program dash /bin/sh || return 1
	# with busybox alone there is no becoming another user
	image_program setpriv || return 1
	echo 'root:x:0:0::/root:/bin/sh
nobody:x:65534:65534::/:/bin/sh' >"$image/etc/passwd"
	echo 'root:x:0:
nogroup:x:65534:' >"$image/etc/group"
	vm_modules "$1" >"$run/modules" || return 1
	while read -r module; do
		module=lib/modules/$release/$module
		image_file "$1/$module" "/$module" || return 1
	done <"$run/modules"
	busybox depmod -b "$image" "$release"
	image_file scripts/vm.d/init /init
}

# The packages with the programs that this host's shell tests are used to, instead of busybox's.
image_userland_packages()
{
	echo bash bsdutils coreutils util-linux mount grep sed findutils diffutils procps hostname \
		strace
	python3 -c 'import sys; v = "python3.%d" % sys.version_info[1]
print("python3-minimal", v + "-minimal", "lib" + v + "-minimal", "lib" + v + "-stdlib")'
}

# image_userland FILE: these, packed once.
image_userland()
(
	file=$1
	# shellcheck disable=SC2046 # a list of words
	set -- $(image_userland_packages)
	if [ -n "$system" ]; then
		ls -l --time-style=+%s "$system/packages" "$system/lists"
	else
		dpkg-query -W "$@" 2>/dev/null
	fi >"$run/versions"
	cksum scripts/vm.d/image.sh >>"$run/versions"
	! cmp -s "$run/versions" "$file.versions" || return 0
	image=$run/userland
	mkdir "$image" && image_folders && image_packages "$@" && image_program awk &&
		image_pack "$file.$$" && mv "$file.$$" "$file" || return 1
	mv "$run/versions" "$file.versions"
)

# What the tests of a clone look at, in the same places below /sbx: the shipped programs, tests,
# their data, and helpers in C that only tests use.
image_tree()
{
	for program in "$tools"/sbx-*; do
		image_file "$program" "/sbx/out/${program##*/}" || return 1
	done
	# there is no compiler in the machine
	[ ! -x tests/attack/build.sh ] || tests/attack/build.sh -A "$arch" || return 1
	[ ! -x tests/seccomp/build.sh ] || tests/seccomp/build.sh -A "$arch" || return 1
	for program in verifier kernel policy devices; do
		from=build/seccomp$suffix/$program
		[ ! -x "$from" ] || image_file "$from" "/sbx/build/seccomp/$program" || return 1
	done
	for folder in tests/shell tests/vm tests/vectors tests/golden tests/attack tests/seccomp \
		scripts/demo; do
		[ ! -d "$folder" ] || image_file "$folder" "/sbx/$folder" || return 1
	done
	[ ! -d "build/attack$suffix" ] ||
		image_file "build/attack$suffix" /sbx/build/attack || return 1
	for source in tests/vm/*.c; do
		[ -f "$source" ] || continue
		name=$(basename "$source" .c)
		helper=$store/$name
		if [ -z "$(find "$helper" -newer "$source" 2>/dev/null)" ]; then
			$cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Os -static -s \
				-o "$helper.$$" "$source" && mv "$helper.$$" "$helper" || return 1
		fi
		image_file "$helper" "/sbx/build/vm/$name" || return 1
	done
}

# image_pack FILE: as root's, whoever packs it.
image_pack()
{
	(cd "$image" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$1"
}
