#!/bin/sh
# The shipped programs start, say who they are, and run something.
. tests/shell/lib.sh

for program in sbx-cg sbx-hook sbx-ns sbx-seccomp sbx-box; do
	run "$T/bin/$program" --version
	like "$program says its version" "$out" "$program [0-9]*"
	run "$T/bin/$program" --help
	like "$program says its usage" "$out" "usage: $program*"
done
status "a program's status is ours" 42 "$ns" -- /bin/sh -c 'exit 42'
status "as an ordinary user too" 42 as_nobody "$ns" -- /bin/sh -c 'exit 42'
status "an unknown option is ours to refuse" 125 "$ns" --nonsense -- /bin/true
like "and is named" "$err" 'sbx-ns: unknown option "--nonsense"*'
finish
