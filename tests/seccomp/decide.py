"""Who decides, for tests of sbx-seccomp supervise.

decide.py HOW FILE COMMAND...: runs COMMAND, in which FD (or IN and OUT) become the numbers of
descriptors, and answers requests as HOW says; requests go to FILE. Its exit status is COMMAND's.

HOW, for each request in its turn, the last for all that follow (between ;):
  {...}        the members of an answer besides the id
  none         no answer, ever
  later {...}  after the next request's
  bytes {...}  in single bytes
  raw TEXT     that, and a newline
  close        no answer to anything any more
  kill         who asks is killed, and then as close
  held {...}   who asks is killed, and its end kept from its parent until it was answered
"""
import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time

SEIZE, WALL = 0x4206, 0x40000000


def channel(words):
    """Our reading and writing ends, and the program's."""
    if "FD" in words:
        ours, theirs = socket.socketpair()
        return ours.makefile("rb"), ours, [("FD", theirs)]
    read, out = os.pipe()
    into, write = os.pipe()
    return open(read, "rb"), open(write, "wb", 0), [("OUT", out), ("IN", into)]


def send(to, data):
    """Who asked may be gone before it is answered: what became of that, its status tells."""
    with contextlib.suppress(ConnectionError):
        (to.sendall if hasattr(to, "sendall") else to.write)(data)


def told(requests):
    """Lines, until who asks is gone, in whatever way."""
    try:
        yield from requests
    except ConnectionError:
        pass


def main():
    how, log, words = sys.argv[1].split(";"), open(sys.argv[2], "w"), sys.argv[3:]
    requests, answers, theirs = channel(words)
    for name, end in theirs:
        fd = end if isinstance(end, int) else end.fileno()
        os.set_inheritable(fd, True)
        words = [str(fd) if w == name else w for w in words]
    program = subprocess.Popen(words, close_fds=False)
    for _, end in theirs:
        os.close(end if isinstance(end, int) else end.detach())
    kept, turn = b"", 0
    for line in told(requests):
        log.write(line.decode())
        log.flush()
        do = how[min(turn, len(how) - 1)].strip()
        turn += 1
        word, _, rest = do.partition(" ")
        if word == "none":
            continue
        if word == "kill":
            os.kill(json.loads(line)["pid"], signal.SIGKILL)
            time.sleep(0.2)
        if word in ("close", "kill"):
            break
        if word == "raw":
            send(answers, rest.encode() + b"\n")
            continue
        body = json.loads(do if word.startswith("{") else rest)
        answer = json.dumps({"id": json.loads(line)["id"], **body}).encode() + b"\n"
        if word == "held":
            # of a process that is traced the tracer is told first
            pid = json.loads(line)["pid"]
            if ctypes.CDLL(None).ptrace(SEIZE, pid, None, None) < 0:
                sys.exit("cannot trace")
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            send(answers, answer)
            time.sleep(0.2)
            os.waitpid(pid, WALL)
            continue
        if word == "later":
            kept += answer
            continue
        for part in [answer[i:i + 1] for i in range(len(answer))] if word == "bytes" else [answer]:
            send(answers, part)
        if kept:
            send(answers, kept)
            kept = b""
    if hasattr(answers, "shutdown"):
        with contextlib.suppress(OSError):
            answers.shutdown(socket.SHUT_RDWR)
    answers.close()
    requests.close()
    status = program.wait()
    sys.exit(128 - status if status < 0 else status)


main()
