# A Linux program without a library:
#
#   ./rhea assemble riscv64 examples/riscv64/hello.s -o hello
#   ./rhea user riscv64 ./hello

.equ SYS_write, 64
.equ SYS_exit, 93

text:
    .ascii "Hello from riscv64.\n"
.equ LENGTH, . - text

.balign 4
_start:
    li a0, 1                    # standard output
    la a1, text
    li a2, LENGTH
    li a7, SYS_write
    ecall
    li a0, 0
    li a7, SYS_exit
    ecall
