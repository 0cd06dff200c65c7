# A shell at work: pipelines, subshells, traps, here-documents, job control. Every program is found as $BB (busybox).
say() { echo "$@"; }
echo "pipeline: $($BB seq 1 1000 | $BB sort -rn | $BB head -n 3 | $BB tr '\n' ' ')"
echo "checksum: $($BB seq 1 20000 | $BB sha256sum)"
x=outer
(x=inner; echo "subshell: $x"; exit 5)
echo "status: $? still $x"
$BB cat <<END | $BB tr a-z A-Z
here-document with $x
	and a tab
END
$BB cat <<'END'
not $expanded
END
trap 'echo "trapped USR1"' USR1
kill -USR1 $$
trap 'echo "trapped exit, status $?"' EXIT
$BB false | $BB true
echo "status of a pipeline: $?"
n=0
while [ $n -lt 500 ]; do n=$((n + 1)); done
echo "counted: $n"
i=0
for f in a b c; do $BB printf '%s%d ' $f $i; i=$((i + 1)); done; echo
$BB mkdir -p d/e && echo one >d/e/file && echo two >>d/e/file
$BB wc -l <d/e/file
$BB cat d/e/missing 2>/dev/null || echo "missing: $?"
exec 3>d/log
echo "to three" >&3
exec 3>&-
read line <d/log
echo "read back: $line"
$BB sleep 5 &
job=$!
$BB sleep 0.3
kill -TERM $job
wait $job
echo "background killed: $?"
($BB sleep 0.1; echo "late") &
wait
echo "after the wait"
$BB mkfifo pipe
(echo "through a fifo" >pipe) &
$BB cat pipe
wait
set -- one "two words" three
echo "$# arguments: $2"
f() { local y=$1; [ $y -le 1 ] && echo 1 || echo $((y * $(f $((y - 1))))); }
echo "factorial: $(f 10)"
case "abc.txt" in *.txt) echo "matched" ;; esac
$BB find d -type f | $BB sort
$BB tar -cf - d | $BB gzip -9 | $BB gunzip | $BB tar -tf - | $BB sort
$BB awk 'BEGIN { for (i = 0; i < 1000; i++) s += i * i; printf "awk: %d %.6f\n", s, s / 7 }'
echo "a1b22c333" | $BB sed -E 's/[0-9]+/<&>/g'
$BB seq 1 100 | $BB grep -c 7
$BB dd if=/dev/zero bs=1k count=64 2>/dev/null | $BB md5sum
exit 7
