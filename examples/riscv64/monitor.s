# A small guest for the machine virt, in S mode, on any firmware that has the SBI (Rhea's own, OpenSBI):
#
#   ./rhea assemble riscv64 examples/riscv64/monitor.s --origin 0x80200000 -o monitor
#   ./rhea system riscv64 -M virt -smp 2 -nographic -kernel monitor
#
# It says what it finds, switches on Sv39, starts the other harts, takes timer interrupts, and serves a prompt on the serial
# port, whose input comes by interrupts through the PLIC. 'help' lists the commands; primes are counted by all harts.
#
# Register use: s registers and sp belong to the caller, all others to the callee, tp is the hart's number.

.equ UART, 0x10000000           # 16550
.equ RBR, 0                     # receiver buffer, and transmitter holding register
.equ IER, 1                     # interrupt enable: 1 = received data
.equ LCR, 3                     # line control: 3 = 8 bits, no parity
.equ MCR, 4                     # modem control: 8 = interrupts reach the line
.equ LSR, 5                     # line status: 1 = data ready, 32 = transmitter empty
.equ UART_IRQ, 10

.equ PLIC, 0x0c000000
.equ PLIC_ENABLE, PLIC + 0x2080 # of hart 0 in S mode; the next hart's is 0x100 higher
.equ PLIC_CONTEXT, PLIC + 0x201000 # its threshold, then claim and complete; the next hart's is 0x2000 higher

.equ SSIE, 1 << 1               # sie and sip: software, timer and external interrupts of S mode
.equ STIE, 1 << 5
.equ SEIE, 1 << 9
.equ SIE, 1 << 1                # in sstatus

.equ SBI_BASE, 0x10             # extensions of the SBI
.equ SBI_TIME, 0x54494d45
.equ SBI_IPI, 0x735049
.equ SBI_HSM, 0x48534d
.equ SBI_SRST, 0x53525354

.equ HARTS, 8                   # there is room for
.equ STACK, 4096                # bytes, each
.equ LINE, 120                  # characters of a command
.equ RING, 64                   # characters of input that wait
.equ MOST, 10000000             # primes are counted up to
.equ PIECE, 1000                # numbers that a hart takes at once

_start:
    mv tp, a0
    mv s1, a1                   # the device tree
    la t0, trap
    csrw stvec, t0
    csrw sie, zero
    la sp, stacks + STACK
    la t0, boot_hart
    sd tp, 0(t0)
    call uart_init
    la a0, banner
    call puts
    mv a0, s1
    call read_device_tree
    call show_machine
    call paging_on
    call show_paging
    call start_harts
    call interrupts_on
    call show_ticks
    la a0, hint
    call puts
    j prompt

# ---- what there is

# The device tree at a0: how many harts, the first range of memory, ticks per second. Devicetree Specification, chapter 5.
read_device_tree:
    addi sp, sp, -64
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    sd s2, 24(sp)
    sd s3, 32(sp)
    sd s4, 40(sp)
    sd s5, 48(sp)
    mv s0, a0
    addi a0, s0, 8              # off_dt_struct
    call be32
    add s1, s0, a0              # where we are
    addi a0, s0, 12             # off_dt_strings
    call be32
    add s2, s0, a0
    li s3, 0                    # whether this is in the node of the memory
1:  mv a0, s1
    call be32
    addi s1, s1, 4
    li t0, 1
    beq a0, t0, 2f              # FDT_BEGIN_NODE
    li t0, 3
    beq a0, t0, 5f              # FDT_PROP
    li t0, 9
    bne a0, t0, 1b              # else FDT_END_NODE, FDT_NOP
    ld ra, 0(sp)                # FDT_END
    ld s0, 8(sp)
    ld s1, 16(sp)
    ld s2, 24(sp)
    ld s3, 32(sp)
    ld s4, 40(sp)
    ld s5, 48(sp)
    addi sp, sp, 64
    ret
2:  lwu t0, 0(s1)               # the name's first four letters
    li t1, 'm' | 'e' << 8 | 'm' << 16 | 'o' << 24
    xor t1, t0, t1
    seqz s3, t1
    li t1, 'c' | 'p' << 8 | 'u' << 16 | '@' << 24
    bne t0, t1, 3f
    la t1, harts
    ld t2, 0(t1)
    addi t2, t2, 1
    sd t2, 0(t1)
3:  lbu t0, 0(s1)               # skip the name
    addi s1, s1, 1
    bnez t0, 3b
4:  addi s1, s1, 3
    andi s1, s1, -4
    j 1b
5:  mv a0, s1                   # length, name, value
    call be32
    mv s4, a0
    addi a0, s1, 4
    call be32
    add s5, s2, a0
    addi s1, s1, 8
    mv a0, s5
    la a1, name_timebase
    call equal
    beqz a0, 6f
    mv a0, s1
    call be32
    la t0, frequency
    sd a0, 0(t0)
6:  beqz s3, 7f
    mv a0, s5
    la a1, name_reg
    call equal
    beqz a0, 7f
    mv a0, s1
    call be64
    la t0, memory
    sd a0, 0(t0)
    addi a0, s1, 8
    call be64
    la t0, memory + 8
    sd a0, 0(t0)
7:  add s1, s1, s4
    j 4b

show_machine:
    addi sp, sp, -16
    sd ra, 0(sp)
    la a0, text_hart
    call puts
    mv a0, tp
    call put_decimal
    la a0, text_of
    call puts
    la t0, harts
    ld a0, 0(t0)
    call put_decimal
    la a0, text_vendor
    li a1, 4                    # sbi_get_mvendorid
    call show_base
    la a0, text_architecture
    li a1, 5                    # sbi_get_marchid
    call show_base
    la a0, text_implementation
    li a1, 6                    # sbi_get_mimpid
    call show_base
    la a0, text_firmware
    li a1, 0                    # sbi_get_spec_version
    call show_base
    la a0, text_firmware_id
    li a1, 1                    # sbi_get_impl_id
    call show_base
    la a0, text_memory
    call puts
    la t0, memory
    ld a0, 8(t0)
    srli a0, a0, 20
    call put_decimal
    la a0, text_at
    call puts
    la t0, memory
    ld a0, 0(t0)
    call put_hexadecimal
    call newline
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

# Prints the text a0 and what function a1 of the SBI's base extension gives.
show_base:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd a1, 8(sp)
    call puts
    ld a6, 8(sp)
    li a7, SBI_BASE
    ecall
    mv a0, a1
    call put_hexadecimal
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

# ---- Sv39: privileged manual, "Sv39"

# Devices and RAM where they are, in pages of 1 GiB, and RAM once more in the upper half, at ALIAS.
.equ ALIAS, 0xffffffff80000000

paging_on:
    la t0, root
    li t1, 0xc7                 # at 0: D A W R V
    sd t1, 0(t0)
    li t1, 0x80000000 >> 12 << 10 | 0xcf # at 2 GiB: D A X W R V
    sd t1, 2 * 8(t0)
    li t1, 0x80000000 >> 12 << 10 | 0xc7
    li t2, 510 * 8
    add t2, t0, t2
    sd t1, 0(t2)
paging_on_here:                 # the other harts come here, the table is made
    la t0, root
    srli t0, t0, 12
    li t1, 8 << 60
    or t0, t0, t1
    sfence.vma
    csrw satp, t0
    sfence.vma
    ret

show_paging:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    la a0, text_paging
    call puts
    la s0, root
    li t0, ALIAS - 0x80000000
    add s1, s0, t0
    mv a0, s0
    call put_hexadecimal
    la a0, text_alias
    call puts
    mv a0, s1
    call put_hexadecimal
    ld t0, 2 * 8(s0)
    ld t1, 2 * 8(s1)
    la a0, text_full_stop
    beq t0, t1, 1f
    la a0, text_but_not
1:  call puts
    ld ra, 0(sp)
    ld s0, 8(sp)
    ld s1, 16(sp)
    addi sp, sp, 32
    ret

# ---- the other harts

start_harts:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    li s0, -1
1:  addi s0, s0, 1
    la t0, harts
    ld t0, 0(t0)
    bgeu s0, t0, 4f
    li t0, HARTS
    bgeu s0, t0, 4f
    beq s0, tp, 1b
    mv a0, s0
    la a1, other_hart
    addi t0, s0, 1
    li t1, STACK
    mul t0, t0, t1
    la a2, stacks
    add a2, a2, t0
    li a6, 0                    # sbi_hart_start
    li a7, SBI_HSM
    ecall
    mv s1, a0
    la a0, text_hart
    call puts
    mv a0, s0
    call put_decimal
    bnez s1, 3f
2:  fence rw, rw                # it says when it is there
    la t0, arrived
    add t0, t0, s0
    lbu t0, 0(t0)
    beqz t0, 2b
    la a0, text_is_up
    call puts
    j 1b
3:  la a0, text_does_not_start
    call puts
    j 1b
4:  ld ra, 0(sp)
    ld s0, 8(sp)
    ld s1, 16(sp)
    addi sp, sp, 32
    ret

# Begins here with its number in a0 and its stack in a1. It works when it is called, and sleeps.
other_hart:
    mv tp, a0
    mv sp, a1
    la t0, trap
    csrw stvec, t0
    call paging_on_here
    li t0, SSIE
    csrw sie, t0
    li s0, 0                    # the last job it knows
    la t0, arrived
    add t0, t0, tp
    li t1, 1
    fence rw, rw
    sb t1, 0(t0)
1:  csrci sstatus, SIE          # nothing may come between the look and the sleep
    la t0, job
    ld t0, 0(t0)
    bne t0, s0, 2f
    wfi
    csrsi sstatus, SIE
    j 1b
2:  csrsi sstatus, SIE
    mv s0, t0
    fence rw, rw
    call count_primes
    la t0, finished
    li t1, 1
    amoadd.d.aqrl zero, t1, (t0)
    j 1b

# ---- interrupts and exceptions

interrupts_on:
    addi sp, sp, -16
    sd ra, 0(sp)
    li t0, PLIC
    li t1, 1
    sw t1, UART_IRQ * 4(t0)     # its priority
    li t0, PLIC_ENABLE
    slli t1, tp, 8
    add t0, t0, t1
    li t1, 1 << UART_IRQ
    sw t1, 0(t0)
    call plic_context
    sw zero, 0(a0)              # threshold
    li t0, UART
    li t1, 1
    sb t1, IER(t0)
    call next_tick
    li t0, STIE | SEIE
    csrw sie, t0
    csrsi sstatus, SIE
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

plic_context:
    li a0, PLIC_CONTEXT
    slli t0, tp, 13
    add a0, a0, t0
    ret

# Ten times a second.
next_tick:
    la t0, frequency
    ld t0, 0(t0)
    li t1, 10
    divu t0, t0, t1
    rdtime a0
    add a0, a0, t0
    li a6, 0                    # sbi_set_timer
    li a7, SBI_TIME
    ecall
    ret

# All of them, on the stack of whoever was interrupted.
.balign 4
trap:
    addi sp, sp, -128
    sd ra, 0(sp)
    sd t0, 8(sp)
    sd t1, 16(sp)
    sd t2, 24(sp)
    sd t3, 32(sp)
    sd t4, 40(sp)
    sd t5, 48(sp)
    sd t6, 56(sp)
    sd a0, 64(sp)
    sd a1, 72(sp)
    sd a2, 80(sp)
    sd a3, 88(sp)
    sd a4, 96(sp)
    sd a5, 104(sp)
    sd a6, 112(sp)
    sd a7, 120(sp)
    csrr t0, scause
    bgez t0, 4f
    slli t0, t0, 1              # without the bit that says interrupt
    srli t0, t0, 1
    li t1, 5
    beq t0, t1, 1f
    li t1, 9
    beq t0, t1, 2f
    csrci sip, SSIE             # another hart calls: sleep is over, that is all
    j 5f
1:  la t0, ticks
    ld t1, 0(t0)
    addi t1, t1, 1
    sd t1, 0(t0)
    call next_tick
    j 5f
2:  call plic_context
    lw t0, 4(a0)                # claim
    beqz t0, 5f
    sw t0, 4(a0)                # complete; the line stays up while there is input
    call receive
    j 5f
4:  la t1, catch                # an exception that somebody waits for?
    ld t2, 0(t1)
    beqz t2, panic
    sd zero, 0(t1)
    csrw sepc, t2
5:  ld ra, 0(sp)
    ld t0, 8(sp)
    ld t1, 16(sp)
    ld t2, 24(sp)
    ld t3, 32(sp)
    ld t4, 40(sp)
    ld t5, 48(sp)
    ld t6, 56(sp)
    ld a0, 64(sp)
    ld a1, 72(sp)
    ld a2, 80(sp)
    ld a3, 88(sp)
    ld a4, 96(sp)
    ld a5, 104(sp)
    ld a6, 112(sp)
    ld a7, 120(sp)
    addi sp, sp, 128
    sret

panic:
    la a0, text_panic
    call puts
    csrr a0, scause
    call put_hexadecimal
    la a0, text_panic_at
    call puts
    csrr a0, sepc
    call put_hexadecimal
    call newline
    li a0, 0                    # shut down,
    li a1, 1                    # the system failed
    j system_reset

show_ticks:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    li s0, 0
1:  wfi
    la t0, ticks
    ld t0, 0(t0)
    beq t0, s0, 1b
    mv s0, t0
    la a0, text_tick
    call puts
    mv a0, s0
    call put_decimal
    call newline
    li t0, 3
    bltu s0, t0, 1b
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

# ---- the serial port

# Its FIFOs stay as firmware left them: switching them drops what somebody typed already.
uart_init:
    li t0, UART
    sb zero, IER(t0)
    li t1, 3
    sb t1, LCR(t0)
    li t1, 8
    sb t1, MCR(t0)
    ret

# In the interrupt: moves what came into the ring. When that is full, the port keeps the rest and interrupts no more until
# somebody has read.
receive:
    li t0, UART
    la t1, ring
    la t2, ring_put
    ld t3, 0(t2)
    la t4, ring_taken
    ld t4, 0(t4)
1:  lbu t5, LSR(t0)
    andi t5, t5, 1
    beqz t5, 2f
    sub t5, t3, t4
    li t6, RING
    bgeu t5, t6, 3f
    lbu t5, RBR(t0)
    andi t6, t3, RING - 1
    add t6, t1, t6
    sb t5, 0(t6)
    addi t3, t3, 1
    j 1b
3:  sb zero, IER(t0)
2:  sd t3, 0(t2)
    ret

# a0: the next character; sleeps until there is one.
getc:
1:  csrci sstatus, SIE
    la t0, ring_put
    ld t0, 0(t0)
    la t1, ring_taken
    ld t2, 0(t1)
    bne t0, t2, 2f
    wfi                         # an interrupt ends it though it is not taken yet
    csrsi sstatus, SIE
    j 1b
2:  la t0, ring
    andi t3, t2, RING - 1
    add t0, t0, t3
    lbu a0, 0(t0)
    addi t2, t2, 1
    sd t2, 0(t1)
    li t0, UART
    li t1, 1
    sb t1, IER(t0)
    csrsi sstatus, SIE
    ret

putc:
    li t0, UART
1:  lbu t1, LSR(t0)
    andi t1, t1, 32
    beqz t1, 1b
    sb a0, RBR(t0)
    ret

# The text at a0, up to its zero.
puts:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd s0, 8(sp)
    mv s0, a0
1:  lbu a0, 0(s0)
    beqz a0, 2f
    addi s0, s0, 1
    call putc
    j 1b
2:  ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 16
    ret

newline:
    la a0, text_newline
    j puts

put_decimal:
    li a1, 10
    j put_number

put_hexadecimal:
    addi sp, sp, -16
    sd ra, 0(sp)
    sd a0, 8(sp)
    la a0, text_0x
    call puts
    ld a0, 8(sp)
    ld ra, 0(sp)
    addi sp, sp, 16
    li a1, 16

# a0, unsigned, to the base a1.
put_number:
    addi sp, sp, -48
    sd ra, 0(sp)
    addi t0, sp, 47
    sb zero, 0(t0)
1:  remu t1, a0, a1
    divu a0, a0, a1
    la t2, digits
    add t2, t2, t1
    lbu t2, 0(t2)
    addi t0, t0, -1
    sb t2, 0(t0)
    bnez a0, 1b
    mv a0, t0
    call puts
    ld ra, 0(sp)
    addi sp, sp, 48
    ret

# ---- the prompt

prompt:
    la a0, text_prompt
    call puts
    la s0, line
    li s1, 0                    # characters
1:  call getc
    li t0, '\r'
    beq a0, t0, 4f
    li t0, '\n'
    beq a0, t0, 4f
    li t0, '\b'
    beq a0, t0, 3f
    li t0, 127
    beq a0, t0, 3f
    li t0, ' '
    bltu a0, t0, 1b
    li t0, LINE
    bgeu s1, t0, 1b
    add t0, s0, s1
    sb a0, 0(t0)
    addi s1, s1, 1
    call putc
    j 1b
3:  beqz s1, 1b
    addi s1, s1, -1
    la a0, text_rub_out
    call puts
    j 1b
4:  add t0, s0, s1
    sb zero, 0(t0)
    call newline
    mv a0, s0
    call skip_spaces
    lbu t0, 0(a0)
    beqz t0, prompt
    mv s0, a0
    la s1, commands
5:  ld s2, 0(s1)                # name, help, what does it
    beqz s2, 6f
    mv a0, s0
    mv a1, s2
    call starts_with
    bnez a0, 7f
    addi s1, s1, 24
    j 5b
6:  la a0, text_unknown
    call puts
    j prompt
7:  call skip_spaces            # a0: what follows the name
    ld t0, 16(s1)
    jalr t0
    j prompt

skip_spaces:
1:  lbu t0, 0(a0)
    li t1, ' '
    bne t0, t1, 2f
    addi a0, a0, 1
    j 1b
2:  ret

# Whether the first word at a0 is the one at a1: where the text goes on, or 0.
starts_with:
1:  lbu t0, 0(a1)
    lbu t1, 0(a0)
    beqz t0, 2f
    bne t0, t1, 3f
    addi a0, a0, 1
    addi a1, a1, 1
    j 1b
2:  beqz t1, 4f
    li t0, ' '
    beq t1, t0, 4f
3:  li a0, 0
4:  ret

# Whether the texts at a0 and a1 are the same.
equal:
1:  lbu t0, 0(a0)
    lbu t1, 0(a1)
    bne t0, t1, 2f
    addi a0, a0, 1
    addi a1, a1, 1
    bnez t0, 1b
    li a0, 1
    ret
2:  li a0, 0
    ret

# The number at a0, decimal or with 0x: in a0, and in a1 whether it is one.
number:
    li a2, 10
    lbu t0, 0(a0)
    li t1, '0'
    bne t0, t1, 1f
    lbu t0, 1(a0)
    li t1, 'x'
    bne t0, t1, 1f
    addi a0, a0, 2
    li a2, 16
1:  mv t2, a0
    li a0, 0
    li a1, 0
2:  lbu t0, 0(t2)
    addi t2, t2, 1
    beqz t0, 5f
    li t1, '9'
    bgtu t0, t1, 3f
    addi t0, t0, -'0'
    j 4f
3:  ori t0, t0, 0x20            # a small letter
    addi t0, t0, -'a' + 10
    li t1, 10
    bltu t0, t1, 6f
4:  bgeu t0, a2, 6f
    mul a0, a0, a2
    add a0, a0, t0
    li a1, 1
    j 2b
6:  li a1, 0
5:  ret

# ---- commands; a0 is the text behind the name

do_help:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    la s0, commands
1:  ld a0, 8(s0)
    beqz a0, 2f
    call puts
    addi s0, s0, 24
    j 1b
2:  ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

do_echo:
    addi sp, sp, -16
    sd ra, 0(sp)
    call puts
    call newline
    ld ra, 0(sp)
    addi sp, sp, 16
    ret

do_hart:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    call show_machine
    li s0, 0
1:  la a0, text_hart
    call puts
    mv a0, s0
    call put_decimal
    mv a0, s0
    li a6, 2                    # sbi_hart_get_status
    li a7, SBI_HSM
    ecall
    la t0, states
    slli a1, a1, 3
    add t0, t0, a1
    ld a0, 0(t0)
    call puts
    addi s0, s0, 1
    la t0, harts
    ld t0, 0(t0)
    bltu s0, t0, 1b
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

do_time:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    rdtime s0
    la t0, frequency
    ld t0, 0(t0)
    li t1, 1000
    divu t0, t0, t1
    divu s0, s0, t0
    mv a0, s0
    call put_decimal
    la a0, text_milliseconds
    call puts
    la t0, ticks
    ld a0, 0(t0)
    call put_decimal
    la a0, text_ticks
    call puts
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

# All harts count; one that is free takes the next piece.
do_primes:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    call number
    mv s0, a0
    la a0, text_number_needed
    beqz a1, 3f
    li t0, MOST
    bgtu s0, t0, 3f
    rdtime s1
    la t0, limit
    sd s0, 0(t0)
    la t0, next
    sd zero, 0(t0)
    la t0, primes
    sd zero, 0(t0)
    la t0, finished
    sd zero, 0(t0)
    fence rw, rw
    la t0, job
    ld t1, 0(t0)
    addi t1, t1, 1
    sd t1, 0(t0)
    fence rw, rw
    la t0, harts                # call all but this one
    ld t0, 0(t0)
    li a0, 1
    sll a0, a0, t0
    addi a0, a0, -1
    andi a0, a0, (1 << HARTS) - 1
    li t1, 1
    sll t1, t1, tp
    not t1, t1
    and a0, a0, t1
    beqz a0, 1f
    li a1, 0
    li a6, 0                    # sbi_send_ipi
    li a7, SBI_IPI
    ecall
1:  call count_primes
2:  fence rw, rw                # the others may still have a piece
    la t0, finished
    ld t0, 0(t0)
    addi t0, t0, 1
    la t1, harts
    ld t1, 0(t1)
    li t2, HARTS
    bleu t1, t2, 4f
    mv t1, t2
4:  bltu t0, t1, 2b
    la t0, primes
    ld a0, 0(t0)
    call put_decimal
    la a0, text_primes
    call puts
    mv a0, s0
    call put_decimal
    la a0, text_took
    call puts
    rdtime a0
    sub a0, a0, s1
    la t0, frequency
    ld t0, 0(t0)
    li t1, 1000
    divu t0, t0, t1
    divu a0, a0, t0
    call put_decimal
    la a0, text_took_milliseconds
3:  call puts
    ld ra, 0(sp)
    ld s0, 8(sp)
    ld s1, 16(sp)
    addi sp, sp, 32
    ret

# Takes pieces until there are none, and adds up what is prime in them.
count_primes:
    la t0, limit
    ld a1, 0(t0)
    li a2, 0                    # found
1:  la t0, next
    li t1, PIECE
    amoadd.d t2, t1, (t0)       # the piece begins at t2
    bgtu t2, a1, 6f
    add t3, t2, t1              # and ends before t3
    bleu t3, a1, 2f
    addi t3, a1, 1
2:  bgeu t2, t3, 1b
    li t4, 2
    bltu t2, t4, 5f
    beq t2, t4, 4f
    andi t5, t2, 1
    beqz t5, 5f
    li t4, 3
3:  mul t5, t4, t4
    bgtu t5, t2, 4f
    remu t5, t2, t4
    beqz t5, 5f
    addi t4, t4, 2
    j 3b
4:  addi a2, a2, 1
5:  addi t2, t2, 1
    j 2b
6:  la t0, primes
    amoadd.d.aqrl zero, a2, (t0)
    ret

# Reads a word anywhere. Where nothing is mapped, that is an exception, and the guest lives on.
do_peek:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    call number
    mv s0, a0
    la a0, text_number_needed
    beqz a1, 2f
    la t0, catch
    la t1, 1f
    sd t1, 0(t0)
    ld s0, 0(s0)
    sd zero, 0(t0)
    mv a0, s0
    call put_hexadecimal
    la a0, text_newline
    j 2f
1:  la a0, text_exception
    call puts
    csrr a0, scause
    call put_decimal
    la a0, text_exception_at
    call puts
    csrr a0, stval
    call put_hexadecimal
    la a0, text_newline
2:  call puts
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

do_reset:
    la a0, text_reset
    call puts
    li a0, 1                    # cold reboot
    li a1, 0
    j system_reset

do_poweroff:
    la a0, text_poweroff
    call puts
    li a0, 0                    # shut down
    li a1, 0

system_reset:
    li a6, 0                    # sbi_system_reset
    li a7, SBI_SRST
    ecall
1:  wfi
    j 1b

# ---- numbers as the device tree has them

be32:
    lbu t0, 0(a0)
    lbu t1, 1(a0)
    lbu t2, 2(a0)
    lbu t3, 3(a0)
    slli t0, t0, 24
    slli t1, t1, 16
    slli t2, t2, 8
    or t0, t0, t1
    or t2, t2, t3
    or a0, t0, t2
    ret

be64:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd a0, 16(sp)
    call be32
    slli s0, a0, 32
    ld a0, 16(sp)
    addi a0, a0, 4
    call be32
    or a0, a0, s0
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret

# ---- data

.balign 8
commands:
    .dword name_help, help_help, do_help
    .dword name_echo, help_echo, do_echo
    .dword name_hart, help_hart, do_hart
    .dword name_time, help_time, do_time
    .dword name_primes, help_primes, do_primes
    .dword name_peek, help_peek, do_peek
    .dword name_reset, help_reset, do_reset
    .dword name_poweroff, help_poweroff, do_poweroff
    .dword 0, 0, 0
states:                         # SBI, "HSM Hart States"
    .dword state_started, state_stopped, state_start_pending, state_stop_pending, state_suspended
boot_hart:
    .dword 0
harts:
    .dword 0
frequency:
    .dword 10000000
memory:
    .dword 0, 0
ticks:
    .dword 0
catch:                          # where to go on after an exception that is expected
    .dword 0
ring_put:
    .dword 0
ring_taken:
    .dword 0
job:
    .dword 0
limit:
    .dword 0
next:
    .dword 0
primes:
    .dword 0
finished:
    .dword 0
arrived:
    .zero HARTS
ring:
    .zero RING
line:
    .zero LINE + 1

banner:
    .asciz "\r\nA small guest of Rhea's, assembled by Rhea.\r\n\n"
hint:
    .asciz "\r\n'help' lists the commands, 'poweroff' ends it.\r\n"
text_prompt:
    .asciz "> "
text_newline:
    .asciz "\r\n"
text_rub_out:
    .asciz "\b \b"
text_0x:
    .asciz "0x"
digits:
    .ascii "0123456789abcdef"
text_hart:
    .asciz "hart "
text_of:
    .asciz " of "
text_vendor:
    .asciz ": mvendorid "
text_architecture:
    .asciz ", marchid "
text_implementation:
    .asciz ", mimpid "
text_firmware:
    .asciz "\r\nSBI specification "
text_firmware_id:
    .asciz ", implementation "
text_memory:
    .asciz "\r\nmemory: "
text_at:
    .asciz " MiB at "
text_paging:
    .asciz "Sv39 is on: what is at "
text_alias:
    .asciz " is at "
text_full_stop:
    .asciz " too\r\n"
text_but_not:
    .asciz " NOT\r\n"
text_is_up:
    .asciz " is up\r\n"
text_does_not_start:
    .asciz " does not start\r\n"
text_tick:
    .asciz "timer interrupt "
text_panic:
    .asciz "\r\nunexpected exception: scause "
text_panic_at:
    .asciz ", sepc "
text_unknown:
    .asciz "there is no such command; 'help' lists them\r\n"
text_number_needed:
    .asciz "a number is needed, at most 10000000 for primes\r\n"
text_milliseconds:
    .asciz " ms, "
text_ticks:
    .asciz " timer interrupts\r\n"
text_primes:
    .asciz " primes up to "
text_took:
    .asciz ", in "
text_took_milliseconds:
    .asciz " ms\r\n"
text_exception:
    .asciz "exception "
text_exception_at:
    .asciz " at "
text_reset:
    .asciz "once more\r\n"
text_poweroff:
    .asciz "good bye\r\n"
state_started:
    .asciz " is started\r\n"
state_stopped:
    .asciz " is stopped\r\n"
state_start_pending:
    .asciz " is about to start\r\n"
state_stop_pending:
    .asciz " is about to stop\r\n"
state_suspended:
    .asciz " is suspended\r\n"
name_timebase:
    .asciz "timebase-frequency"
name_reg:
    .asciz "reg"
name_help:
    .asciz "help"
help_help:
    .asciz "help          this list\r\n"
name_echo:
    .asciz "echo"
help_echo:
    .asciz "echo TEXT     prints it\r\n"
name_hart:
    .asciz "hart"
help_hart:
    .asciz "hart          the machine, and what its harts do\r\n"
name_time:
    .asciz "time"
help_time:
    .asciz "time          since power-on\r\n"
name_primes:
    .asciz "primes"
help_primes:
    .asciz "primes N      counts the primes up to N, on all harts\r\n"
name_peek:
    .asciz "peek"
help_peek:
    .asciz "peek ADDRESS  reads a doubleword\r\n"
name_reset:
    .asciz "reset"
help_reset:
    .asciz "reset         starts again\r\n"
name_poweroff:
    .asciz "poweroff"
help_poweroff:
    .asciz "poweroff      ends it\r\n"

.balign 4096
root:                           # the page table
    .zero 4096
stacks:                         # of the first hart, then by number
    .zero STACK * (HARTS + 1)
