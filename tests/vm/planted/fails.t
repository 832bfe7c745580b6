#!/bin/sh
# One good test, one bad one; the kernel shouts meanwhile.
echo "ok 1 - good"
echo "<0>ok 2 - not a test but a message of the kernel's" >/dev/kmsg
echo "not ok 2 - bad"
echo "# because"
echo "1..2"
exit 1
