#!/bin/sh
# Who decides what: filter or observe, on each kind of hook, failing with on_error deny or allow.
. tests/shell/lib.sh
. tests/shell/hook-lib.sh

cat >"$T/h/act" <<'END'
case $1 in
yes) echo '{"allow":true}' ;;
no) echo '{"allow":false,"reason":"r"}' ;;
enforced) echo '{"allow":false,"enforced":true}' ;;
bad) echo '{"allow":1}' ;;
more) echo '{"allow":true,"metadata":{"x":"0123456789"}}' ;;
failed) exit 9 ;;
crashed) kill -ABRT $$ ;;
timeout) exec sleep 1000 ;;
esac
END

# all KIND PHASE: hooks of that kind for each mode, decision and act.
all()
{
	for mode in filter observe; do
		for decision in deny allow; do
			for act in yes no enforced bad more failed crashed timeout absent; do
				one_hook "$1" "$2"
			done
		done
	done
}

one_hook()
{
	time=10s
	[ $act != timeout ] || time=500ms
	command='"sh"'
	[ $act != absent ] || command='"/no/such"'
	phases=''
	[ "$1" = eval ] || phases=",\"phases\":[\"$2\"]"
	hooks="$hooks${hooks:+,
}\"$1-$mode-$decision-$act\":{\"hook\":\"$1\"$phases,\"mode\":\"$mode\",\"on_error\":\"$decision\",
\"command\":$command,\"args\":[\"$T/h/act\",\"$act\"],\"sandbox\":\"$level\",
\"timeout\":\"$time\",\"grace\":\"0ms\",\"reply_limit\":40}"
}

# The contract, once more: what is allowed, its status, and the reply.
expected()
{
	outcome=$act
	case $act in
	yes) outcome=allowed status=0 reply='{"allow":true}' ;;
	no) outcome=denied status=1 reply='{"allow":false,"reason":"r"}' ;;
	enforced) status=3 reply='{"allow":false,"enforced":true}' ;;
	bad) outcome=bad-reply status=4 ;;
	more) outcome=output-limit status=5 ;;
	failed) status=6 ;;
	crashed) status=7 ;;
	timeout) status=124 ;;
	absent) outcome=not-found status=127 ;;
	esac
	case $act-$mode-$1 in
	yes-observe-* | no-observe-* | enforced-observe-*)
		outcome=observed status=0 reply='{"allow":true}'
		;;
	# it judges, so there is nothing that it could deny
	no-filter-eval | enforced-filter-eval) outcome=allowed status=0 ;;
	yes-* | no-* | enforced-*) ;;
	absent-filter-*) reply='{"allow":false,"reason":"hook *' ;;
	*-filter-*)
		reply='{"allow":false,"reason":"hook *'
		[ $decision = deny ] || status=0 reply='{"allow":true,"reason":"hook *'
		;;
	absent-observe-*) reply='{"allow":true,"reason":"hook *' ;;
	*-observe-*) status=0 reply='{"allow":true,"reason":"hook *' ;;
	esac
}

judge()
{
	for mode in filter observe; do
		for decision in deny allow; do
			for act in yes no enforced bad more failed crashed timeout absent; do
				expected "$1"
				answer "$1-$mode-$decision-$act" "$T/$1"
				is "$1, $mode, on_error $decision, $act: $outcome" \
					"$st $(wc -l <"$T/.out") ${ended#*\"outcome\":}" \
					"$status 1 \"$outcome\"${ended#*\"outcome\":\"*\"}"
				like "$1, $mode, on_error $decision, $act: reply" \
					"$(cat "$T/.out")" "$reply"
			done
		done
	done
}

level=none
all provider before_call
all tool after_execution
all session session_end
all eval ''
declared
echo '{"hook":"provider","phase":"before_call","request":{}}' >"$T/provider"
echo '{"hook":"tool","phase":"after_execution","request":{},"response":{}}' >"$T/tool"
echo '{"hook":"session","phase":"session_end","event":{}}' >"$T/session"
echo '{"eval_id":"x","score":0.25}' >"$T/eval"
for kind in provider tool session eval; do
	judge $kind
done
events_hold
finish
