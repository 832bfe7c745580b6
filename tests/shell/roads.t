#!/bin/sh
# Roads that look closed: through links, through what is bound elsewhere, through our own /dev. None
# of them shows the host's processes or sockets, and none leaves anything on the host.
. tests/shell/lib.sh

# What a box may not change, and a link to it.
mkdir -p "$T/host/q" "$T/p/q" "$T/m/x" "$T/run"
ln -s "$T/p" "$T/link"
ln -s / "$T/top"
ln -s /proc "$T/proclink"
chmod -R a+rwX "$T/host" "$T/p"

# roads WHO COMMAND...: the same as root and as an ordinary user.
roads()
{
	who=$1
	shift
	run "$@" "$ns" --bind / /mnt -- /bin/sh -c 'ls -A /mnt/proc /mnt/run | grep -v : | grep .'
	is "$who: \"/\" elsewhere, without its processes and sockets" "$st$out" "1"
	run "$@" "$ns" --bind "$T/top" /mnt -- /bin/sh -c 'ls -A /mnt/proc | grep .'
	is "$who: the same through a link" "$st$out" "1"
	run "$@" "$ns" --bind "$T/proclink" /mnt -- /bin/sh -c 'ls -A /mnt | grep .'
	is "$who: /proc through a link" "$st$out" "1"
	for path in /proc /proc/sys /proc/self/root; do
		status "$who: $path is nothing to bind" 125 "$@" "$ns" --bind "$path" /mnt -- \
			/bin/true
	done
	status "$who: nor to be the root" 125 "$@" "$ns" --root /proc --no-dev -- /self/exe
	run "$@" "$ns" --proc --bind /usr /mnt -- /bin/cat /proc/1/comm
	is "$who: an own /proc beside binds" "$st$out" "0sbx-ns"

	status "$who: what would be covered is refused" 125 \
		"$@" "$ns" --ro "$T/host/q" --rw "$T/host" -- /bin/true
	status "$who: the other order is not" 1 \
		"$@" "$ns" --rw "$T/host" --ro "$T/host/q" -- /bin/sh -c \
			"touch '$T/host/q/x' || exit 1"
	status "$who: mount points in a file system that a link covers" 125 \
		"$@" "$ns" --tmp "$T/p/q" --bind "$T/host" "$T/link" --tmp "$T/p/q/z" -- /bin/true
	status "$who: mount points in a file system that is covered" 125 \
		"$@" "$ns" --tmp "$T/p/q" --bind "$T/host" "$T/p" --tmp "$T/p/q/z" -- /bin/true
	st=0
	"$@" "$ns" --tmp /dev/stdin/z -- /bin/true <"$T/host" 2>/dev/null || st=$?
	is "$who: mount points behind /dev/stdin" "$st" 125
	status "$who: mount points in what is bound" 125 \
		"$@" "$ns" --bind "$T/host" /mnt --tmp /mnt/z -- /bin/true
	is "$who: nothing was made on the host" "$(cd "$T" && find host p)" "host
host/q
p
p/q"
}

if [ "$(id -u)" = 0 ]; then
	roads root env
	roads user as_nobody
else
	roads user env
fi

# A host where /var/run is a directory of its own, as the root of a box.
image=$T/image
mkdir -p "$image/proc" "$image/dev" "$image/run" "$image/var/run/daemon"
for top in /usr /bin /lib /lib64; do
	[ ! -e $top ] || { mkdir -p "$image$top" && set -- "$@" --ro "$top"; }
done
run "$ns" --root "$image" "$@" -- /bin/sh -c 'ls -A /var/run /run | grep -v : | grep .'
is "/var/run as a directory is hidden" "$st$out" "1"

# A host with another proc file system, in a directory that a link leads to.
second="another proc of the host's, through a link"
if [ "$(id -u)" = 0 ] && unshare -m mount -t proc proc "$T/m/x" 2>/dev/null; then
	# shellcheck disable=SC2016 # expanded in there
	run unshare -m sh -c 'mount -t proc proc "$1/m/x" && ln -s "$1/m" "$1/ml" && "$2" \
		--bind "$1/ml" /mnt -- /bin/sh -c "ls -A /mnt/x | grep ."' sh "$T" "$ns"
	is "$second" "$st$out" "1"
	# shellcheck disable=SC2016
	run unshare -m sh -c 'mount -t proc proc "$1/m/x" && "$2" -- /bin/sh -c "ls -A $1/m/x | '\
'grep ."' \
		sh "$T" "$ns"
	is "another proc in the view itself" "$st$out" "1"
else
	skip "$second" "cannot mount one here"
	skip "another proc in the view itself" "cannot mount one here"
fi
finish
