# Sourced by the tests that start the virtual machine.
# shellcheck shell=sh disable=SC2154 # $out, $err and $st are of lib.sh

[ "$(uname -m)" = x86_64 ] || {
	skip "the virtual machine" "it is x86-64, and this is not"
	finish
	exit
}

# inside TITLE OPTION... TEST.t...: what these tests say is said here again.
inside()
{
	inside_title=$1
	shift
	run scripts/vm "$@"
	printf '%s\n' "$out" >"$T/inside"
	while IFS= read -r line; do
		case $line in
		'ok '*'# SKIP '*)
			line=${line#* - }
			skip "${line%% # SKIP *}" "${line#*# SKIP }"
			;;
		'ok '*) pass "${line#* - }" ;;
		'not ok '*) fail "${line#* - }" ;;
		'#'*) echo "$line" ;;
		esac
	done <"$T/inside"
	[ -z "$err" ] || printf '%s\n' "$err" | sed 's/^/# /'
	is "$inside_title: the machine's status" "$st" 0
}
