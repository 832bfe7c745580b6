#!/bin/sh
# Namespaces: each new, inherited, joined; ids; capabilities.
. tests/shell/lib.sh
need_root

spaces='user mnt pid net ipc uts cgroup time'
# The option that chooses a namespace by its name below /proc/PID/ns.
option()
{
	case $1 in
	mnt) echo mount ;;
	*) echo "$1" ;;
	esac
}

inode()
{
	readlink "/proc/$1/ns/$2"
}

# ---- new by default ------------------------------------------------------------------------------

links=
for s in $spaces; do
	links="$links /proc/self/ns/$s"
done
for who in root nobody; do
	# shellcheck disable=SC2086 # a list
	run as $who "$ns" --proc -- /usr/bin/readlink $links
	new=$out
	is "$who: a box by default" "$st" 0
	for s in $spaces; do
		got=$(echo "$new" | grep "^$s:")
		[ -n "$got" ] && [ "$got" != "$(inode self "$s")" ]
		is "$who: has a $s namespace of its own" $? 0
	done
done

# ---- inherited -----------------------------------------------------------------------------------

for s in net ipc uts cgroup time; do
	for who in root nobody; do
		run as $who "$ns" --proc --"$s" inherit -- /usr/bin/readlink "/proc/self/ns/$s"
		is "$who: $s inherited" "$out" "$(inode self "$s")"
	done
done
run "$ns" --proc --user inherit -- /usr/bin/readlink /proc/self/ns/user
is "root: user inherited" "$out" "$(inode self user)"
run "$ns" --mount inherit -- /usr/bin/readlink /proc/self/ns/mnt
is "root: mount inherited" "$out" "$(inode self mnt)"
run as_nobody "$ns" --mount inherit -- /usr/bin/readlink /proc/self/ns/mnt
is "nobody: mount inherited" "$out" "$(inode self mnt)"
# With the host's PIDs there is no /proc in the view; but that we see ourselves in the host's.
run "$ns" --pid inherit --mount inherit -- /usr/bin/readlink /proc/self/ns/pid
is "root: pid inherited" "$out" "$(inode self pid)"
run as_nobody "$ns" --net host --proc -- /usr/bin/readlink /proc/self/ns/net
is "--net host is inherit" "$out" "$(inode self net)"
run as_nobody "$ns" --net none --proc -- /usr/bin/readlink /proc/self/ns/net
[ "$out" != "$(inode self net)" ]
is "--net none is new" $? 0
run as_nobody "$ns" --user inherit -- /bin/true
is "nobody cannot keep the user namespace and have others" "$st" 125
like "and is told" "$err" '*--user new is due*'
all=
for s in $spaces; do
	all="$all --$(option "$s") inherit"
done
# shellcheck disable=SC2086
status "nobody can inherit everything" 7 as_nobody "$ns" $all -- /bin/sh -c 'exit 7'

# ---- joined --------------------------------------------------------------------------------------

# helper COMMAND...: something that holds namespaces of its own; its PID in $holder.
helper()
{
	rm -f "$T/ready"
	"$@" --fork --kill-child /bin/sh -c 'echo ready; exec sleep 600' >"$T/ready" 2>/dev/null &
	unsharer=$!
	until_true grep -q ready "$T/ready"
	read -r holder _ <"/proc/$unsharer/task/$unsharer/children"
}

helper unshare --net --ipc --uts --cgroup --mount --time --pid
for s in net ipc uts cgroup time; do
	run "$ns" --proc --"$s" "/proc/$holder/ns/$s" -- /usr/bin/readlink "/proc/self/ns/$s"
	is "root: $s joined" "$out" "$(inode "$holder" "$s")"
done
run "$ns" --user inherit --proc --pid "/proc/$holder/ns/pid" -- \
	/usr/bin/readlink /proc/self/ns/pid
is "root: pid joined" "$out" "$(inode "$holder" pid)"
run "$ns" --user inherit --mount "/proc/$holder/ns/mnt" -- /usr/bin/readlink /proc/self/ns/mnt
is "root: mount joined" "$out" "$(inode "$holder" mnt)"
run "$ns" --mount "/proc/$holder/ns/mnt" -- /bin/true
is "a mount namespace is not joined from a new user namespace" "$st" 125
like "and the reason is given" "$err" '*--user inherit or PATH is due*'
run "$ns" --net "/proc/$holder/ns/uts" -- /bin/true
is "a namespace of another type is refused" "$st" 125
like "and named" "$err" "*cannot join the namespace /proc/$holder/ns/uts: Invalid argument"
run "$ns" --net /etc/passwd -- /bin/true
is "so is a file that is none" "$st" 125
run "$ns" --net /does/not/exist -- /bin/true
is "and one that is absent" "$st" 125
like "by name" "$err" '*cannot open /does/not/exist: No such file or directory'
kill -KILL "$holder"
wait "$unsharer" 2>/dev/null

helper setpriv --reuid 65534 --regid 65534 --clear-groups \
	unshare --user --map-root-user --net --ipc --uts --cgroup --mount --pid
user=/proc/$holder/ns/user
for s in net ipc uts cgroup; do
	run as_nobody "$ns" --proc --user "$user" --"$s" "/proc/$holder/ns/$s" -- \
		/usr/bin/readlink "/proc/self/ns/$s" /proc/self/ns/user
	is "nobody: user and $s joined" "$out" "$(inode "$holder" "$s")
$(inode "$holder" user)"
done
run as_nobody "$ns" --user "$user" --pid "/proc/$holder/ns/pid" \
	--mount "/proc/$holder/ns/mnt" -- /usr/bin/readlink /proc/self/ns/mnt
is "nobody: mount joined" "$out" "$(inode "$holder" mnt)"
run as_nobody "$ns" --net "/proc/$holder/ns/net" -- /bin/true
is "nobody: not without its user namespace" "$st" 125
like "which is told" "$err" '*takes CAP_SYS_ADMIN, or its user namespace as well; --user PATH is '\
'due'
run as_nobody "$ns" --user "$user" --net "/proc/self/ns/net" -- /bin/true
is "nobody: nor with another one's" "$st" 125
like "which the kernel says" "$err" \
	'*cannot join the namespace /proc/self/ns/net: Operation not permitted'
kill -KILL "$holder"
wait "$unsharer" 2>/dev/null

# ---- ids -----------------------------------------------------------------------------------------

run "$ns" --proc -- /bin/cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
is "root: every id maps to itself" "$(echo "$out" | tr -s ' ')" " 0 0 4294967295
 0 0 4294967295
allow"
run as_nobody "$ns" --proc -- /bin/cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
is "nobody: one id, and no groups" "$(echo "$out" | tr -s ' ')" " 65534 65534 1
 65534 65534 1
deny"
run setpriv --reuid 12345 --regid 54321 --groups 4,20 "$ns" -- /usr/bin/id -u
is "another user keeps its own id" "$out" 12345
run setpriv --reuid 12345 --regid 54321 --groups 4,20 "$ns" -- /usr/bin/id -g
is "and group" "$out" 54321
run as_nobody unshare --user --map-root-user "$ns" -- /usr/bin/id -u
is "where only one id is mapped, as in a container of one's own" "$out" 0
run as_nobody unshare --user --map-root-user "$ns" --user inherit -- /usr/bin/id -u
is "also without a new user namespace" "$out" 0

# ---- privileges ----------------------------------------------------------------------------------

for who in root nobody; do
	for more in '' '--user inherit'; do
		[ "$who$more" != "nobody--user inherit" ] || more=$all
		# with everything inherited the host's /proc is in view
		# shellcheck disable=SC2086
		run as $who "$ns" $more --proc -- /bin/cat /proc/self/status
		# shellcheck disable=SC2086
		[ $st = 0 ] || run as $who "$ns" $more -- /bin/cat /proc/self/status
		for caps in CapInh CapPrm CapEff CapAmb; do
			is "$who${more:+, $more}: no $caps" \
				"$(echo "$out" | sed -n "s/^$caps:	//p")" 0000000000000000
		done
		is "$who${more:+, $more}: no_new_privs" \
			"$(echo "$out" | sed -n 's/^NoNewPrivs:	//p')" 1
	done
done
cp /usr/bin/id "$T/bin/setuid-id"
chmod 4755 "$T/bin/setuid-id"
run as_nobody "$ns" -- "$T/bin/setuid-id" -u
is "a set-uid program gives nobody nothing" "$out" 65534
run as_nobody "$T/bin/setuid-id" -u
is "planted: where it outside would" "$out" 0

# ---- hostname, loopback, clock -------------------------------------------------------------------

host=$(uname -n)
for who in root nobody; do
	run as $who "$ns" --hostname in.a-box.42 -- /bin/uname -n
	is "$who: --hostname" "$out" in.a-box.42
done
is "the host keeps its own" "$(uname -n)" "$host"
run "$ns" -- /bin/uname -n
is "without it the name is the host's" "$out" "$host"
for who in root nobody; do
	run as $who "$ns" -- /usr/bin/python3 -c '
import socket
socket.create_server(("127.0.0.1", 7))'
	is "$who: a low port takes a capability, and is refused" "$st" 1
	run as $who "$ns" -- /usr/bin/python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer = server.accept()[0]
client.sendall(b"over loopback")
print(peer.recv(64).decode())
try:
	socket.create_connection(("192.0.2.1", 80), 1)
	print("reached")
except OSError as e:
	print(e.strerror)'
	is "$who: loopback is up, and nothing else is there" "$out" "over loopback
Network is unreachable"
done
finish
