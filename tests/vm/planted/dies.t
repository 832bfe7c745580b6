#!/bin/sh
# Neither a plan nor a good status, and the last line has no end.
echo "ok 1 - good"
printf 'and then'
exit 3
