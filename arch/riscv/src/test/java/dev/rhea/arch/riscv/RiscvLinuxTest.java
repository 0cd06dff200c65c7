package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.arch.riscv.vector.VectorState;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi.SavedContext;
import dev.rhea.engine.abi.LinuxAbi.SignalFrame;
import dev.rhea.engine.cpu.Cpu;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RiscvLinuxTest {
    private static final long TOP = 0x20000;

    /** 64 KiB that end at {@link #TOP}. */
    private static final class Memory implements GuestMemory {
        private final byte[] bytes = new byte[0x10000];

        private int index(long address, int length) {
            if (address < TOP - bytes.length || address + length > TOP) {
                throw new BadAddress(address);
            }
            return (int) (address - TOP + bytes.length);
        }

        @Override
        public long read(long address, int size) {
            long value = 0;
            for (int i = 0, at = index(address, size); i < size; i++) {
                value |= (bytes[at + i] & 255L) << 8 * i;
            }
            return value;
        }

        @Override
        public void write(long address, long value, int size) {
            for (int i = 0, at = index(address, size); i < size; i++) {
                bytes[at + i] = (byte) (value >>> 8 * i);
            }
        }

        @Override
        public void read(long address, byte[] to, int offset, int length) {
            System.arraycopy(bytes, index(address, length), to, offset, length);
        }

        @Override
        public void write(long address, byte[] from, int offset, int length) {
            System.arraycopy(from, offset, bytes, index(address, length), length);
        }
    }

    private static SignalFrame signal(long stack) {
        byte[] siginfo = new byte[128];
        siginfo[0] = 11;
        return new SignalFrame(11, stack, siginfo, 0x123456789abcL, 0x7000, 2, 0x1000, 0x4000, 0, 0x5000);
    }

    private static Cpu cpu(Riscv isa) {
        Cpu cpu = isa.newCpu((c, address, access) -> 0);
        for (int i = 1; i < 64; i++) {
            cpu.r[i] = isa.xlen() == 32 && i < 32 ? -i * 0x1000_001 : -i * 0x1000_0000_0001L;
        }
        cpu.pc = 0x1234_5678L;
        ((RiscvCpu) cpu).fcsr(0x65);
        return cpu;
    }

    @ParameterizedTest
    @CsvSource({"64, 8, 304, 168, 560", "32, 4, 288, 148, 416"})
    void theFrameIsLinuxs(int xlen, int word, int registers, int endOfMask, int floats) {
        Riscv isa = Riscv.of(xlen, Extensions.GC);
        var linux = new RiscvLinux(isa);
        var memory = new Memory();
        Cpu cpu = cpu(isa);
        long[] before = cpu.r.clone();
        assertThat(linux.enterHandler(cpu, memory, signal(TOP - 8))).isTrue();
        long frame = linux.stackPointer(cpu);
        assertThat(frame % 16).isZero();
        assertThat(cpu.pc).isEqualTo(0x4000);
        assertThat(cpu.r[1]).isEqualTo(0x5000);
        assertThat(cpu.r[10]).isEqualTo(11);
        assertThat(cpu.r[11]).isEqualTo(frame);
        assertThat(cpu.r[12]).isEqualTo(frame + 128);
        assertThat(memory.read(frame, 4)).as("si_signo").isEqualTo(11);
        // struct ucontext: flags, link, stack_t, mask and room for more
        assertThat(memory.read(frame + 128 + 2 * word, word)).as("ss_sp").isEqualTo(0x7000);
        assertThat(memory.read(frame + 128 + endOfMask - 128, 8))
                .as("uc_sigmask")
                .isEqualTo(0x123456789abcL);
        assertThat(memory.read(frame + registers, word)).as("pc").isEqualTo(0x1234_5678L);
        long mask = xlen == 32 ? 0xffffffffL : -1;
        assertThat(memory.read(frame + registers + 17 * word, word)).as("a7").isEqualTo(before[17] & mask);
        assertThat(memory.read(frame + floats + 31 * 8, 8)).as("f31").isEqualTo(before[63]);
        assertThat(memory.read(frame + floats + 32 * 8, 4)).as("fcsr").isEqualTo(0x65);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void whatAHandlerInterruptedComesBack(int xlen) {
        Riscv isa = Riscv.of(xlen, Extensions.GC);
        var linux = new RiscvLinux(isa);
        var memory = new Memory();
        Cpu cpu = cpu(isa);
        long[] before = cpu.r.clone();
        assertThat(linux.enterHandler(cpu, memory, signal(TOP))).isTrue();
        long frame = cpu.r[2];
        Arrays.fill(cpu.r, 7);
        ((RiscvCpu) cpu).fcsr(0);
        cpu.r[2] = frame;
        assertThat(linux.leaveHandler(cpu, memory)).isEqualTo(new SavedContext(0x123456789abcL, 0x7000, 2, 0x1000));
        assertThat(Arrays.copyOfRange(cpu.r, 1, 64)).isEqualTo(Arrays.copyOfRange(before, 1, 64));
        assertThat(cpu.pc).isEqualTo(0x1234_5678L);
        assertThat(((RiscvCpu) cpu).fcsr()).isEqualTo(0x65);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void vectorsComeBackToo(int xlen) {
        Riscv isa = RandomWords.everything(xlen);
        var linux = new RiscvLinux(isa);
        var memory = new Memory();
        RiscvCpu cpu = (RiscvCpu) cpu(isa);
        byte[] registers = cpu.vector().registers();
        for (int i = 0; i < registers.length; i++) {
            registers[i] = (byte) (i * 7);
        }
        cpu.vector().restore(1, 3, 0x10, 5, registers);
        assertThat(linux.enterHandler(cpu, memory, signal(TOP))).isTrue();
        long frame = linux.stackPointer(cpu);
        long header = frame + 128 + (xlen == 64 ? 176 + 256 : 160 + 128) + 520;
        assertThat(memory.read(header, 4)).isEqualTo(0x53465457);
        assertThat(memory.read(header + 8 + 4 * xlen / 8, xlen / 8)).as("vlenb").isEqualTo(16);
        cpu.vector().restore(0, 0, -1, 0, new byte[registers.length]);
        linux.leaveHandler(cpu, memory);
        assertThat(cpu.vector().registers()).isEqualTo(registers);
        assertThat(cpu.vector().csr(VectorState.VL, xlen)).isEqualTo(3);
        assertThat(cpu.vector().csr(VectorState.VTYPE, xlen)).isEqualTo(0x10);
        assertThat(cpu.vector().csr(VectorState.VSTART, xlen)).isEqualTo(1);
        assertThat(cpu.vector().csr(VectorState.VCSR, xlen)).isEqualTo(5);
        memory.write(header + 4, 12, 4);
        cpu.r[2] = frame;
        assertThatThrownBy(() -> linux.leaveHandler(cpu, memory)).isInstanceOf(GuestMemory.BadAddress.class);
    }

    @Test
    void aFrameThatCannotBeWrittenOrReadIsSaid() {
        Riscv isa = Riscv.of(64, Extensions.GC);
        var linux = new RiscvLinux(isa);
        var memory = new Memory();
        Cpu cpu = cpu(isa);
        assertThat(linux.enterHandler(cpu, memory, signal(TOP - 0x10000 + 64))).isFalse();
        cpu.r[2] = 0;
        assertThatThrownBy(() -> linux.leaveHandler(cpu, memory)).isInstanceOf(GuestMemory.BadAddress.class);
    }

    @Test
    void callsHaveTheNumbersOfLinuxsTable() {
        var wide = new RiscvLinux(Riscv.of(64, Extensions.GC));
        var narrow = new RiscvLinux(Riscv.of(32, Extensions.GC));
        assertThat(wide.syscallName(64)).isEqualTo("write");
        assertThat(wide.syscallName(221)).isEqualTo("execve");
        assertThat(wide.syscallName(98)).isEqualTo("futex");
        assertThat(narrow.syscallName(98)).isNull();
        assertThat(narrow.syscallName(422)).isEqualTo("futex_time64");
        assertThat(narrow.syscallName(222)).isEqualTo("mmap2");
        assertThat(wide.syscallName(258)).isEqualTo("riscv_hwprobe");
        assertThat(wide.syscallName(259)).isEqualTo("riscv_flush_icache");
        assertThat(wide.syscallName(-1)).isNull();
        assertThat(wide.syscallName(1 << 20)).isNull();
    }

    /** Bits 17 to 26: Zvbb, Zvbc, Zvkb, Zvkg, Zvkned, Zvknha, Zvknhb, Zvksed, Zvksh, Zvkt (kernel documentation, hwprobe.rst). */
    @ParameterizedTest
    @CsvSource({
        "'rv64,v=on,zvkn=on', 1001010100",
        "'rv64,v=on,zvksg=on', 1110001100",
        "'rv64,v=on,zvbb=on,zvknha=on', 0000100101",
        "'rv64,v=on,zvbc=on', 0000000010",
        "max, 1111111111"
    })
    void theProbeTellsWhichVectorCiphersThereAre(String model, String bits) throws BadCpu {
        var memory = new Memory();
        long pair = TOP - 16;
        memory.write(pair, 4, 8);
        var probe = new HardwareProbe(
                (Riscv) new RiscvArchitecture().guest("riscv64", model).isa());
        assertThat(probe.run(memory, new long[] {pair, 1, 0, 0, 0, 0})).isZero();
        assertThat(memory.read(pair + 8, 8) >>> 17 & 0x3ff).isEqualTo(Long.parseLong(bits, 2));
    }
}
