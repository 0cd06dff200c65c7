package dev.rhea.arch.riscv;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import org.jspecify.annotations.Nullable;

/**
 * Linux on RISC-V: numbers and layouts of its {@code asm/unistd.h}, {@code asm/ucontext.h}, {@code asm/sigcontext.h} and
 * {@code asm/ptrace.h}, and the calling convention of {@code ecall} (number in a7, arguments in a0 to a5, result in a0).
 */
public final class RiscvLinux implements LinuxAbi {
    private static final int RA = 1;
    private static final int SP = 2;
    private static final int TP = 4;
    private static final int A0 = 10;
    private static final int A7 = 17;

    private static final int EINVAL = 22;

    private static final int SIGILL = 4;
    private static final int SIGTRAP = 5;
    private static final int SIGBUS = 7;
    private static final int ILL_ILLOPC = 1;
    private static final int TRAP_BRKPT = 1;
    private static final int BUS_ADRALN = 1;

    private static final int SIGINFO_SIZE = 128;
    /** Bytes that {@code uc_sigmask} may grow to. */
    private static final int SIGMASK_ROOM = 128;
    /** {@code union __riscv_fp_state}: 64 doublewords, fcsr, three reserved words. */
    private static final int FP_SIZE = 64 * 8 + 16;
    /** {@code fcsr} in {@code struct __riscv_d_ext_state}. */
    private static final int FCSR = 32 * 8;
    /** A reserved word, which {@code rt_sigreturn} wants to be 0. */
    private static final int RESERVED = 64 * 8 + 4;
    /** The list of extensions' states, whose header of two words is all there is of it where there are none. */
    private static final int EXTENSIONS = RESERVED + 4;

    private final Riscv isa;
    private final int word;
    private final @Nullable String[] names;

    // offsets in struct ucontext
    private final int altStack;
    private final int sigmask;
    private final int mcontext;

    // offsets in struct rt_sigframe
    private final int fpState;
    private final int frameSize;
    /** Null without V. */
    private final @Nullable VectorContext vectors;

    public RiscvLinux(Riscv isa) {
        this.isa = isa;
        word = isa.xlen() / 8;
        names = SyscallNames.of(isa.xlen());
        altStack = 2 * word;
        sigmask = altStack + 3 * word;
        // the floating-point state is aligned to 16 bytes
        mcontext = sigmask + SIGMASK_ROOM + 15 & -16;
        fpState = SIGINFO_SIZE + mcontext + 32 * word;
        vectors = isa.extensions().has(Extension.V) ? new VectorContext(word, isa.vlen() / 8) : null;
        frameSize = fpState + FP_SIZE + (vectors == null ? 0 : vectors.frameBytes());
    }

    @Override
    public int elfMachine() {
        return 243;
    }

    @Override
    public int wordSize() {
        return word;
    }

    @Override
    public boolean bigEndian() {
        return false;
    }

    @Override
    public String machine() {
        return isa.name();
    }

    @Override
    public @Nullable String syscallName(int number) {
        return number >= 0 && number < names.length ? names[number] : null;
    }

    @Override
    public @Nullable ArchitectureCall architectureCall(String name) {
        return switch (name) {
            case "riscv_hwprobe" -> {
                HardwareProbe probe = new HardwareProbe(isa);
                yield (cpu, memory, a) -> probe.run(memory, a);
            }
            // Code that was written is always seen here; of the flags only SYS_RISCV_FLUSH_ICACHE_LOCAL is there.
            case "riscv_flush_icache" -> (cpu, memory, a) -> (a[2] & ~1) != 0 ? -EINVAL : 0;
            default -> null;
        };
    }

    @Override
    public boolean isSyscall(int trap) {
        return trap == Traps.ECALL_U;
    }

    @Override
    public int syscallNumber(Cpu cpu) {
        return (int) cpu.r[A7];
    }

    @Override
    public long argument(Cpu cpu, int index) {
        return cpu.r[A0 + index];
    }

    @Override
    public void finishSyscall(Cpu cpu, long result) {
        cpu.r[A0] = register(result);
        cpu.pc = address(cpu.pc + 4);
    }

    @Override
    public void restartSyscall(Cpu cpu, int number, long argument0) {
        cpu.r[A7] = number;
        cpu.r[A0] = register(argument0);
    }

    @Override
    public TrapSignal signalOf(Cpu cpu) {
        return switch (cpu.trap) {
            case Traps.ILLEGAL_INSTRUCTION -> new TrapSignal(SIGILL, ILL_ILLOPC, cpu.pc);
            case Traps.BREAKPOINT -> new TrapSignal(SIGTRAP, TRAP_BRKPT, cpu.pc);
            case Traps.INSTRUCTION_MISALIGNED, Traps.LOAD_MISALIGNED, Traps.STORE_MISALIGNED ->
                new TrapSignal(SIGBUS, BUS_ADRALN, address(cpu.trapValue));
            default -> throw new IllegalStateException("trap " + cpu.trap + " is none that RISC-V's rows raise");
        };
    }

    @Override
    public long stackPointer(Cpu cpu) {
        return address(cpu.r[SP]);
    }

    @Override
    public void setStackPointer(Cpu cpu, long value) {
        cpu.r[SP] = register(value);
    }

    @Override
    public void setThreadPointer(Cpu cpu, long value) {
        cpu.r[TP] = register(value);
    }

    @Override
    public void startProgram(Cpu cpu, long entry, long stack) {
        cpu.clearRegisters();
        ((RiscvCpu) cpu).fcsr(0);
        if (vectors != null) {
            ((RiscvCpu) cpu).vector().restore(0, 0, -1, 0, new byte[32 * isa.vlen() / 8]);
        }
        cpu.unreserve();
        setStackPointer(cpu, stack);
        cpu.pc = entry;
    }

    /** One bit per single-letter extension, A in bit 0. */
    @Override
    public long hwcap() {
        long bits = letter('I');
        for (Extension extension : isa.extensions()) {
            if (extension.name().length() == 1) {
                bits |= letter(extension.name().charAt(0));
            }
        }
        return bits;
    }

    private static long letter(char letter) {
        return 1L << letter - 'A';
    }

    @Override
    public @Nullable String platform() {
        return null;
    }

    @Override
    public String interpreterPath() {
        return isa.xlen() == 64 ? "/lib/ld-linux-riscv64-lp64d.so.1" : "/lib/ld-linux-riscv32-ilp32d.so.1";
    }

    @Override
    public boolean enterHandler(Cpu cpu, GuestMemory memory, SignalFrame signal) {
        long frame = address(signal.stack() - frameSize & -16);
        long ucontext = frame + SIGINFO_SIZE;
        try {
            memory.write(frame, signal.siginfo(), 0, SIGINFO_SIZE);
            memory.write(ucontext, new byte[mcontext], 0, mcontext);
            memory.write(ucontext + altStack, signal.altStackPointer(), word);
            memory.write(ucontext + altStack + word, signal.altStackFlags(), 4);
            memory.write(ucontext + altStack + 2 * word, signal.altStackSize(), word);
            memory.write(ucontext + sigmask, signal.mask(), 8);
            writeRegisters(cpu, memory, ucontext + mcontext);
            writeFloats((RiscvCpu) cpu, memory, frame + fpState);
            if (vectors != null) {
                vectors.write(((RiscvCpu) cpu).vector(), memory, frame + fpState + EXTENSIONS);
            }
        } catch (GuestMemory.BadAddress e) {
            return false;
        }
        cpu.r[A0] = signal.signal();
        cpu.r[A0 + 1] = register(frame);
        cpu.r[A0 + 2] = register(ucontext);
        cpu.r[SP] = register(frame);
        cpu.r[RA] = register(signal.trampoline());
        cpu.pc = address(signal.handler());
        cpu.unreserve();
        return true;
    }

    private void writeRegisters(Cpu cpu, GuestMemory memory, long at) {
        byte[] bytes = new byte[32 * word];
        put(bytes, 0, cpu.pc, word);
        for (int i = 1; i < 32; i++) {
            put(bytes, i * word, cpu.r[i], word);
        }
        memory.write(at, bytes, 0, bytes.length);
    }

    private static void writeFloats(RiscvCpu cpu, GuestMemory memory, long at) {
        byte[] bytes = new byte[FP_SIZE];
        for (int i = 0; i < 32; i++) {
            put(bytes, i * 8, cpu.r[32 + i], 8);
        }
        put(bytes, FCSR, cpu.fcsr(), 4);
        memory.write(at, bytes, 0, bytes.length);
    }

    @Override
    public SavedContext leaveHandler(Cpu cpu, GuestMemory memory) {
        long frame = stackPointer(cpu);
        long ucontext = frame + SIGINFO_SIZE;
        byte[] context = new byte[fpState + FP_SIZE - SIGINFO_SIZE];
        memory.read(ucontext, context, 0, context.length);
        int floats = fpState - SIGINFO_SIZE;
        if (get(context, floats + RESERVED, 4) != 0 || vectors == null && get(context, floats + EXTENSIONS, 8) != 0) {
            throw new GuestMemory.BadAddress(ucontext + floats + RESERVED);
        }
        if (vectors != null) {
            vectors.read(((RiscvCpu) cpu).vector(), memory, ucontext + floats + EXTENSIONS);
        }
        for (int i = 1; i < 32; i++) {
            cpu.r[i] = register(get(context, mcontext + i * word, word));
        }
        for (int i = 0; i < 32; i++) {
            cpu.r[32 + i] = get(context, floats + i * 8, 8);
        }
        ((RiscvCpu) cpu).fcsr((int) get(context, floats + FCSR, 4));
        cpu.pc = address(get(context, mcontext, word)) & -2;
        cpu.unreserve();
        return new SavedContext(
                get(context, sigmask, 8),
                get(context, altStack, word),
                (int) get(context, altStack + word, 4),
                get(context, altStack + 2 * word, word));
    }

    /** {@code addi a7, zero, 139; ecall}. */
    @Override
    public byte[] sigreturnCode() {
        byte[] code = new byte[8];
        put(code, 0, 0x08b00893, 4);
        put(code, 4, 0x00000073, 4);
        return code;
    }

    private static void put(byte[] to, int at, long value, int size) {
        for (int i = 0; i < size; i++) {
            to[at + i] = (byte) (value >>> 8 * i);
        }
    }

    private static long get(byte[] from, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (from[at + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    /** A value as a register's slot has it: 32 bits are sign-extended. */
    private long register(long value) {
        return word == 4 ? (int) value : value;
    }

    /** A value as an address: 32 bits are zero-extended. */
    private long address(long value) {
        return word == 4 ? value & 0xffffffffL : value;
    }

    /** psABI, "Register Convention". */
    @Override
    public String registerNames(String register) {
        return Riscv.registerNames(register);
    }
}
