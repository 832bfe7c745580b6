#!/bin/sh
# What is left, where all controllers are, when processes of ours are killed at moments of chance,
# and when each call of theirs fails. A tenth of the moments that this machine's own hierarchy gets
# are enough; and they are due in time, as the clock goes by what is executed.
. tests/shell/lib.sh
. tests/shell/vm-lib.sh

inside "faults in control groups" -s -u -t 900 -a SBX_STRIKES=20 -a SBX_STRIKE_DUE=yes \
	tests/shell/cg-strike.t tests/shell/inject-cg.t
finish
