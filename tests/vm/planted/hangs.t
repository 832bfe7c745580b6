#!/bin/sh
# It never ends.
echo "ok 1 - good"
sleep 100000
