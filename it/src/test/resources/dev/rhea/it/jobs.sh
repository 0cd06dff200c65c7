# Job control in a shell that has no terminal.
set -m
$BB sleep 10 &
jobs | $BB sed 's/  */ /g'
kill -STOP %1
kill -CONT %1
kill -KILL %1
# By number: bash may have told of the job's end, and forgotten the job, but remembers how its process ended.
wait $! 2>/dev/null
echo "killed: $?"
# The coprocess lives on after its answer: COPROC is gone as soon as bash knows that it ended.
coproc { while read a; do echo "coprocess heard $a"; done; }
echo hello >&"${COPROC[1]}"
read answer <&"${COPROC[0]}"
eval "exec ${COPROC[1]}>&-"
wait "$COPROC_PID"
echo "$answer"
echo "process substitution: $($BB paste -d, <($BB seq 1 3) <($BB seq 4 6) | $BB tr '\n' ' ')"
[[ "2024-05-06" =~ ^([0-9]+)-([0-9]+) ]] && echo "regex: ${BASH_REMATCH[2]}"
declare -A map=([a]=1 [b]=2); echo "map: ${map[b]} ${#map[@]}"
mapfile -t lines < <($BB seq 1 5); echo "lines: ${#lines[@]}"
printf -v text '%05.1f' 3.14159; echo "$text"
echo "arithmetic: $((0xff ** 2 % 1000)) $((1 << 40))"
