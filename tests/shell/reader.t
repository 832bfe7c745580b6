#!/bin/sh
# A reader that goes away costs its lines, never the run: neither the payload nor its verdict.
. tests/shell/lib.sh

# gone FD COMMAND...: runs it with FD a pipe that nobody reads any more, and SIGPIPE as it is by
# default; its standard output is left in $out, its status in $st.
gone()
{
	st=0
	out=$(python3 -c '
import os, signal, subprocess, sys
fd = int(sys.argv[1])
reader, writer = os.pipe()
os.close(reader)
os.dup2(writer, fd)
os.close(writer)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.set_inheritable(fd, True)
sys.exit(subprocess.run(sys.argv[2:], close_fds=False, stdin=subprocess.DEVNULL).returncode % 256)
' "$@") || st=$?
}

gone 9 "$ns" --report 9 -- /bin/sh -c 'exit 7'
is "events that nobody reads" "$st" 7
gone 2 "$ns" --receipt -- /bin/sh -c 'exit 7'
is "a receipt that nobody reads" "$st" 7

cat >"$T/hook.json" <<'END'
{"sandboxes": {"b": {"level": "namespaced"}},
 "hooks": {"h": {"command": "/bin/sh", "hook": "eval", "sandbox": "b", "mode": "filter",
  "args": ["-c", "echo one >&2; echo two >&2; echo '{\"allow\": true}'"]}}}
END
cat >"$T/run" <<END
#!/bin/sh
exec "$hook" run -f "$T/hook.json" h <<-REQUEST
	{}
	REQUEST
END
chmod 755 "$T/run"
run "$T/run"
is "the hook works at all" "$out" '{"allow":true}'
gone 2 "$T/run"
is "a hook whose diagnostics nobody reads: its reply" "$out" '{"allow":true}'
is "and its status" "$st" 0
finish
