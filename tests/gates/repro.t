#!/bin/sh
# scripts/repro.sh sees what depends on the time, the place or the user of a build. The project that
# it builds here is a small one.
. tests/gates/lib.sh
mkdir -p "$T/tree/scripts" "$T/tree/out"
cp scripts/repro.sh scripts/lib.sh scripts/toolchain.sh "$T/tree/scripts/"
cd "$T/tree" || exit 1
: >out/sbx-planted

# project COMMAND: makes out/sbx-planted; then an archive that is the program.
project()
{
	cat >scripts/dist.sh <<END
#!/bin/sh
set -eu
cd "\$(dirname "\$0")/.."
mkdir -p out/dist
$1
cp out/sbx-planted out/dist/planted.tar.gz
${2:-}
END
	chmod +x scripts/dist.sh
}

project 'cat scripts/lib.sh >out/sbx-planted'
accepts 'what depends on the sources alone' scripts/repro.sh
project 'pwd >out/sbx-planted'
rejects 'the place' '^not ok .*repro: sbx-planted' scripts/repro.sh
rejects 'of the archive, too' '^not ok .*repro: the archive' scripts/repro.sh
project 'stat -c %Y scripts/lib.sh >out/sbx-planted'
rejects 'the date of a source' '^not ok .*repro: sbx-planted' scripts/repro.sh
project 'date -d @0 >out/sbx-planted'
rejects 'the time zone' '^not ok .*repro: sbx-planted' scripts/repro.sh
project 'umask >out/sbx-planted'
rejects "the user's mask" '^not ok .*repro: sbx-planted' scripts/repro.sh
project 'echo >out/sbx-planted' 'date +%N >>out/dist/planted.tar.gz'
rejects 'the time, in the archive alone' '^not ok .*repro: the archive' scripts/repro.sh
project 'echo >out/sbx-planted' 'exit 1'
rejects 'a build that fails' '^not ok .*repro: the archive' scripts/repro.sh
finish
