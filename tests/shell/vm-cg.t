#!/bin/sh
# Control groups where all controllers are: limits, places, times, what is told of them, declared
# hooks. What is left when processes of ours are killed or calls of theirs fail is vm-cg-faults.t's.
. tests/shell/lib.sh
. tests/shell/vm-lib.sh

# what --io limits
truncate -s 64M "$T/disk"
inside "control groups" -s -u -t 900 -m 768 -d "$T/disk" tests/vm/cg-*.t
finish
