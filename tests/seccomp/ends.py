"""ends.py SIGNAL TIMES COMMAND...: runs COMMAND again and again, and sends it the signal a little
later each time, from its exec on. Prints each way in which it ended, once; "never" is one."""
import signal
import subprocess
import sys
import time

number, times, words = signal.Signals["SIG" + sys.argv[1]], int(sys.argv[2]), sys.argv[3:]
ends = set()
for turn in range(times):
    # the descriptors of the caller are the command's
    program = subprocess.Popen(words, close_fds=False)
    time.sleep(turn * 0.015 / times)
    program.send_signal(number)
    try:
        ends.add(str(program.wait(10)))
    except subprocess.TimeoutExpired:
        ends.add("never")
        program.kill()
        program.wait()
print(" ".join(sorted(ends)))
