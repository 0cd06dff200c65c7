package dev.rhea.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateAndWindowTest {
    private final Container root = new Container("root", Long.MAX_VALUE);
    private final RamBlock block = new RamBlock("ram", 8192);
    private final AddressSpace space = new AddressSpace("memory", root, new ReentrantLock());
    private int changes;

    GateAndWindowTest() {
        root.add(0x1000, Ram.of(block));
        space.onChange(() -> changes++);
    }

    @AfterEach
    void free() {
        block.close();
    }

    private static Mmio constant(String name, long size, int value) {
        return new Mmio(name, size, AccessRule.ANY, new Registers() {
            @Override
            public long read(long offset, int bytes) {
                return value + offset;
            }

            @Override
            public void write(long offset, long written, int bytes) {
                // It stays what it is.
            }
        });
    }

    @Test
    void aClosedGateHidesEverything() throws BusError {
        AddressSpace gate = space.gate("device");
        assertThatThrownBy(() -> gate.read(0x1000, 4)).isInstanceOf(BusError.class);
        assertThat(gate.writableHost(0x1000, 4)).isZero();
        gate.setOpen(true);
        gate.write(0x1000, 5, 4);
        assertThat(space.read(0x1000, 4)).isEqualTo(5);
        assertThat(gate.host(0x1000, 4)).isEqualTo(block.address());
    }

    @Test
    void aGateBehindAGateNeedsBothOpen() {
        AddressSpace outer = space.gate("bridge");
        AddressSpace inner = outer.gate("device");
        inner.setOpen(true);
        assertThat(inner.host(0x1000, 1)).isZero();
        outer.setOpen(true);
        assertThat(inner.host(0x1000, 1)).isNotZero();
        outer.setOpen(false);
        assertThat(inner.host(0x1000, 1)).isZero();
    }

    @Test
    void whoeverWatchesAGateHearsOfGatesAndMaps() {
        AddressSpace outer = space.gate("bridge");
        AddressSpace inner = outer.gate("device");
        int[] heard = new int[1];
        inner.onChange(() -> heard[0]++);
        outer.setOpen(true);
        outer.setOpen(true);
        inner.setOpen(true);
        root.add(0x8000, constant("device", 16, 0));
        assertThat(heard[0]).isEqualTo(3);
    }

    @Test
    void whatIsWrittenThroughAGateIsToldToTheSpacesObserver() throws BusError {
        long[] told = new long[1];
        space.setWriteObserver((host, bytes) -> told[0] = host);
        AddressSpace gate = space.gate("device");
        gate.setOpen(true);
        gate.write(0x1010, new byte[4], 0, 4);
        assertThat(told[0]).isEqualTo(block.address() + 0x10);
    }

    @Test
    void aSpaceOfItsOwnCannotBeClosed() {
        assertThatThrownBy(() -> space.setOpen(false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void windowsShowWhatIsPlacedInTheirTargetLater() throws BusError {
        Container behind = new Container("behind", 0x1_0000);
        root.add(0x10_0000, new Alias("window", behind, 0x1000, 0x1000));
        behind.add(0x1100, constant("device", 16, 7));
        assertThat(space.read(0x10_0104, 4)).isEqualTo(11);
        behind.add(0x100, constant("outside", 16, 9));
        assertThatThrownBy(() -> space.read(0xf_f100, 4)).isInstanceOf(BusError.class);
    }

    @Test
    void aRegionThatEndsBeforeItsWindowIsNotSeenBehindIt() {
        Container behind = new Container("behind", 0x1_0000);
        behind.add(0, constant("low", 0x800, 1));
        root.add(0, new Alias("window", behind, 0x8000, 0x800));
        assertThatThrownBy(() -> space.read(0x10, 4)).isInstanceOf(BusError.class);
    }

    @Test
    void twoWindowsOntoOneChangeMakeOneMap() {
        Container behind = new Container("behind", 0x1_0000);
        Alias first = new Alias("first", behind, 0, 0x1000);
        root.add(0x10_0000, first);
        root.add(0x20_0000, new Alias("second", behind, 0, 0x1000));
        changes = 0;
        behind.add(0, constant("device", 16, 7));
        assertThat(changes).isEqualTo(1);
        root.remove(first);
        assertThat(changes).isEqualTo(2);
        assertThatThrownBy(() -> space.read(0x10_0000, 4)).isInstanceOf(BusError.class);
    }

    @Test
    void manyChangesInOneUpdateMakeOneMapAndNoneMakeNone() throws BusError {
        Container behind = new Container("behind", 0x1_0000);
        root.add(0x10_0000, behind);
        changes = 0;
        behind.update(() -> {});
        assertThat(changes).isZero();
        behind.update(() -> behind.update(() -> {
            behind.add(0, constant("one", 16, 1));
            behind.add(16, constant("two", 16, 2));
        }));
        assertThat(changes).isEqualTo(1);
        assertThat(space.read(0x10_0010, 1)).isEqualTo(2);
    }

    @Test
    void anUpdateThatFailsStillShowsWhatItChanged() throws BusError {
        assertThatThrownBy(() -> root.update(() -> {
                    root.add(0x8000, constant("one", 16, 1));
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(space.read(0x8000, 1)).isEqualTo(1);
    }
}
