# Sourced by scripts/vm: what goes into the initramfs. $image is the folder that becomes it, $run one
# for notes.
# shellcheck shell=sh disable=SC2154 # both are set there

# image_file SOURCE DESTINATION: a file or folder of the host, by an absolute path inside.
image_file()
{
	mkdir -p "$image${2%/*}" && cp -RL "$1" "$image$2"
}

# image_program PATH-OR-NAME [DESTINATION]: a program, with the libraries that it asks for.
image_program()
{
	program=$(command -v "$1") || return 1
	image_file "$program" "${2:-/bin/${program##*/}}" || return 1
	# "libc.so.6 => /lib/.../libc.so.6 (0x...)" and "/lib64/ld-linux-x86-64.so.2 (0x...)"
	ldd "$program" 2>/dev/null | sed -n 's,^[^/]*\(/[^ ]*\) (.*,\1,p' | while read -r library; do
		[ -e "$image$library" ] || image_file "$library" "$library"
	done
}

# image_system KERNEL-FOLDER: a small system around busybox, and the kernel's modules.
image_system()
{
	release=$(cat "$1/release")
	(cd "$image" && mkdir -p bin dev etc mnt proc root run sys tmp usr &&
		ln -s bin sbin && ln -s ../bin usr/bin && ln -s ../bin usr/sbin) || return 1
	chmod 1777 "$image/tmp"
	image_program busybox /bin/busybox || return 1
	# test files have the shell here that they have outside (busybox's own would also take its
	# applets for the programs below); their first line can ask for the other one
	image_program dash /bin/sh || return 1
	# with busybox alone there is no becoming another user
	image_program setpriv || return 1
	! command -v strace >/dev/null || image_program strace || return 1
	echo 'root:x:0:0::/root:/bin/sh
nobody:x:65534:65534::/:/bin/sh' >"$image/etc/passwd"
	echo 'root:x:0:
nogroup:x:65534:' >"$image/etc/group"
	vm_modules "$1" >"$run/modules" || return 1
	while read -r module; do
		image_file "$1/lib/modules/$release/$module" "/lib/modules/$release/$module" || return 1
	done <"$run/modules"
	busybox depmod -b "$image" "$release"
	image_file scripts/vm.d/init /init
}

# What the tests of a clone look at, in the same places below /sbx: the shipped programs, tests,
# their data, and helpers in C that only tests use.
image_tree()
{
	for program in out/sbx-*; do
		image_file "$program" "/sbx/$program" || return 1
	done
	for folder in tests/shell tests/vm tests/vectors tests/golden scripts/demo; do
		[ ! -d "$folder" ] || image_file "$folder" "/sbx/$folder" || return 1
	done
	for source in tests/vm/*.c; do
		[ -f "$source" ] || continue
		helper=${source##*/}
		helper=/sbx/build/vm/${helper%.c}
		mkdir -p "$image${helper%/*}"
		musl-gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Os -static -s \
			-o "$image$helper" "$source" || return 1
	done
}

# image_pack FILE: as root's, whoever packs it.
image_pack()
{
	(cd "$image" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) >"$1"
}
