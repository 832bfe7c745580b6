#!/bin/sh
# What a hook finds: environment, directory, its own name, session, descriptors, signals, rights.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

boxes="$boxes,
\"proc\":{\"level\":\"namespaced\",\"network\":\"none\",\"mount_proc\":true,\
\"writable_paths\":[\"$T/side\"]},
\"dir\":{\"chdir\":\"/usr\",\"writable_paths\":[\"$T/side\"]},
\"dir-none\":{\"level\":\"none\",\"chdir\":\"/usr\"},
\"env\":{\"env\":[\"FROM\",\"ABSENT\",\"BOX=1\",\"BOTH=box\",\"LANG=de_DE.UTF-8\"],\
\"writable_paths\":[\"$T/side\"]},
\"env-none\":{\"level\":\"none\",\
\"env\":[\"FROM\",\"ABSENT\",\"BOX=1\",\"BOTH=box\",\"LANG=de_DE.UTF-8\"]}"

# The hook writes what it sees into a file of its own; files are compared.
sees()
{
	cat >"$T/.code"
	for sees_box in "$2" "$3"; do
		{
			echo "exec >$T/side/seen"
			cat "$T/.code"
		} >"$T/h/sees-$1-$sees_box"
		# standard output is the reply's
		declare_hook "$1-$sees_box" "$sees_box" "${4:-$provider,$quick}" <<END
sh "$T/h/sees-$1-$sees_box"
echo '{"allow":true}'
END
	done
}

sees env none spaces <<'END'
env | grep -v '^_=\|^PWD=\|^OLDPWD=\|^SHLVL=' | sort
END
sees rules env-none env "$provider,$quick,\"env\":[\"BOTH=hook\",\"HOME=/h\",\"EMPTY=\",\
\"EQ=a=b\"]" <<'END'
env | grep -v '^_=\|^PWD=\|^OLDPWD=\|^SHLVL=' | sort
END
sees cwd none spaces <<'END'
/bin/pwd
END
sees chdir dir-none dir <<'END'
/bin/pwd
END
sees mask none proc <<'END'
umask
grep -E '^Sig(Blk|Ign)' /proc/self/status
END
# without sh in between, which opens descriptors and sets signals of its own
sees fds none proc <<'END'
ls -l /proc/self/fd | awk '/->/ && $NF !~ /^.proc/ { sub(/:.*/, "", $NF); print $(NF - 2), $NF }' |
	grep -v '^1 '
END
sees session none proc <<'END'
read -r pid comm state ppid pgrp session tty rest </proc/self/stat
[ "$session" = "$ppid" ] && echo "leads a session"
echo "terminal $tty"
: 2>/dev/null </dev/tty && echo "has a terminal"
END
sees rights none proc <<'END'
grep -E '^(Uid|Gid|CapPrm|CapEff|NoNewPrivs)' /proc/self/status | tr '\t' ' '
END
sees name none spaces <<'END'
echo "$0"
END
cat >"$T/named-hook" <<'END'
#!/bin/sh
printf '{"allow":true,"reason":"%s %s %s"}' "$0" "$#" "$2"
END
chmod 755 "$T/named-hook"
for level in none spaces; do
	declare_command script-$level $level "\"$T/named-hook\"" \
		"$provider,$quick,\"args\":[\"a b\",\"\$HOME*\"]"
	declare_command path-$level $level '"named-hook"' \
		"$provider,$quick,\"env\":[\"PATH=/usr/bin:/bin:$T\"]"
done
declared

# seen TITLE NAME WANT [COMMAND...]: by way of COMMAND.
seen()
{
	rm -f "$T/side/seen"
	seen_title=$1 seen_name=$2 seen_want=$3
	shift 3
	st=0
	# shellcheck disable=SC2086 # words
	"$@" $as timeout -k 1 30 "$hook" run -f "$T/c.json" "$seen_name" <"$T/request" >"$T/.out" \
		2>"$T/.err" || st=$?
	if [ "$st" != 0 ] || [ -s "$T/.err" ]; then
		fail "$who: $seen_title" "$st $(cat "$T/.err")"
		return
	fi
	is "$who: $seen_title" "$(cat "$T/side/seen")" "$seen_want"
}

# The caller as it should not be: a full environment, signals ignored and blocked, descriptors open.
environment()
{
	seen 'environment' "env-$1" 'HOME=/
LANG=C.UTF-8
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
		env SECRET=1 HOME=/root TZ=UTC
	seen 'environment with rules' "rules-$2" 'BOTH=hook
BOX=1
EMPTY=
EQ=a=b
FROM=the caller
HOME=/h
LANG=de_DE.UTF-8
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
		env 'FROM=the caller' SECRET=1
}

world()
{
	box=spaces proc=proc dir=dir rules=env
	[ "$1" = spaces ] || box=none proc=none dir=dir-none rules=env-none
	environment $box $rules
	seen 'directory' cwd-$box "$T" env -C "$T"
	seen 'directory of another caller' cwd-$box /usr/share env -C /usr/share
	seen 'chdir' chdir-$dir /usr
	seen 'umask is the caller'"'"'s; no signal is ignored or blocked' mask-$proc '0027
SigBlk:	0000000000000000
SigIgn:	0000000000000000' sh -c 'umask 27; trap "" HUP INT QUIT PIPE TERM USR1 CHLD; exec "$@"' sh \
		env --block-signal=TERM,USR2,CHLD,PIPE
	seen 'session' session-$proc 'leads a session
terminal 0'
	seen 'its own name' name-$box "$T/h/sees-name-$box"
}

scripts()
{
	answer "script-$1"
	one "$who: a script's \$0 and arguments" 0 \
		"{\"allow\":true,\"reason\":\"$T/named-hook 2 \$HOME*\"}" '' '"outcome":"allowed",'
	answer "path-$1"
	one "$who: a script found in the box's PATH" 0 \
		"{\"allow\":true,\"reason\":\"$T/named-hook 0 \"}" '' '"outcome":"allowed",'
}

# in words, since other programs run it
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
for as in '' "$nobody"; do
	for level in none spaces; do
		who=${as:+nobody}; who="${who:-root}, $level"
		world $level
		scripts $level
	done
done

# descriptors: the caller has many, the hook has three, and they are ours
for as in '' "$nobody"; do
	for proc in none proc; do
		who=${as:+nobody}; who="${who:-root}, $proc"
		seen 'descriptors' fds-$proc '0 pipe
2 pipe' sh -c 'exec 3>/dev/null 4</etc/passwd 5<>/dev/null 9</; exec "$@"' sh
	done
done

as='' who=root
seen 'rights are kept at level none' rights-none "$(grep -E '^(Uid|Gid|CapPrm|CapEff|NoNewPrivs)' \
	/proc/self/status | tr '\t' ' ')"
seen 'rights are none in namespaces' rights-proc 'Uid: 0 0 0 0
Gid: 0 0 0 0
CapPrm: 0000000000000000
CapEff: 0000000000000000
NoNewPrivs: 1'
as=$nobody who=nobody
seen 'rights are none in namespaces' rights-proc 'Uid: 65534 65534 65534 65534
Gid: 65534 65534 65534 65534
CapPrm: 0000000000000000
CapEff: 0000000000000000
NoNewPrivs: 1'

# A caller with a terminal: the hook has none of it.
as='' who='root, with a terminal'
if command -v script >/dev/null; then
	for box in none proc; do
		cat >"$T/tty.sh" <<END
exec "$hook" run -f "$T/c.json" session-$box <"$T/request"
END
		rm -f "$T/side/seen"
		script -qec "sh $T/tty.sh" /dev/null >"$T/.out" </dev/null
		is "$who: session ($box)" "$(cat "$T/side/seen")" 'leads a session
terminal 0'
	done
	"$hook" run -f "$T/c.json" session-none <"$T/request" >/dev/null
	script -qec "$hook exec -f $T/c.json --box dir -- sh -c 'test -t 0 && test -t 1 && : \
</dev/tty && echo yes'" \
		/dev/null >"$T/.out" </dev/null
	like "exec keeps the caller's terminal" "$(cat "$T/.out")" 'yes*'
	# where the request is typed, it is said that one is due
	printf '%s\n\004' "$(cat "$T/request")" | script -qec "$hook run -f $T/c.json name-none" \
		/dev/null \
		>"$T/.out"
	like "a request from the terminal is asked for" "$(tr -d '\r' <"$T/.out")" \
		'*sbx-hook: the request is read from the terminal; ^D ends it*{"allow":true}*'
else
	skip "a caller with a terminal" "no script(1) here"
fi
finish
