package dev.rhea.user.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Errno;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ELF files as linkers make them, and as attackers do. */
final class ElfImageTest {
    private static final int MACHINE = 243;

    /** A 64-bit little-endian ABI of which only what ELF needs is asked. */
    private static final LinuxAbi ABI = (LinuxAbi) Proxy.newProxyInstance(
            LinuxAbi.class.getClassLoader(),
            new Class<?>[] {LinuxAbi.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "elfMachine" -> MACHINE;
                case "wordSize" -> 8;
                case "bigEndian" -> false;
                case "machine" -> "riscv64";
                case "hwcap" -> 0x112dL;
                case "platform" -> null;
                default -> throw new AssertionError(method.getName());
            });

    /** Text at 0x10000 with the headers, data with bss in the next page, an interpreter, an executable stack. */
    private static byte[] program(int type, long base) {
        ByteBuffer b = ByteBuffer.allocate(0x3000).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        b.putShort(16, (short) type).putShort(18, (short) MACHINE).putInt(20, 1);
        b.putLong(24, base + 0x200)
                .putLong(32, 64)
                .putShort(52, (short) 64)
                .putShort(54, (short) 56)
                .putShort(56, (short) 4);
        header(b, 0, 1, 5, 0, base, 0x1000, 0x1000, 0x1000);
        header(b, 1, 1, 6, 0x1f00, base + 0x2f00, 0x80, 0x2000, 0x1000);
        header(b, 2, 3, 4, 0x300, base + 0x300, 10, 10, 1);
        header(b, 3, 0x6474e551, 7, 0, 0, 0, 0, 16);
        byte[] bytes = b.array();
        System.arraycopy("/lib/ld.so\0".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0x300, 10);
        bytes[0x309] = 0;
        return bytes;
    }

    private static void header(
            ByteBuffer b,
            int i,
            int type,
            int flags,
            long offset,
            long address,
            long fileSize,
            long memorySize,
            long alignment) {
        int at = 64 + 56 * i;
        b.putInt(at, type)
                .putInt(at + 4, flags)
                .putLong(at + 8, offset)
                .putLong(at + 16, address)
                .putLong(at + 24, address);
        b.putLong(at + 32, fileSize).putLong(at + 40, memorySize).putLong(at + 48, alignment);
    }

    @Test
    void readsWhatALinkerWrote() throws ElfException {
        ElfImage image = ElfImage.read(new BytesFile(program(2, 0x10000)), ABI);
        assertThat(image.entry()).isEqualTo(0x10200);
        assertThat(image.segments()).hasSize(2);
        assertThat(image.segments().get(1).protection()).isEqualTo(ImageMemory.READ | ImageMemory.WRITE);
        assertThat(image.interpreter()).isEqualTo("/lib/ld.so".substring(0, 9));
        assertThat(image.executableStack()).isTrue();
    }

    @Test
    void mapsProgramAndInterpreterAndClearsTheirTails() throws ElfException {
        var program = new BytesFile(program(2, 0x10000));
        var linker = new BytesFile(program(3, 0));
        var memory = new SketchMemory(program, linker);
        ProgramLoader.Loaded loaded = new ProgramLoader(memory, ABI, path -> linker).load(program);
        assertThat(loaded.entry()).isEqualTo(0x10200);
        assertThat(loaded.base()).isEqualTo(0x7f0000000000L);
        assertThat(loaded.start()).isEqualTo(0x7f0000000200L);
        assertThat(loaded.headers()).isEqualTo(0x10040);
        assertThat(memory.breakAddress).isEqualTo(0x15000);
        assertThat(memory.written).containsEntry(0x12f80L, (byte) 0);
        assertThat(memory.written).doesNotContainKey(0x12f7fL);
    }

    @Test
    void refusesAFileOfAnotherMachineByName() {
        byte[] bytes = program(2, 0x10000);
        bytes[18] = 62;
        assertThatThrownBy(() -> ElfImage.read(new BytesFile(bytes), ABI))
                .isInstanceOf(ElfException.class)
                .hasMessageContaining("e_machine 62")
                .hasMessageContaining("riscv64");
    }

    @Test
    void refusesOverlappingSegments() {
        byte[] bytes = program(2, 0x10000);
        header(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 1, 1, 6, 0xf00, 0x10f00, 0x80, 0x80, 0x1000);
        assertThatThrownBy(() -> ElfImage.read(new BytesFile(bytes), ABI)).hasMessageContaining("overlap");
    }

    @Test
    void refusesASegmentThatNeedsMoreAddressesThanThereAre() {
        byte[] bytes = program(2, 0x10000);
        header(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 1, 1, 6, 0x1f00, 0x12f00, 0x80, 1L << 62, 0x1000);
        var file = new BytesFile(bytes);
        assertThatThrownBy(() -> new ProgramLoader(new SketchMemory(file), ABI, path -> file).load(file))
                .isInstanceOf(ElfException.class)
                .hasMessageContaining("addresses");
    }

    @Test
    void refusesEveryTruncationOfTheHeaders() {
        byte[] whole = program(2, 0x10000);
        for (int length = 0; length < 0x1f80; length++) {
            var file = new BytesFile(java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ElfImage.read(file, ABI)).isInstanceOf(ElfException.class);
        }
    }

    @Test
    void loadsOrRefusesEveryMutationAndNeverAsksForNonsense() {
        for (int seed = 0; seed < 20_000; seed++) {
            var random = new Random(seed);
            byte[] bytes = program(random.nextBoolean() ? 2 : 3, 0x10000);
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(64 + 4 * 56);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
            }
            var file = new BytesFile(bytes);
            var memory = new SketchMemory(file);
            try {
                new ProgramLoader(memory, ABI, path -> file).load(file);
            } catch (ElfException refused) {
                assertThat(refused.errno()).as("seed %d", seed).isPositive();
                assertThat(refused).hasMessageStartingWith("test.elf ");
            } catch (Errno noRoom) {
                assertThat(noRoom.number).as("seed %d", seed).isEqualTo(Errno.ENOMEM);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void stackHoldsArgumentsEnvironmentAndAuxiliaryVector() {
        var memory = new SketchMemory();
        long top = memory.mapStack(0x10000, false);
        var program = new ProgramLoader.Loaded(0x1000, 0x2000, 0x40, 56, 4, 0x3000, false);
        InitialStack.Built built = new InitialStack(memory, ABI, top)
                .build(
                        0x10000,
                        program,
                        "prog".getBytes(StandardCharsets.US_ASCII),
                        List.of("a".getBytes(StandardCharsets.US_ASCII), "bc".getBytes(StandardCharsets.US_ASCII)),
                        List.of("X=1".getBytes(StandardCharsets.US_ASCII)),
                        new InitialStack.Identity(1, 2, 3, 4),
                        new byte[16]);
        long sp = built.pointer();
        assertThat(sp % 16).isZero();
        assertThat(memory.read(sp, 8)).isEqualTo(2);
        long second = memory.read(sp + 16, 8);
        assertThat(memory.read(second, 1)).isEqualTo('b');
        assertThat(memory.read(second + 2, 1)).isZero();
        assertThat(memory.read(sp + 24, 8)).isZero();
        assertThat(memory.read(memory.read(sp + 32, 8), 1)).isEqualTo('X');
        assertThat(memory.read(sp + 40, 8)).isZero();
        assertThat(memory.read(sp + 48, 8)).isEqualTo(InitialStack.AT_PHDR);
        assertThat(memory.read(sp + 56, 8)).isEqualTo(0x40);
        assertThat(built.argumentEnd() - built.argumentStart()).isEqualTo(5);
    }

    @Test
    void refusesArgumentsOverAQuarterOfTheStack() {
        var memory = new SketchMemory();
        long top = memory.mapStack(0x10000, false);
        var program = new ProgramLoader.Loaded(0x1000, 0x2000, 0x40, 56, 4, 0, false);
        var stack = new InitialStack(memory, ABI, top);
        assertThatThrownBy(() -> stack.build(
                        0x10000,
                        program,
                        new byte[1],
                        List.of(new byte[0x5000]),
                        List.of(),
                        new InitialStack.Identity(0, 0, 0, 0),
                        new byte[16]))
                .hasMessage("E2BIG");
    }
}
