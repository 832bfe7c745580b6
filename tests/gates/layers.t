#!/bin/sh
# scripts/layers.sh sees each include that goes the wrong way.
. tests/gates/lib.sh
copy

# case_of TITLE FILE INCLUDE PATTERN
case_of()
{
	echo "#include $3" | plant "$2"
	rejects "$1" "^$2:[0-9]+: $4" scripts/layers.sh
	heal
}

case_of 'a folder below' core/base/planted.c '"text/json.h"' 'core/base is above core/text'
case_of 'a folder below, from a header' core/spec/planted.h '"plan/plan.h"' \
	'core/spec is above core/plan'
case_of 'system calls from a plan' core/plan/planted.c '"sys/sys.h"' 'core/plan is above core/sys'
case_of 'what executes, from what is called' core/sys/planted.c '"run/io.h"' \
	'core/sys is above core/run'
case_of 'raw system calls from elsewhere' core/run/planted.c '"sys/kcall.h"' \
	'only core/sys makes system calls'
case_of 'the system in pure code' core/text/planted.c '<stdio.h>' 'pure code includes <stdio.h>'
case_of 'a command from core' core/run/planted.c '"cmd/sbx-hook.h"' 'nothing includes cmd'
case_of 'a command from a test' tests/unit/planted.c '"sbx-hook.h"' 'nothing includes cmd'
case_of 'a path that climbs' core/run/planted.c '"../base/base.h"' 'a path that climbs'
case_of 'no folder' core/base/planted.c '"base.h"' 'not of the form folder/x.h'
case_of 'a source' tests/unit/planted.c '"unit.c"' 'a source includes a source'
case_of 'a test from a command' cmd/planted.c '"unit/unit.h"' 'cmd includes core only'
case_of 'what cannot be read' core/base/planted.c 'HEADER' 'an include that cannot be read'
case_of 'a folder of its own' core/odd/planted.c '"base/base.h"' 'core has no such folder'
case_of 'blanks before and in it' core/base/planted.c ' "text/json.h"' 'core/base is above'

echo '#include "sys/uapi.h"' | plant core/plan/planted.c
echo '#include "sbx-hook.h"' | plant cmd/planted.c
echo '#include "plan/plan.h"' | plant core/run/planted.c
silent 'what is allowed' planted scripts/layers.sh
heal
finish
