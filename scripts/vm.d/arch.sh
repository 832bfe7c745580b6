# Sourced by scripts/vm: machines of another processor than this one. $arch is what Debian calls the
# machine's, $store where what is made for it is kept, $system what its programs are taken from:
# the root, or for another processor a folder of packages that were unpacked there.
# shellcheck shell=sh disable=SC2154 # set there

# arch_here: this machine's, by Debian's name
arch_here()
{
	case $(uname -m) in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) uname -m ;;
	esac
}

# arch_set WANTED: sets what depends on it.
arch_set()
{
	arch=$1
	case $arch in
	amd64)
		emulator='qemu-system-x86_64 -machine pc'
		console=ttyS0
		ports='-serial chardev:out -serial chardev:err -serial chardev:end'
		;;
	arm64)
		emulator='qemu-system-aarch64 -machine virt -cpu cortex-a72'
		console=ttyAMA0
		triplet=aarch64-linux-gnu
		# the console is another kind of port: what would be the first of these is not used
		ports='-chardev null,id=none'
		for port in none out err end; do
			ports="$ports -device pci-serial,chardev=$port"
		done
		;;
	*) return 1 ;;
	esac
	if [ "$arch" = "$(arch_here)" ]; then
		store=build/vm tools=out suffix='' system='' of='' cc=musl-gcc
		return 0
	fi
	# there are no rules for others
	[ "$arch" = arm64 ] || return 1
	store=build/vm/$arch tools=out/$arch suffix=-$arch system=$PWD/$store/system of=:$arch
	cc=aarch64-linux-musl-gcc
}

# arch_fetch PACKAGE...: makes $system of these and what they depend on, unless it is; all or
# nothing. Nothing is installed, and no script of a package is run.
arch_fetch()
(
	[ ! -e "$system/packages" ] || [ "$(cat "$system/packages")" != "$*" ] || return 0
	echo "vm: downloading a small system for $arch (once; it is unpacked into build/)" >&2
	work=$system.new.$$
	rm -rf "$work"
	mkdir -p "$work/deb" "$work/lists" || return 1
	echo "$*" >"$work/packages"
	# what would be installed where nothing is
	names=$(apt-get -s -o Dir::State::status=/dev/null -o "APT::Architecture=$arch" \
		-o "APT::Architectures=$arch" --no-install-recommends install "$@" \
		2>"$work/deb/log" | sed -n "s/^Inst \([^ ]*\) .*/\1/p")
	# shellcheck disable=SC2086 # a list of words
	if [ -z "$names" ] || ! arch_download "$work/deb" $names; then
		cat "$work/deb/log" >&2
		rm -rf "$work"
		return 1
	fi
	for package in "$work/deb"/*.deb; do
		name=${package##*/}
		dpkg-deb --fsys-tarfile "$package" >"$work/deb/tar" &&
			tar -tf "$work/deb/tar" | sed 's,^\.,,' >"$work/lists/${name%%_*}" &&
			tar -xf "$work/deb/tar" -C "$work" || return 1
	done
	rm -rf "$work/deb"
	rm -rf "$system"
	# somebody else may have been faster
	mv -T "$work" "$system" 2>/dev/null || rm -rf "$work"
	[ -e "$system/packages" ]
)

# arch_download FOLDER PACKAGE...: those for the machine. What is the same on every one is not asked
# for by that name.
arch_download()
(
	cd "$1" || return 1
	shift
	# run as root, apt would want its own user to be able to write here
	apt-get -q -o APT::Sandbox::User=root -o "APT::Architecture=$arch" \
		-o "APT::Architectures=$arch" download "$@" >log 2>&1
)

# arch_libraries PROGRAM...: what these ask for to be loaded, which nothing here can run.
arch_libraries()
{
	while [ $# -gt 0 ]; do
		readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$run/needed"
		shift
		while read -r name; do
			for folder in "/lib/$triplet" "/usr/lib/$triplet" /lib; do
				library=$folder/$name
				[ -e "$system$library" ] || continue
				if [ ! -e "$image$library" ]; then
					image_file "$system$library" "$library" || return 1
					set -- "$@" "$system$library"
				fi
				continue 2
			done
			echo "vm: no package has $name" >&2
			return 1
		done <"$run/needed"
	done
	# each program names it by this path
	loader=/lib/ld-linux-aarch64.so.1
	[ -e "$image$loader" ] || image_file "$system$loader" "$loader"
}
