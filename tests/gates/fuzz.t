#!/bin/sh
# A fault in a fuzz target is seen where corpora are replayed, by either engine, and kept; one that
# was not run is a failure.
. tests/gates/lib.sh
copy fuzz msan afl cmplog
rm -rf fuzz/corpus fuzz/fuzz_*.c fuzz/crashes

printf planted | plant "fuzz/corpus/planted/$(printf planted | sha1sum | cut -d ' ' -f 1)"
echo '"fault"' | plant fuzz/dict/planted.dict

# target STATEMENT: a fuzz target that does that, compiled.
target()
{
	cat >fuzz/fuzz_planted.c <<END
/* fuzz: core/base/str.c */
#include <string.h>
#include "must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char text[8];

	$1
	return 0;
}
END
	make -s -j2 replay msan fuzz afl cmplog >"$T/make.log" 2>&1 ||
		fail 'a target is compiled' "$(cat "$T/make.log")"
}

target '(void)text; MUST(n != 7 || data[0] != 112);'
rejects 'an oracle that is not met, replayed' '^planted: status' scripts/replay.sh asan
rejects 'an oracle that is not met, under MSan' '^planted: status' scripts/replay.sh msan
target 'if (n > 0 && n < 9) { memcpy(text, data, n); if (text[7] == 1) abort(); }'
rejects 'a read of what was not written' 'use-of-uninitialized-value' scripts/replay.sh msan
target 'memcpy(text, data, n < 8 ? n : 8); text[0]--; if (data[n] == text[0]) return 1;'
rejects 'a read beyond the input' 'heap-buffer-overflow' scripts/replay.sh asan
target 'memcpy(text, data, n < 8 ? n : 8); if (n > 6 && text[0] == 112) return (1 << (n + 30)) > 0;'
rejects 'undefined behaviour' 'runtime error: (left )?shift' scripts/replay.sh asan

target '(void)text; MUST(n < 5 || memcmp(data, "fault", 5) != 0);'
accepts 'a fault that the corpus does not reach' scripts/replay.sh asan
# no colon before the plan: the harness counts these lines
rejects 'libFuzzer reaches it' '^not ok 2 - planted did not fail' \
	scripts/smoke.sh libfuzzer planted 20
if grep -aq fault build/smoke/planted.libfuzzer/crashes/*; then
	pass 'and the input is kept'
else
	fail 'and the input is kept' "$said"
fi
rejects 'AFL++ reaches it' '^not ok 2 - planted did not fail' scripts/smoke.sh afl planted 20
if grep -aq fault build/smoke/planted.afl/afl/default/crashes/id*; then
	pass 'and that input is kept'
else
	fail 'and that input is kept' "$said"
fi
rejects 'a campaign finds it' 'planted: FAILS: build/fuzz/bin/replay_planted' \
	scripts/fuzz.sh planted 10
is 'and keeps the least of it, named for its sum' "$(cat fuzz/crashes/planted/*)" fault
is '' "$(sha1sum fuzz/crashes/planted/* | sed 's,  .*/, ,; s/^\(.*\) \1$/same/')" same
rejects 'which is replayed from then on' '^planted: status' scripts/replay.sh asan

rm -rf fuzz/crashes
target '(void)text; if (n > 2 && data[1] == 36) return 0;'
accepts 'a campaign without a fault' scripts/fuzz.sh planted 10
accepts 'leaves a corpus as it should be' scripts/corpus.sh check
if [ "$(find fuzz/corpus/planted -type f | wc -l)" -ge 2 ]; then
	pass 'with what it found'
else
	fail 'with what it found' "$(ls fuzz/corpus/planted)"
fi

for file in build/fuzz/bin/fuzz_planted build/afl/bin/fuzz_planted; do
	rm $file # it may still be busy
	printf '#!/bin/sh\nexit 0\n' >$file
	chmod +x $file
done
rejects 'libFuzzer that runs nothing' '^not ok 1 - planted was run' \
	scripts/smoke.sh libfuzzer planted 2
rejects 'AFL++ that runs nothing' '^not ok 1 - planted was run' scripts/smoke.sh afl planted 2
finish
