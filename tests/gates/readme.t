#!/bin/sh
# scripts/readme.sh sees what README.md tells to type and does not exist.
. tests/gates/lib.sh
copy out

page()
{
	cat >README.md <<'END'
# sbx

    ./build.sh demo     # shows it
    ./build.sh test

Sources are in `core/base/` and [scripts](scripts/check.sh). Try `./build.sh check`.

```sh
out/sbx-ns --proc --tmp /tmp -- ls --nonsense-of-ls
out/sbx-hook check -f box.json
out/sbx-hook plan -f box.json --chain redact | sh
```
END
}
page
accepts 'what exists' scripts/readme.sh

# told TITLE LINE PATTERN
told_so()
{
	page
	printf '\n%s\n' "$2" >>README.md
	rejects "$1" "$3" scripts/readme.sh
}
# shellcheck disable=SC2016 # backticks of README.md
{
	told_so 'a word of build.sh' '`./build.sh frobnicate`' 'unknown words .*: frobnicate'
	told_so 'a file' 'See scripts/frobnicate.sh.' 'not there: scripts/frobnicate.sh'
	told_so 'a program' '`out/sbx-frobnicate --proc`' 'not there: out/sbx-frobnicate'
	told_so 'an option' '    sbx-ns --frobnicate -- true' \
		'no program knows: sbx-ns --frobnicate'
	told_so 'an option of another program' '`sbx-hook run --hostname=x h`' \
		'sbx-hook --hostname'
	told_so 'a subcommand' '`sbx-hook frobnicate -f x`' 'sbx-hook frobnicate'
}
echo 'Nothing.' >README.md
rejects 'the two commands have to be there' 'does not name ./build.sh test' scripts/readme.sh
finish
