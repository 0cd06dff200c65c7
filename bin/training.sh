# Run by ./dev build in a riscv64 shell: a little of everything that programs do. $BB is busybox.
echo hello
$BB seq 1 2000 | $BB sort -n | $BB sha256sum
$BB awk 'BEGIN { for (i = 0; i < 20000; i++) s += i / 3; print s }'
trap 'echo trapped' USR1
kill -USR1 $$
i=0
while [ $i -lt 2000 ]; do i=$((i + 1)); done
(exit 3) || echo $?
$BB ls / >/dev/null
$BB sleep 0.01 &
wait
