package dev.rhea.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private final ReentrantLock lock = new ReentrantLock();
    private final Container root = new Container("root", Long.MAX_VALUE);
    private final AddressSpace space = new AddressSpace("space", root, lock);
    private final List<RamBlock> blocks = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    @AfterEach
    void close() {
        blocks.forEach(RamBlock::close);
    }

    private RamBlock block(String name, long size) {
        RamBlock block = new RamBlock(name, size);
        blocks.add(block);
        return block;
    }

    private Ram ram(String name, long size) {
        return Ram.of(block(name, size));
    }

    /** Answers with its offset; writes down what it is asked. */
    private Mmio device(String name, long size, AccessRule rule) {
        return new Mmio(name, size, rule, new Registers() {
            @Override
            public long read(long offset, int bytes) {
                assertThat(lock.isHeldByCurrentThread()).isTrue();
                calls.add(name + " r" + bytes + "@" + Long.toHexString(offset));
                long value = 0;
                for (int i = 0; i < bytes; i++) {
                    value |= (offset + i & 0xff) << 8 * i;
                }
                return value;
            }

            @Override
            public void write(long offset, long value, int bytes) {
                calls.add(name + " w" + bytes + "@" + Long.toHexString(offset) + "=" + Long.toHexString(value));
            }
        });
    }

    private String map() {
        StringBuilder result = new StringBuilder();
        for (String line : space.describe()) {
            result.append(line.replaceAll("^ *0*([0-9a-f]+)-0*([0-9a-f]+) .*: ", "$1-$2 ")
                            .replaceAll("@0*([0-9a-f]+)$", "+$1"))
                    .append('\n');
        }
        return result.toString();
    }

    @Test
    void higherPriorityHidesLowerAndAmongEqualsTheLaterOne() {
        root.add(0x1000, ram("low", 0x4000), -1);
        root.add(0x2000, device("a", 0x1000, AccessRule.ANY));
        root.add(0x2800, device("b", 0x1000, AccessRule.ANY));
        root.add(0x3400, device("c", 0x200, AccessRule.ANY), 1);
        assertThat(map()).isEqualTo("""
                1000-1fff low
                2000-27ff a
                2800-33ff b
                3400-35ff c
                3600-37ff b +e00
                3800-4fff low +2800
                """);
    }

    @Test
    void aContainerCutsOffAndCompetesAsAWhole() {
        Container inner = new Container("inner", 0x1000);
        inner.add(0x800, device("deep", 0x1000, AccessRule.ANY), 100);
        root.add(0x1000, inner);
        root.add(0x1c00, device("top", 0x100, AccessRule.ANY), 1);
        assertThat(map()).isEqualTo("""
                1800-1bff deep
                1c00-1cff top
                1d00-1fff deep +500
                """);
        assertThatThrownBy(() -> space.read(0x1000, 4)).isInstanceOf(BusError.class);
    }

    @Test
    void anAliasShowsAPartOfItsTargetAndFollowsIt() throws BusError {
        Container bus = new Container("bus", 0x10000);
        Mmio target = device("target", 0x100, AccessRule.ANY);
        bus.add(0x4000, target);
        root.add(0x10000, new Alias("window", bus, 0x4080, 0x1000));
        assertThat(map()).isEqualTo("10000-1007f target +80\n");
        assertThat(space.read(0x10001, 1)).isEqualTo(0x81);
        List<String> changes = new ArrayList<>();
        space.onChange(() -> changes.add(map()));
        target.setEnabled(false);
        target.setEnabled(false);
        target.setEnabled(true);
        bus.remove(target);
        assertThat(changes).containsExactly("", "10000-1007f target +80\n", "");
        assertThatThrownBy(() -> new Alias("far", bus, 0x8000, 0x8001)).hasMessageContaining("reaches beyond");
    }

    @Test
    void aRegionIsInOnePlaceOnly() {
        Mmio device = device("d", 16, AccessRule.ANY);
        root.add(0, device);
        assertThatThrownBy(() -> root.add(32, device)).hasMessage("d is in root already");
        root.remove(device);
        root.add(32, device);
        assertThat(map()).isEqualTo("20-2f d\n");
        assertThatThrownBy(() -> root.add(-1, device("e", 1, AccessRule.ANY))).hasMessageContaining("outside of root");
    }

    @Test
    void manyChangesCanCountAsOne() {
        int[] changes = new int[1];
        space.onChange(() -> changes[0]++);
        root.update(() -> {
            root.add(0, device("a", 16, AccessRule.ANY));
            root.update(() -> root.add(16, device("b", 16, AccessRule.ANY)));
            assertThat(map()).isEmpty();
        });
        root.update(() -> {});
        assertThat(changes[0]).isEqualTo(1);
        assertThat(map()).isEqualTo("0-f a\n10-1f b\n");
    }

    @Test
    void ramIsReachedByHostAddressRomOnlyForReading() throws BusError {
        RamBlock rom = block("rom", 0x1000);
        Ram readOnly = Ram.readOnly(rom);
        root.add(0x1000, ram("ram", 0x1000));
        root.add(0x2000, readOnly);
        assertThat(space.host(0x1ffc, 4)).isEqualTo(blocks.get(1).address() + 0xffc);
        assertThat(space.host(0x1ffc, 5)).isZero();
        assertThat(space.writableHost(0x2000, 4)).isZero();
        space.write(0x2000, 5, 4);
        assertThat(space.read(0x2000, 4)).isZero();
        readOnly.setWritable(true);
        space.write(0x2000, 5, 4);
        assertThat(space.read(0x2000, 4)).isEqualTo(5);
        // An access across two ranges comes in halves.
        space.write(0x1ffe, 0x8877665544332211L, 8);
        assertThat(space.read(0x1ffe, 8)).isEqualTo(0x8877665544332211L);
        assertThat(space.read(0x2000, 2)).isEqualTo(0x4433);
        assertThatThrownBy(() -> space.read(0x2ffe, 4)).isInstanceOf(BusError.class);
        assertThatThrownBy(() -> space.read(-8, 8)).isInstanceOf(BusError.class);
    }

    @Test
    void romOfADeviceTakesWritesAsRegisters() throws BusError {
        Mmio commands = device("commands", 0x1000, new AccessRule(1, 4, 1, 4, false));
        root.add(0x1000, Ram.readOnly(block("flash", 0x1000), commands));
        space.write(0x1010, 0x42, 4);
        space.write(0x1020, new byte[] {1, 2, 3, 4, 5}, 0, 5);
        assertThat(space.read(0x1010, 4)).isZero();
        assertThat(calls).containsExactly("commands w4@10=42", "commands w4@20=4030201", "commands w1@24=5");
        assertThat(space.writableHost(0x1000, 4)).isZero();
        assertThat(space.host(0x1000, 4)).isNotZero();
    }

    @Test
    void rulesSayWhatIsAnsweredAndInWhichPieces() throws BusError {
        root.add(0x000, device("words", 0x10, AccessRule.WORDS));
        root.add(0x100, device("pairs", 0x10, AccessRule.WORD_PAIRS));
        root.add(0x200, device("bytes", 0x10, AccessRule.BYTES));
        root.add(0x300, device("parts", 0x10, AccessRule.WORDS_OR_PARTS));
        for (long bad : new long[] {1, 2}) {
            assertThatThrownBy(() -> space.read(bad, 4)).isInstanceOf(BusError.class);
            assertThatThrownBy(() -> space.read(0, (int) bad)).isInstanceOf(BusError.class);
        }
        assertThatThrownBy(() -> space.write(0, 0, 8)).isInstanceOf(BusError.class);
        assertThat(space.read(0x108, 8)).isEqualTo(0x0f0e0d0c0b0a0908L);
        assertThat(space.read(0x204, 4)).isEqualTo(0x07060504);
        assertThat(space.read(0x306, 1)).isEqualTo(6);
        space.write(0x102 - 2, 0x1122334455667788L, 8);
        space.write(0x306, 0xfff, 2);
        assertThat(calls)
                .containsExactly(
                        "pairs r4@8",
                        "pairs r4@c",
                        "bytes r1@4",
                        "bytes r1@5",
                        "bytes r1@6",
                        "bytes r1@7",
                        "parts r4@4",
                        "pairs w4@0=55667788",
                        "pairs w4@4=11223344",
                        "parts w4@4=fff0000");
        assertThatThrownBy(() -> new AccessRule(4, 2, 1, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AccessRule(1, 3, 1, 1, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void busErrorsNameTheAddressThatWasAsked() {
        root.add(0x5000, device("words", 0x10, AccessRule.WORDS));
        assertThatThrownBy(() -> space.read(0x5002, 2))
                .isInstanceOfSatisfying(
                        BusError.class, e -> assertThat(e.address).isEqualTo(0x5002));
    }

    @Test
    void dmaGoesOverTheBordersOfRangesInPiecesThatDevicesTake() throws BusError {
        root.add(0x1000, ram("a", 0x1000));
        root.add(0x2000, ram("b", 0x1000));
        root.add(0x3000, device("words", 0x10, AccessRule.WORDS));
        List<Long> written = new ArrayList<>();
        space.setWriteObserver((host, bytes) -> written.add(bytes));
        byte[] out = new byte[0x1010];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (i * 7);
        }
        space.write(0x1ff8, out, 0, 0x1010);
        byte[] back = new byte[0x1008];
        space.read(0x1ff8, back, 0, 0x1008);
        assertThat(back).isEqualTo(java.util.Arrays.copyOf(out, 0x1008));
        assertThat(written).containsExactly(8L, 0x1000L);
        assertThat(calls).hasSize(2).first().asString().startsWith("words w4@0=");
        assertThatThrownBy(() -> space.write(0x300c, out, 0, 8)).isInstanceOf(BusError.class);
        assertThat(calls.getLast()).startsWith("words w4@c");
    }

    @Test
    void registersAreNotReenteredByTheirOwnDma() throws BusError {
        List<String> outcome = new ArrayList<>();
        root.add(0x1000, ram("ram", 0x1000));
        root.add(0, new Mmio("loop", 16, AccessRule.ANY, new Registers() {
            @Override
            public long read(long offset, int size) {
                return 0;
            }

            @Override
            public void write(long offset, long value, int size) {
                try {
                    space.write(value, 1, 4);
                    outcome.add("written");
                } catch (BusError e) {
                    outcome.add("refused");
                }
            }
        }));
        space.write(0, 8, 8);
        space.write(0, 0x1000, 8);
        space.write(0, 8, 8);
        assertThat(outcome).containsExactly("refused", "written", "refused");
    }

    @Test
    void aGateLetsThroughOnlyWhileItIsOpen() throws BusError {
        root.add(0x1000, ram("ram", 0x1000));
        AddressSpace gate = space.gate("pci");
        AddressSpace behind = gate.gate("function");
        behind.setOpen(true);
        assertThatThrownBy(() -> behind.read(0x1000, 4)).isInstanceOf(BusError.class);
        gate.setOpen(true);
        behind.write(0x1000, 3, 4);
        assertThat(space.read(0x1000, 4)).isEqualTo(3);
        assertThatThrownBy(() -> space.setOpen(false)).hasMessage("space is no gate");
    }
}
