#!/bin/sh
# scripts/corpus.sh check sees corpora that are not as they should be.
. tests/gates/lib.sh
copy
accepts 'what is there' scripts/corpus.sh check

folder=fuzz/corpus/json
name=$(printf x | sha1sum | cut -d ' ' -f 1)
printf x | plant $folder/0
rejects 'a name that is no sum' "^$folder/0: its SHA-1 is $name" scripts/corpus.sh check
heal
printf y | plant $folder/"$name"
rejects 'the sum of something else' "^$folder/$name: its SHA-1 is" scripts/corpus.sh check
heal

# large BYTES: such an input, well named.
large()
{
	head -c "$1" /dev/zero >"$T/large"
	name=$(sha1sum <"$T/large" | cut -d ' ' -f 1)
	plant "$folder/$name" <"$T/large"
}
large 4097
rejects 'more than 4 KiB' "^more than 4096 bytes: $folder/$name" scripts/corpus.sh check
heal
large 4096
accepts '4 KiB' scripts/corpus.sh check
heal
large 4097
mkdir -p fuzz/crashes
mv "$folder/$name" fuzz/crashes/json
rejects 'a crash without a folder' . scripts/corpus.sh check
rm -rf fuzz/crashes
heal

head -c 1048576 /dev/urandom | split -b 4096 - $folder/planted
rejects 'more than 1 MiB' '^fuzz/corpus: more than 1048576 bytes' scripts/corpus.sh check
rm $folder/planted*

printf x | plant fuzz/corpus/planted/"$(printf x | sha1sum | cut -d ' ' -f 1)"
rejects 'a corpus of no target' '^fuzz/corpus/planted: belongs to no target' \
	scripts/corpus.sh check
echo '/* fuzz: core/base/planted.c */' | plant fuzz/fuzz_planted.c
rejects 'no dictionary' '^fuzz/dict/planted.dict: is due' scripts/corpus.sh check
echo '"x"' | plant fuzz/dict/planted.dict
rejects 'a source that is not there' 'fuzz_planted.c: names core/base/planted.c' \
	scripts/corpus.sh check
: | plant core/base/planted.c
accepts 'all that a target has to have' scripts/corpus.sh check
rm fuzz/corpus/planted/*
rejects 'no corpus' '^fuzz/corpus/planted: is due' scripts/corpus.sh check
echo 'int planted;' >fuzz/fuzz_planted.c
rejects 'a target that names nothing' 'fuzz_planted.c: names no source' scripts/corpus.sh check
finish
