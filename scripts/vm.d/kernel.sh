# Sourced by scripts/vm: a stock Debian kernel, downloaded and unpacked, never installed.
# shellcheck shell=sh disable=SC2154 # $arch and $of are arch.sh's

# What the image gets of the package's modules, with what they depend on. The rest of what sbx needs
# is built in.
VM_MODULES="overlay loop fuse virtio_pci virtio_blk virtio_console nfs nfsv3 nfsv4 nfsd veth"

# The package that the cloud kernel's meta package stands for today; empty when apt knows none.
vm_kernel_package()
{
	apt-cache depends "linux-image-cloud-$arch$of" 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-image-[^:]*\).*$/\1/p' | head -n 1
}

# vm_kernel_fetch FOLDER: makes it, with vmlinuz, release and lib/modules in it; all or nothing.
vm_kernel_fetch()
(
	package=$(vm_kernel_package)
	if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
		apt-get -q update >&2
		package=$(vm_kernel_package)
	fi
	if [ -z "$package" ]; then
		echo "vm: apt knows no linux-image-cloud-$arch$of; apt-get update may help" >&2
		return 1
	fi
	echo "vm: downloading $package (once; it is unpacked into build/, not installed)" >&2
	work=$1.new.$$
	rm -rf "$work"
	mkdir -p "$work/deb" && cd "$work" || return 1
	if ! arch_download deb "$package" || ! dpkg-deb -x deb/*.deb unpacked; then
		cat deb/log >&2
		rm -rf "$work"
		return 1
	fi
	release=${package#linux-image-}
	mv "unpacked/boot/vmlinuz-$release" vmlinuz
	mv unpacked/lib .
	# the package's own scripts would have done this
	busybox depmod -b "$work" "$release"
	echo "$release" >release
	rm -rf deb unpacked
	# somebody else may have been faster
	mv -T "$work" "$1" 2>/dev/null || rm -rf "$work"
	[ -s "$1/vmlinuz" ]
)

# vm_modules KERNEL-FOLDER: the files of VM_MODULES and what they need, below lib/modules/RELEASE.
vm_modules()
{
	awk -v wanted="$VM_MODULES" '
	{
		file = $1
		sub(/:$/, "", file)
		name = file
		sub(/.*\//, "", name)
		sub(/\.ko$/, "", name)
		gsub(/-/, "_", name)
		path[name] = file
		$1 = ""
		needs[file] = $0
	}
	END {
		n = split(wanted, word, " ")
		for (i = 1; i <= n; i++) {
			if (!(word[i] in path)) {
				print "vm: the kernel package has no module " word[i] >"/dev/stderr"
				exit 1
			}
			# modules.dep names the dependencies of dependencies, too
			m = split(path[word[i]] " " needs[path[word[i]]], file_, " ")
			for (k = 1; k <= m; k++)
				if (!seen[file_[k]]++)
					print file_[k]
		}
	}' "$1/lib/modules/$(cat "$1/release")/modules.dep"
}
