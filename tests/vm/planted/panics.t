#!/bin/sh
# The machine ends in the middle of it.
echo "ok 1 - good"
echo c >/proc/sysrq-trigger
echo "1..1"
