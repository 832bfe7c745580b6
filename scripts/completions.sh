#!/bin/sh
# completions.sh PROGRAM...: bash completions on standard output, made from what --help prints, that
# is from the tables of options.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

[ $# -gt 0 ] || {
	echo "usage: scripts/completions.sh PROGRAM..." >&2
	exit 2
}
cat <<'END'
# Completion for bash, made from --help: source it, or put it where bash-completion looks.

# A program, then what that program completes.
_sbx_command()
{
	if ((COMP_CWORD > $1)) && declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif ((COMP_CWORD > $1)); then
		mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
	else
		mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
	fi
}

# A value of the form ARGUMENT: new|inherit|PATH, FILE, NAME.
_sbx_value()
{
	local form=${1%%[:[]*} cur=${COMP_WORDS[COMP_CWORD]}

	[[ $cur != = ]] || cur=
	mapfile -t COMPREPLY < <(
		compgen -W "$(tr '|' '\n' <<<"$form" | grep '^[a-z]')" -- "$cur"
		[[ ! $form =~ (PATH|DIR|FILE|SRC|DEST)$ ]] || compgen -f -- "$cur"
	)
}

# Where the first word is one of our programs: what that one completes.
_sbx_other()
{
	local name=_sbx_${COMP_WORDS[1]#sbx-}

	((COMP_CWORD > 1)) && [[ $name != _sbx_box ]] && declare -F "$name" >/dev/null || return
	local COMP_WORDS=("${COMP_WORDS[@]:1}") COMP_CWORD=$((COMP_CWORD - 1))
	$name
}

# FIRST-WORDS OPTIONS OPTION=ARGUMENT...: the word under the cursor.
_sbx_complete()
{
	local first=$1 options=$2 word spec arg at=1 cur=${COMP_WORDS[COMP_CWORD]}

	shift 2
	COMPREPLY=()
	while ((at < COMP_CWORD)); do
		word=${COMP_WORDS[at]}
		if [[ $word == -- ]]; then
			_sbx_command $((at + 1))
			return
		elif [[ $word != -* && (at -ne 1 || " $first " != *" $word "*) ]]; then
			_sbx_command $at
			return
		fi
		at=$((at + 1))
		for spec; do
			[[ $word == "${spec%%=*}" ]] || continue
			# --option=value comes as three words
			if ((at < COMP_CWORD)) && [[ ${COMP_WORDS[at]} == = ]]; then
				at=$((at + 1))
			fi
			for arg in ${spec#*=}; do
				if ((at >= COMP_CWORD)); then
					_sbx_value "$arg"
					return
				fi
				at=$((at + 1))
			done
			break
		done
	done
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
	elif ((COMP_CWORD == 1)) && [[ -n $first ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$first" -- "$cur")
	else
		_sbx_command "$COMP_CWORD"
	fi
}
END
for program; do
	name=${program##*/}
	"out/$name" --help | awk -v name="$name" '
	function value(text) {
		gsub(/\047/, "", text)
		return "\047" text "\047"
	}
	BEGIN { usage = 1 }
	/^$/ { usage = 0 }
	/^[a-z]+:$/ { section = $0 }
	usage {
		sub(/^usage:/, "")
		if ($1 == name && $2 ~ /^[a-z]+$/ && $2 != "program" && !($2 in seen)) {
			seen[$2] = 1
			first = first " " $2
		}
	}
	section == "programs:" && /^  sbx-/ {
		programs = 1
		sub(/^ *sbx-/, "")
		first = first " " $0 " sbx-" $0
	}
	section == "options:" && /^  / {
		line = substr($0, 3)
		sub(/^ */, "", line)
		sub(/  .*/, "", line)
		n = split(line, part, " ")
		arg = ""
		for (i = 1; i <= n; i++)
			if (part[i] !~ /^-/)
				arg = arg (arg == "" ? "" : " ") part[i]
		for (i = 1; i <= n; i++)
			if (part[i] ~ /^-/) {
				sub(/,$/, "", part[i])
				options = options " " part[i]
				if (arg != "")
					specs = specs " \\\n\t\t" value(part[i] "=" arg)
			}
	}
	END {
		call = name
		gsub(/-/, "_", call)
		if (options == "")
			exit 1
		printf "\n_%s()\n{\n", call
		if (programs)
			print "\t_sbx_other && return"
		printf "\t_sbx_complete %s \\\n\t\t%s%s\n}\n",
			value(substr(first, 2)), value(substr(options, 2)), specs
		printf "complete -F _%s %s\n", call, name
	}'
done
