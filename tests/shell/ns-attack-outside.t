#!/bin/sh
# Attacks by sockets, namespaces and keyrings. Where something of the host stays in reach by design,
# a line says what was seen.
. tests/shell/lib.sh
need_root
attackers
outside=$T/bin/outside

# ---- sockets -------------------------------------------------------------------------------------

# listen ADDRESS: somebody of the host who listens there, until $T/stay is let go.
mkfifo "$T/stay"
exec 7<>"$T/stay"
listeners=
listen()
{
	"$outside" listen "$1" <"$T/stay" >"$T/listening" 7>&- &
	listeners="$listeners $!"
	until_true grep -q listening "$T/listening"
}

name=sbx-test.$$
listen "@$name"
listen "$T/$name"
for who in root nobody; do
	held "$who: an abstract socket of the host" as $who "$ns" -- "$outside" connect "@$name"
	hole "$who: an abstract socket" as $who "$outside" connect "@$name"
	hole "$who: with --net host it is in reach" \
		as $who "$ns" --net host -- "$outside" connect "@$name"
	hole "$who: one in the view is in reach (as the receipt says)" \
		as $who "$ns" -- "$outside" connect "$T/$name"
	held "$who: not where something lies over it" \
		as $who "$ns" --tmp "$T" --bind "$T/bin" "$T/bin" -- "$outside" connect "$T/$name"
done
run "$ns" --receipt -- /bin/true
like "which it does" "$err" '*sockets *sockets that the host has elsewhere stay in reach*'
run "$ns" --net host --receipt -- /bin/true
like "and of abstract ones with --net host" "$err" '*sockets *abstract ones stay in reach*'
if [ -d /run ] && [ -w /run ]; then
	listen "/run/$name"
	for who in root nobody; do
		for path in "/run/$name" "/var/run/$name"; do
			[ "$(readlink -f "$path")" = "/run/$name" ] || continue
			held "$who: $path" as $who "$ns" -- "$outside" connect "$path"
			hole "$who: $path" as $who "$outside" connect "$path"
		done
		hole "$who: /run when it is asked for" \
			as $who "$ns" --ro /run -- "$outside" connect "/run/$name"
		hole "$who: or one of it" as $who "$ns" --bind "/run/$name" "/run/$name" -- \
			"$outside" connect "/run/$name"
	done
else
	skip "sockets in /run" "there is no /run to make one in"
fi
exec 7>&-
# shellcheck disable=SC2086
wait $listeners
rm -f "/run/$name"
run "$ns" -- "$outside" vsock
echo "# seen: sockets to the hypervisor, which no namespace knows: $out"

# A FIFO on a read-only mount takes what is written to it: that is no write to the file system.
mkfifo -m 666 "$T/fifo"
exec 7<>"$T/fifo"
run "$ns" -- "$T/bin/files" write "$T/fifo"
echo "# seen: writing to a FIFO of the host that somebody reads: $out"
exec 7>&-

# ---- namespaces ----------------------------------------------------------------------------------

for who in root nobody; do
	for s in user mnt pid net ipc uts cgroup time; do
		held "$who: joining the host's $s namespace by a descriptor" \
			as $who "$ns" --keep-fd 5 -- "$outside" join 5 5<"/proc/self/ns/$s"
	done
	for s in user pid; do
		held "$who: the namespace outside the $s namespace" \
			as $who "$ns" --proc -- "$outside" parent "/proc/self/ns/$s"
	done
	held "$who: who owns the user namespace" \
		as $who "$ns" --proc -- "$outside" owner /proc/self/ns/user
	run as $who "$ns" --proc -- "$outside" join-path /proc/1/ns/mnt
	like "$who: init's namespaces cannot be opened" "$st $out" '2 trouble*Permission denied*'
done
for s in mnt pid net ipc uts cgroup; do
	hole "joining a $s namespace" "$outside" join 5 5<"/proc/self/ns/$s"
done
start nobody unshare --user sleep 600
until_true grep -qx sleep "/proc/$started/comm"
hole "the namespace outside" "$outside" parent "/proc/$started/ns/user"
hole "who owns a user namespace" "$outside" owner "/proc/$started/ns/user"
kill "$started"

# ---- keys ----------------------------------------------------------------------------------------

for who in root nobody; do
	hole "$who: a key of the caller's session, outside" \
		as $who "$outside" key-session "$name" "$outside" key "$name"
	run as $who "$outside" key-session "$name" "$ns" -- "$outside" key "$name"
	echo "# seen: $who: a key of the caller's session keyring, in the box: $out"
done
finish
