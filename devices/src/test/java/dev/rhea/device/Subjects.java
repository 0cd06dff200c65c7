package dev.rhea.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.NullBackend;
import dev.rhea.device.firmware.FwCfg;
import dev.rhea.device.firmware.FwCfgItems;
import dev.rhea.device.flash.CfiFlash;
import dev.rhea.device.flash.SpiNorFlash;
import dev.rhea.device.gpio.SifiveGpio;
import dev.rhea.device.intc.MachineTimer;
import dev.rhea.device.intc.Plic;
import dev.rhea.device.intc.SoftwareInterrupts;
import dev.rhea.device.misc.Htif;
import dev.rhea.device.misc.SifiveL2Cache;
import dev.rhea.device.misc.SifivePrci;
import dev.rhea.device.misc.SifiveTest;
import dev.rhea.device.misc.UnimplementedDevice;
import dev.rhea.device.net.CadenceGem;
import dev.rhea.device.net.FakeNetwork;
import dev.rhea.device.net.GemManagement;
import dev.rhea.device.sd.SpiSdCard;
import dev.rhea.device.serial.Ns16550a;
import dev.rhea.device.serial.SifiveUart;
import dev.rhea.device.spi.ChipPort;
import dev.rhea.device.spi.SifiveSpi;
import dev.rhea.device.spi.SpiChip;
import dev.rhea.device.timer.GoldfishRtc;
import dev.rhea.device.timer.SifivePwm;
import dev.rhea.device.timer.WallTime;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.StateCodec;
import dev.rhea.machine.state.Stateful;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Devices with registers, each with what it needs around it, for tests that treat all alike. */
final class Subjects {
    /**
     * A kind of device.
     *
     * @param remembers whether some of its state outlives power-off
     */
    record Kind(String name, boolean remembers, Maker maker) {
        Kind(String name, Maker maker) {
            this(name, false, maker);
        }

        Subject make() {
            return new Subject(this, null);
        }

        /** One more, on a bench where it is as late as on another's. */
        Subject make(Subject twin) {
            return new Subject(this, twin);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Makes a device on a subject's bench and tells the subject its regions. */
    interface Maker {
        Device make(Subject on) throws IOException, BadDeviceException;
    }

    static final List<Kind> ALL = List.of(
            new Kind("ns16550a", on -> {
                Ns16550a device = new Ns16550a(0, 230_400, on.bench.clock, on.line(), on.wire);
                on.add(device.region());
                return device;
            }),
            new Kind("plic", on -> {
                Plic device = new Plic(95, 7, List.of(on.line(), on.line()), 0x203000);
                on.add(device.region());
                for (int source = 1; source <= 95; source++) {
                    on.inputs.add(device.source(source));
                }
                return device;
            }),
            new Kind("mswi", on -> {
                SoftwareInterrupts device =
                        new SoftwareInterrupts(SoftwareInterrupts.Kind.MSWI, List.of(on.line(), on.line()));
                on.add(device.region());
                return device;
            }),
            new Kind("mtimer", on -> {
                MachineTimer device = new MachineTimer(on.bench.clock, 10_000_000, List.of(on.line(), on.line()));
                on.add(device.region());
                return device;
            }),
            new Kind("goldfish_rtc", on -> {
                GoldfishRtc device = new GoldfishRtc(
                        on.bench.clock, WallTime.of(on.bench.clock, 1_800_000_000_000_000_000L), on.line());
                on.add(device.region());
                return device;
            }),
            new Kind("sifive_test", on -> {
                SifiveTest device = new SifiveTest(new NoOutcome());
                on.add(device.region());
                return device;
            }),
            new Kind("htif", on -> {
                Htif device = new Htif(on.bench.memory, on.wire, new NoOutcome());
                on.add(device.tohost());
                on.add(device.fromhost());
                return device;
            }),
            new Kind("unimplemented", on -> {
                UnimplementedDevice device = new UnimplementedDevice("nothing", 0x1000, line -> {});
                on.add(device.region());
                return device;
            }),
            new Kind("cfi flash", on -> {
                RamBlock block = on.block("flash", 64 << 10);
                CfiFlash device = new CfiFlash(block, 4096, (host, bytes) -> {}, null);
                on.add(device.region());
                return device;
            }),
            new Kind("fw_cfg", on -> {
                FwCfgItems items = new FwCfgItems();
                items.addFile("etc/read", new byte[100]);
                items.addFile("etc/write", new byte[100], true, () -> {}, () -> {});
                FwCfg device = new FwCfg(items, on.bench.memory);
                on.add(device.region());
                return device;
            }),
            new Kind("sifive uart", on -> {
                SifiveUart device = new SifiveUart(33_333_333, on.line(), on.wire);
                on.add(device.region());
                return device;
            }),
            new Kind("sifive prci", on -> {
                SifivePrci device = new SifivePrci();
                on.add(device.region());
                return device;
            }),
            new Kind("sifive l2cc", on -> {
                SifiveL2Cache device = new SifiveL2Cache();
                on.add(device.region());
                return device;
            }),
            new Kind("sifive gpio", on -> {
                SifiveGpio device = new SifiveGpio(on.lines(16), on.lines(16));
                on.add(device.region());
                on.inputs.add(device.input(0));
                on.inputs.add(device.input(15));
                return device;
            }),
            new Kind("sifive spi", on -> {
                SifiveSpi device = new SifiveSpi(List.of(SpiChip.ABSENT, out -> out ^ 0xff), on.line());
                on.add(device.region());
                return device;
            }),
            new Kind("sd card", on -> {
                SpiSdCard device =
                        new SpiSdCard(new NullBackend(1 << 20, false, true), false, Runnable::run, on.bench.lock);
                on.add(new ChipPort(device).region());
                return device;
            }),
            new Kind("spi nor flash", true, on -> {
                SpiNorFlash device = new SpiNorFlash(
                        on.block("nor", SpiNorFlash.SIZE), new NullBackend(SpiNorFlash.SIZE, true, false));
                on.add(new ChipPort(device).region());
                return device;
            }),
            new Kind("cadence gem", on -> {
                FakeNetwork network = new FakeNetwork();
                CadenceGem device = new CadenceGem(
                        new PropertyValues(CadenceGem.TYPE, CadenceGem.PROPERTIES, Map.of()),
                        new byte[6],
                        network,
                        on.line(),
                        on.bench.memory,
                        on.bench.clock,
                        on.bench.lock);
                on.add(device.region());
                for (int length : new int[] {0, 14, 60, 1500, 9000}) {
                    on.inputs.add(level -> network.deliver(new byte[length]));
                }
                return device;
            }),
            new Kind("gem management", on -> {
                GemManagement device = new GemManagement();
                on.add(device.region());
                return device;
            }),
            new Kind("sifive pwm", on -> {
                SifivePwm device = new SifivePwm(on.bench.clock, 500_000_000, on.lines(4));
                on.add(device.region());
                return device;
            }));

    private Subjects() {}

    /** A device on a bench of its own. */
    static final class Subject implements AutoCloseable {
        private static final long APART = 0x1000_0000L;
        private static final long BASE = 0x1000;

        final DeviceBench bench = new DeviceBench();
        final MoodyWire wire = new MoodyWire();
        final List<Line> inputs = new ArrayList<>();
        private final Kind kind;
        private final List<DeviceBench.Probe> lines = new ArrayList<>();
        private final List<Region> regions = new ArrayList<>();
        private final List<RamBlock> blocks = new ArrayList<>();
        private final Device device;
        private long elapsed;

        private Subject(Kind kind, @Nullable Subject twin) {
            this.kind = kind;
            try {
                bench.ram(64 << 10);
                device = kind.maker.make(this);
            } catch (IOException | BadDeviceException e) {
                throw new AssertionError(e);
            }
            if (twin != null) {
                wire.open = twin.wire.open;
                advance(twin.elapsed);
            }
            bench.locked(device::reset);
        }

        Line line() {
            DeviceBench.Probe probe = new DeviceBench.Probe();
            lines.add(probe);
            return probe;
        }

        List<Line> lines(int count) {
            List<Line> result = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                result.add(line());
            }
            return result;
        }

        RamBlock block(String name, long size) {
            RamBlock block = new RamBlock(name, size);
            blocks.add(block);
            return block;
        }

        void add(Region region) {
            bench.place(BASE + regions.size() * APART, region);
            regions.add(region);
        }

        Device device() {
            return device;
        }

        int regions() {
            return regions.size();
        }

        long size(int region) {
            return regions.get(region).size();
        }

        void write(int region, long offset, long value, int size) {
            bench.write(BASE + region * APART + offset, value, size);
        }

        void read(int region, long offset, int size) {
            bench.read(BASE + region * APART + offset, size);
        }

        List<Boolean> lines() {
            List<Boolean> result = new ArrayList<>();
            bench.locked(() -> lines.forEach(line -> result.add(line.high)));
            return result;
        }

        private void advance(long nanoseconds) {
            elapsed += nanoseconds;
            bench.advance(nanoseconds);
        }

        /** One thing that a guest, a user or time may do. */
        void poke(Random random) {
            int what = random.nextInt(1000);
            if (what == 0) {
                advance(random.nextInt(3) == 0 ? random.nextLong(1L << 40) : random.nextLong(1 << 20));
            } else if (what < 40 && !inputs.isEmpty()) {
                Line input = inputs.get(random.nextInt(inputs.size()));
                boolean level = random.nextBoolean();
                bench.locked(() -> input.set(level));
            } else if (what < 60) {
                bench.locked(() -> wire.disturb(random));
            } else {
                access(random);
            }
        }

        private void access(Random random) {
            int region = random.nextInt(regions.size());
            long size = size(region);
            // Mostly where registers are: at the start, or at a round number.
            long offset = switch (random.nextInt(4)) {
                case 0 -> random.nextLong(size);
                case 1 -> (random.nextLong(size) & -0x1000L) + random.nextInt(16) * 4;
                default -> random.nextLong(Math.min(size, 0x40));
            };
            int bytes = 1 << random.nextInt(4);
            offset &= -bytes;
            if (random.nextBoolean()) {
                read(region, offset, bytes);
                return;
            }
            long value = switch (random.nextInt(6)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> random.nextInt(256) * 0x10001L;
                case 3 -> DeviceBench.RAM + random.nextInt(64 << 10);
                case 4 -> Long.reverseBytes(DeviceBench.RAM + random.nextInt(64 << 10));
                default -> random.nextLong();
            };
            write(region, offset, value, bytes);
            if (random.nextInt(8) == 0) {
                // What devices find where they do DMA.
                bench.write(DeviceBench.RAM + random.nextInt(8 << 10) * 8L, random.nextInt(32) << 24, 8);
            }
        }

        byte[] save() {
            byte[][] result = new byte[1][];
            bench.locked(() -> result[0] =
                    device instanceof Stateful<?> stateful ? StateCodec.encode(stateful.saveState()) : new byte[0]);
            return result[0];
        }

        void load(byte[] bytes) throws BadStateException {
            load((Stateful<?>) device, bytes);
        }

        private <S extends Record> void load(Stateful<S> stateful, byte[] bytes) throws BadStateException {
            S state = StateCodec.decode(stateful.stateType(), bytes);
            bench.lock.lock();
            try {
                stateful.loadState(state);
            } finally {
                bench.lock.unlock();
            }
        }

        /** Resets, and compares with one that was never touched. */
        void backToPowerOn() {
            restAndReset();
            if (kind.remembers) {
                byte[] once = save();
                restAndReset();
                assertThat(save()).isEqualTo(once);
                return;
            }
            try (Subject fresh = kind.make(this)) {
                fresh.restAndReset();
                assertThat(save()).isEqualTo(fresh.save());
                assertThat(lines()).isEqualTo(fresh.lines());
            }
        }

        private void restAndReset() {
            wire.open = true;
            bench.locked(() -> {
                inputs.forEach(Line::lower);
                device.reset();
            });
        }

        @Override
        public void close() {
            device.close();
            bench.close();
            blocks.forEach(RamBlock::close);
        }
    }

    private static final class NoOutcome implements SifiveTest.Outcome {
        @Override
        public void shutDown(int exitCode) {}

        @Override
        public void reset() {}
    }
}
