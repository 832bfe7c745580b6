#!/bin/sh
# An older kernel, which lacks a call, or an outer filter that refuses it: our own filters make one.
# There is another way then, or a refusal that names the call; nothing is ever half a box.
. tests/shell/lib.sh
need_root

cat >"$T/box.json" <<'END'
{"level": "namespaced", "network": "none"}
END
cat >"$T/needed.json" <<'END'
{"level": "namespaced", "seccomp": "default"}
END
cat >"$T/less.json" <<'END'
{"level": "namespaced", "seccomp": "default", "degrade": ["seccomp"]}
END

# old ERRNO CALL PROGRAM...: where the call fails with that error.
old()
{
	old_rule=$2=$1
	shift 2
	run as "$who" "$seccomp" --errno "$old_rule" -- "$@"
}

for who in root nobody; do
	# what there is another way for
	for call in clone3 pidfd_send_signal; do
		old ENOSYS "$call" "$ns" --net none -- /bin/echo in
		is "$who: sbx-ns without $call" "$st:$out:$err" 0:in:
		old ENOSYS "$call" "$hook" exec -f "$T/box.json" /bin/echo in
		is "$who: sbx-hook without $call" "$st:$out:$err" 0:in:
	done

	# what there is none for
	for call in mount_setattr open_tree move_mount openat2 close_range pidfd_open; do
		for errno in ENOSYS EPERM; do
			old $errno "$call" "$ns" --net none -- /bin/echo in
			like "$who: sbx-ns: $call fails with $errno" "$st:$out:$err" \
				"125::sbx-ns: cannot *"
			[ $errno = EPERM ] || like "$who: sbx-ns: $call is named" "$err" \
				"*$call needs Linux 5.*"
			old $errno "$call" "$hook" exec -f "$T/box.json" /bin/echo in
			like "$who: sbx-hook: $call fails with $errno" "$st:$out:$err" \
				"125::sbx-hook: cannot *"
		done
	done

	# filters are wanted by the level, and needed where the configuration asks for one
	old ENOSYS seccomp "$hook" exec --receipt -f "$T/box.json" /bin/echo in
	is "$who: no filters: the box of the level" "$st:$out" 0:in
	like "$who: no filters: the receipt says so" "$err" \
		"*seccomp *this kernel takes no filters*"
	old ENOSYS seccomp "$hook" exec -f "$T/needed.json" -- /bin/echo in
	like "$who: no filters: one that is asked for" "$st:$out:$err" \
		"125::sbx-hook: *this kernel takes no seccomp filters*"
	old ENOSYS seccomp "$hook" exec -f "$T/less.json" -- /bin/echo in
	is "$who: no filters: less is accepted" "$st:$out:$err" 0:in:

	# where nothing is missing all of this is a box, so it was the filter
	run as "$who" "$hook" exec -f "$T/needed.json" -- /bin/echo in
	is "$who: all there" "$st:$out:$err" 0:in:
done
finish
