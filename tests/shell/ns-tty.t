#!/bin/sh
# shellcheck disable=SC2016 # scripts for shells inside
# A box on a real terminal: what is typed reaches the payload once, job control works, and what the
# payload may do to the terminal of the caller.
. tests/shell/lib.sh
need_root
attackers

cat >"$T/terminal.py" <<'END'
import os
import pty
import select
import signal
import sys
import time


class Terminal:
    """A session of its own on a pseudo-terminal, in which argv runs."""

    def __init__(self, argv):
        signal.alarm(60)
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for s in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTOU,
                      signal.SIGPIPE):
                signal.signal(s, signal.SIG_DFL)
            os.execv(argv[0], argv)

    def type(self, text):
        # a shell that has just printed its prompt may not have its terminal ready
        time.sleep(0.2)
        os.write(self.fd, text)

    def expect(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return False
            try:
                more = os.read(self.fd, 4096)
            except OSError:
                return text in self.seen
            self.seen += more
        return True

    def need(self, text):
        if not self.expect(text):
            print("missing %r in %r" % (text, self.seen))
            os.kill(self.pid, signal.SIGKILL)
            sys.exit(1)
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def until(self, key, text):
        """Types it again for as long as it may have come too early."""
        for _ in range(20):
            self.type(key)
            if self.expect(text, 1):
                break
        self.need(text)

    def status(self):
        # what is left to be read, so that nobody waits for room
        self.expect(b"\0never\0", 0.3)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def quote(words):
    return " ".join("'%s'" % w for w in words)
END
# drive WHO SCRIPT WORD...: the Python script, with the words as argv.
drive()
{
	drive_who=$1 drive_script=$2
	shift 2
	run as "$drive_who" env PYTHONPATH="$T" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c "
from terminal import *
argv = sys.argv[1:]
$drive_script" "$@"
}
chmod 644 "$T/terminal.py"

# ---- what is typed -------------------------------------------------------------------------------

# Counts what it gets for half a second after the first.
cat >"$T/count.py" <<'END'
import signal
import time
got = []
for s in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(s, lambda n, f: got.append(n))
print("ready", flush=True)
while not got:
    time.sleep(0.02)
time.sleep(0.5)
print("got", got, flush=True)
END
chmod 644 "$T/count.py"
for who in root nobody; do
	for options in '' --no-init '--pid inherit'; do
		for key in '003 2' '034 3'; do
			# shellcheck disable=SC2086 # lists
			drive $who "
t = Terminal(argv)
t.need(b'ready')
t.type(b'\\${key% *}')
t.need(b'got [${key#* }]')
print(t.status())" "$ns" $options -- /usr/bin/python3 "$T/count.py"
			is "$who${options:+, $options}: signal ${key#* } from the terminal, once" \
				"$out" 0
		done
		# shellcheck disable=SC2086
		drive $who "
t = Terminal(argv)
t.need(b'ready')
t.type(b'\\003')
print(t.status())" "$ns" $options -- /bin/sh -c 'echo ready; exec sleep 60'
		case $options in
		--no-init) # PID 1 has no signal that it did not ask for
			;;
		*) is "$who${options:+, $options}: ^C ends a payload that does not mind it" "$out" \
			130 ;;
		esac
		[ "$options" != --no-init ] || continue
		# shellcheck disable=SC2086
		drive $who "
t = Terminal(argv)
t.type(b'words\\n')
t.need(b'read words')
t.type(b'\\004')
t.need(b'end')
print(t.status())" "$ns" $options -- /bin/sh -c 'read -r w; echo "read $w"; cat; echo end'
		is "$who${options:+, $options}: it reads what is typed, and its end" "$out" 0
	done
done

# ---- job control ---------------------------------------------------------------------------------

for who in root nobody; do
	drive $who "
t = Terminal(['/bin/bash', '--norc', '--noprofile', '-i'])
t.type(b'PS1=PROMPT:\\n')
t.need(b'PROMPT:')
t.need(b'PROMPT:')
t.type(quote(argv).encode() + b'\\n')
t.need(b'ready to')
t.type(b'\\032')
t.need(b'Stopped')
t.need(b'PROMPT:')
t.type(b'echo is-\$(jobs -s | wc -l)\\n')
t.need(b'is-1')
t.type(b'fg\\n')
time.sleep(0.3)
t.type(b'word\\n')
t.need(b'read word')
t.need(b'PROMPT:')
t.type(b'echo st-\$?\\n')
t.need(b'st-5')
t.type(b'exit\\n')
print(t.status())" "$ns" -- /bin/sh -c 'echo "ready" to; read -r w; echo "read" "$w"; exit 5'
	is "$who: ^Z stops it, fg goes on" "$out" 0
	drive $who "
t = Terminal(['/bin/bash', '--norc', '--noprofile', '-i'])
t.type(b'PS1=PROMPT:\\n')
t.need(b'PROMPT:')
t.need(b'PROMPT:')
t.type(quote(argv).encode() + b' &\\n')
t.need(b'PROMPT:')
t.until(b'\\n', b'Stopped')
t.type(b'fg\\n')
time.sleep(0.3)
t.type(b'word\\n')
t.need(b'read word')
t.type(b'exit\\n')
print(t.status())" "$ns" -- /bin/sh -c 'read -r w; echo "read" "$w"; exit 5'
	is "$who: in the background it may not read, and is stopped" "$out" 5
	drive $who "
t = Terminal(argv)
# what is echoed as it is typed does not have the word
sleep = b'(echo be\"\"gun; exec sleep 60)\\n'
t.need(b'PROMPT:')
t.type(sleep)
t.need(b'begun')
t.type(b'\\003')
t.need(b'PROMPT:')
t.type(sleep)
t.need(b'begun')
t.type(b'\\032')
t.need(b'Stopped')
t.need(b'PROMPT:')
t.type(b'fg\\n')
t.until(b'\\003', b'PROMPT:')
t.type(b'exit 7\\n')
print(t.status())" "$ns" --env PS1=PROMPT: -- /bin/bash --norc --noprofile -i
	is "$who: a shell in the box has job control of its own" "$out" 7
done

# ---- the caller's terminal -----------------------------------------------------------------------

sti=$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)
for who in root nobody; do
	drive $who "
t = Terminal(argv)
t.need(b'held TIOCSTI')
print(t.status())" "$ns" --new-session -- "$T/bin/outside" type 0 'echo evil'
	is "$who: --new-session: nothing can be put into the caller's terminal" "$out" 1
	drive $who "
t = Terminal(argv)
t.need(b'held /dev/tty')
print(t.status())" "$ns" --new-session -- "$T/bin/outside" tty
	is "$who: --new-session: it is not the payload's" "$out" 1
	drive $who "
t = Terminal(argv)
t.need(b'held TIOCSCTTY')
print(t.status())" "$ns" --new-session -- "$T/bin/outside" own 0
	is "$who: --new-session: and it cannot become that" "$out" 1
	if [ "$sti" = 1 ]; then
		drive $who "
t = Terminal(argv)
t.need(b'HOLE TIOCSTI')
print(t.status())" "$ns" -- "$T/bin/outside" type 0 'echo evil'
		is "planted: $who: without it, it can (as the receipt says)" "$out" 0
	else
		drive $who "
t = Terminal(argv)
t.need(b'held TIOCSTI')
print(t.status())" "$ns" -- "$T/bin/outside" type 0 'echo evil'
		is "$who: this kernel lets nobody do it anyway" "$out" 1
	fi
	drive $who "
t = Terminal(argv)
t.need(b'HOLE /dev/tty')
print(t.status())" "$ns" -- "$T/bin/outside" tty
	is "planted: $who: without it the terminal is the payload's" "$out" 0
	drive $who "
t = Terminal(argv)
t.need(b'ready')
t.type(b'\\003')
print(t.status())" "$ns" --new-session -- /bin/sh -c 'echo ready; exec sleep 60'
	is "$who: --new-session: ^C still ends the box" "$out" 130
	drive $who "
t = Terminal(argv)
t.need(b'ready')
os.close(t.fd)
print(os.waitstatus_to_exitcode(os.waitpid(t.pid, 0)[1]))" "$ns" -- /bin/sh -c \
		'echo ready; exec sleep 60'
	is "$who: the terminal goes away" "$out" 129
done
finish
