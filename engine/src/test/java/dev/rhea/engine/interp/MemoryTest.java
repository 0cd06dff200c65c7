package dev.rhea.engine.interp;

import static dev.rhea.engine.interp.ToyMachine.CODE;
import static dev.rhea.engine.interp.ToyMachine.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryTest {
    private static final long SECOND = DATA + Mmu.PAGE_SIZE;

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void everyLoadAndStoreWorksAtEveryAlignmentAndAcrossPages(Tiers tiers) {
        var random = new Random(1);
        for (MemOp mem : new MemOp[] {
            MemOp.little(1, false),
            MemOp.little(1, true),
            MemOp.little(2, false),
            MemOp.little(2, true),
            MemOp.little(4, false),
            MemOp.little(4, true),
            MemOp.little(8, false),
            MemOp.big(2, false),
            MemOp.big(2, true),
            MemOp.big(4, false),
            MemOp.big(4, true),
            MemOp.big(8, true),
            new MemOp(4, true, false, false, MemOp.Order.SEQ_CST, MemOp.Atomic.NONE)
        }) {
            var isa = ToyIsa.wide();
            byte[] store = isa.insn(t -> t.store(t.get(isa.x[1]), 24, t.get(isa.x[2]), mem));
            byte[] load = isa.insn(t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[1]), 24, mem)));
            byte[] narrow =
                    mem.size() == 8 ? load : isa.insn(t -> t.set(isa.w[0], t.load(Type.I32, t.get(isa.x[1]), 24, mem)));
            try (var machine = new ToyMachine(isa, tiers)) {
                machine.load(store, load, narrow, isa.trap(7));
                for (long at = SECOND - 17; at < SECOND + 3; at++) {
                    long value = random.nextLong();
                    machine.cpu.r[1] = at - 24;
                    machine.cpu.r[2] = value;
                    assertThat(machine.run()).isEqualTo(7);
                    int unused = 64 - 8 * mem.size();
                    long expected = mem.signed() ? value << unused >> unused : value << unused >>> unused;
                    assertThat(machine.cpu.r[3]).as("%s at %x", mem, at).isEqualTo(expected);
                    if (mem.size() < 8) {
                        assertThat(machine.cpu.r[16])
                                .as("%s at %x as I32", mem, at)
                                .isEqualTo((int) expected);
                    }
                    int first = mem.bigEndian() ? mem.size() - 1 : 0;
                    assertThat(RawMemory.getByte(machine.host(at))).isEqualTo((byte) (value >>> 8 * first));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void aFaultNamesTheFirstByteThatCannotBeAccessedAndLeavesEverythingAsItWas(Tiers tiers) {
        for (int size = 1; size <= 8; size *= 2) {
            var isa = ToyIsa.wide();
            MemOp mem = MemOp.little(size, false);
            byte[] before = isa.insn(t -> t.set(isa.x[5], t.i64(77)));
            byte[] store = isa.insn(t -> t.store(t.get(isa.x[1]), 0, t.get(isa.x[2]), mem));
            byte[] load = isa.insn(t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[1]), 0, mem)));
            try (var machine = new ToyMachine(isa, tiers)) {
                machine.load(CODE, ToyIsa.join(before, store, isa.trap(7)));
                machine.load(CODE + 64, ToyIsa.join(before, load, isa.trap(7)));
                long end = SECOND + Mmu.PAGE_SIZE;
                for (int inside = 0; inside < size; inside++) {
                    long at = end - inside;
                    for (int i = 1; i <= 8; i++) {
                        RawMemory.putByte(machine.host(end - i), (byte) 0x55);
                    }
                    machine.cpu.r[1] = at;
                    machine.cpu.r[2] = -1;
                    machine.cpu.r[3] = 4711;
                    assertThat(machine.run()).isEqualTo(ToyMachine.WRITE_FAULT);
                    assertThat(machine.cpu.trapValue).isEqualTo(end);
                    assertThat(machine.cpu.pc).isEqualTo(CODE + 4);
                    assertThat(machine.cpu.r[5]).isEqualTo(77);
                    assertThat(RawMemory.getLong(machine.host(end - 8)))
                            .as("no partial store")
                            .isEqualTo(0x5555555555555555L);
                    assertThat(machine.run(CODE + 64)).isEqualTo(ToyMachine.READ_FAULT);
                    assertThat(machine.cpu.trapValue).isEqualTo(end);
                    assertThat(machine.cpu.pc).isEqualTo(CODE + 68);
                    assertThat(machine.cpu.r[3]).isEqualTo(4711);
                }
                machine.cpu.r[1] = DATA - 1;
                assertThat(machine.run()).isEqualTo(ToyMachine.WRITE_FAULT);
                assertThat(machine.cpu.trapValue)
                        .as("the first page is looked at first")
                        .isEqualTo(DATA - 1);
            }
        }
    }

    @Test
    void aPageThatMayBeReadButNotWrittenFaultsOnlyOnWriting() {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa)) {
            machine.map(0x30000, machine.newPage(), EnumSet.of(Access.READ));
            machine.load(
                    isa.insn(t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[1]), 0, MemOp.little(8, false)))),
                    isa.insn(t -> t.store(t.get(isa.x[1]), 0, t.get(isa.x[2]), MemOp.little(8, false))),
                    isa.trap(7));
            machine.cpu.r[1] = 0x30008;
            assertThat(machine.run()).isEqualTo(ToyMachine.WRITE_FAULT);
            machine.map(0x30000, machine.host(0x30000), EnumSet.of(Access.READ, Access.WRITE));
            assertThat(machine.run()).isEqualTo(7);
            machine.map(0x30000, machine.host(0x30000), EnumSet.of(Access.READ));
            assertThat(machine.run())
                    .as("the right to write is gone with the flush")
                    .isEqualTo(ToyMachine.WRITE_FAULT);
        }
    }

    @Test
    void alignedAccessesFaultWhereTheyAreNot() {
        var isa = ToyIsa.wide();
        var mem = new MemOp(4, true, false, true, MemOp.Order.PLAIN, MemOp.Atomic.NONE);
        try (var machine = new ToyMachine(isa)) {
            machine.load(
                    isa.insn(t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[1]), 0, mem))),
                    isa.insn(t -> t.store(t.get(isa.x[2]), 0, t.get(isa.x[3]), mem)),
                    isa.trap(7));
            machine.cpu.r[1] = DATA + 4;
            machine.cpu.r[2] = DATA + 8;
            assertThat(machine.run()).isEqualTo(7);
            machine.cpu.r[2] = DATA + 10;
            assertThat(machine.run()).isEqualTo(ToyIsa.MISALIGNED_WRITE);
            assertThat(machine.cpu.trapValue).isEqualTo(DATA + 10);
            machine.cpu.r[1] = DATA + 1;
            assertThat(machine.run()).isEqualTo(ToyIsa.MISALIGNED_READ);
        }
    }

    @Test
    void addressesOf32BitsWrapAround() {
        for (Type type : Type.values()) {
            if (type != Type.I32 && type != Type.I64) {
                continue;
            }
            // A narrow address in a wide architecture, and in a narrow one.
            var isa = new ToyIsa(4, type);
            try (var machine = new ToyMachine(isa)) {
                machine.load(
                        isa.insn(t ->
                                t.set(isa.w[1], t.load(Type.I32, t.get(isa.w[0]), 0x30000, MemOp.little(4, true)))),
                        isa.insn(t -> t.store(t.get(isa.w[0]), 0x30004, t.get(isa.w[1]), MemOp.little(4, true))),
                        isa.trap(7));
                RawMemory.putInt(machine.host(DATA + 16), 0x89abcdef);
                machine.cpu.r[16] = (int) (DATA + 16 - 0x30000);
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[17]).isEqualTo(0x89abcdef);
                assertThat(RawMemory.getInt(machine.host(DATA + 20))).isEqualTo(0x89abcdef);
            }
        }
    }

    // ---- atomics

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void readModifyWriteGivesTheOldValueAndStoresTheNew(Tiers tiers) {
        var random = new Random(2);
        for (int size = 1; size <= 8; size *= 2) {
            for (MemOp.Atomic kind : MemOp.Atomic.values()) {
                if (kind == MemOp.Atomic.NONE) {
                    continue;
                }
                for (boolean big : new boolean[] {false, true}) {
                    var isa = ToyIsa.wide();
                    var mem = new MemOp(size, true, big, true, MemOp.Order.SEQ_CST, kind);
                    try (var machine = new ToyMachine(isa, tiers)) {
                        machine.load(
                                isa.insn(t -> t.set(isa.x[3], t.rmw(Type.I64, t.get(isa.x[1]), t.get(isa.x[2]), mem))),
                                isa.trap(7));
                        int unused = 64 - 8 * size;
                        for (int k = 0; k < 5; k++) {
                            long old = random.nextLong() << unused >> unused;
                            long with = random.nextLong();
                            long at = DATA + 8 + size * (long) random.nextInt(8 / size);
                            RawMemory.putLong(machine.host(DATA + 8), 0);
                            write(machine, at, old, size, big);
                            machine.cpu.r[1] = at;
                            machine.cpu.r[2] = with;
                            assertThat(machine.run()).isEqualTo(7);
                            assertThat(machine.cpu.r[3])
                                    .as("old value, %s %d big %s", kind, size, big)
                                    .isEqualTo(old);
                            long expected = apply(kind, old, with << unused >> unused) << unused >> unused;
                            assertThat(read(machine, at, size, big))
                                    .as("%s %d big %s", kind, size, big)
                                    .isEqualTo(expected);
                        }
                    }
                }
            }
        }
    }

    private static long apply(MemOp.Atomic kind, long old, long with) {
        return switch (kind) {
            case SWAP, NONE -> with;
            case ADD -> old + with;
            case AND -> old & with;
            case OR -> old | with;
            case XOR -> old ^ with;
            case MINS -> Math.min(old, with);
            case MAXS -> Math.max(old, with);
            case MINU -> Long.compareUnsigned(old, with) < 0 ? old : with;
            case MAXU -> Long.compareUnsigned(old, with) > 0 ? old : with;
        };
    }

    private static void write(ToyMachine machine, long at, long value, int size, boolean big) {
        for (int i = 0; i < size; i++) {
            RawMemory.putByte(machine.host(at + i), (byte) (value >>> 8 * (big ? size - 1 - i : i)));
        }
    }

    private static long read(ToyMachine machine, long at, int size, boolean big) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (RawMemory.getByte(machine.host(at + i)) & 255L) << 8 * (big ? size - 1 - i : i);
        }
        int unused = 64 - 8 * size;
        return value << unused >> unused;
    }

    @Test
    void compareAndSwapStoresOnlyWhatWasExpected() {
        for (int size = 1; size <= 8; size *= 2) {
            var isa = ToyIsa.wide();
            MemOp mem = MemOp.atomic(size, MemOp.Atomic.NONE);
            try (var machine = new ToyMachine(isa)) {
                machine.load(
                        isa.insn(t -> t.set(
                                isa.x[4], t.cas(Type.I64, t.get(isa.x[1]), t.get(isa.x[2]), t.get(isa.x[3]), mem))),
                        isa.trap(7));
                machine.cpu.r[1] = DATA + 8;
                machine.cpu.r[2] = 5;
                machine.cpu.r[3] = -6;
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[4]).isZero();
                assertThat(read(machine, DATA + 8, size, false)).isZero();
                write(machine, DATA + 8, 5, size, false);
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[4]).isEqualTo(5);
                assertThat(read(machine, DATA + 8, size, false)).isEqualTo(-6);
            }
        }
    }

    @Test
    void aStoreExclusiveNeedsItsReservation() {
        var isa = ToyIsa.wide();
        MemOp mem = MemOp.atomic(4, MemOp.Atomic.NONE);
        byte[] exclusive = isa.insn(t -> t.set(isa.w[0], t.storeExclusive(t.get(isa.x[1]), t.get(isa.x[2]), mem)));
        byte[] reserve = isa.insn(t -> t.set(isa.w[1], t.loadExclusive(Type.I32, t.get(isa.x[1]), mem)));
        byte[] disturb = isa.insn(t -> t.store(t.get(isa.x[1]), 0, t.i64(99), MemOp.little(4, false)));
        try (var machine = new ToyMachine(isa)) {
            machine.cpu.r[1] = DATA;
            machine.cpu.r[2] = 42;
            machine.load(exclusive, isa.trap(7));
            machine.run();
            assertThat(machine.cpu.r[16]).as("without reservation").isEqualTo(1);
            machine.load(CODE + 64, ToyIsa.join(reserve, exclusive, exclusive, isa.trap(7)));
            machine.run(CODE + 64);
            assertThat(machine.cpu.r[16]).as("used up").isEqualTo(1);
            assertThat(RawMemory.getInt(machine.host(DATA))).isEqualTo(42);
            machine.load(CODE + 128, ToyIsa.join(reserve, disturb, exclusive, isa.trap(7)));
            machine.run(CODE + 128);
            assertThat(machine.cpu.r[16]).as("another value").isEqualTo(1);
            assertThat(RawMemory.getInt(machine.host(DATA))).isEqualTo(99);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "DEFAULT"})
    void threadsCountTogetherWithoutLosingAny(Tiers tiers) throws InterruptedException {
        var isa = ToyIsa.wide();
        MemOp add = MemOp.atomic(8, MemOp.Atomic.ADD);
        MemOp plain = MemOp.atomic(4, MemOp.Atomic.NONE);
        byte[] count = isa.insn(t -> t.rmw(Type.I64, t.get(isa.x[1]), t.i64(1), add));
        byte[] reserve = isa.insn(t -> t.set(isa.x[3], t.sext32(t.loadExclusive(Type.I32, t.get(isa.x[2]), plain))));
        byte[] up = isa.insn(t -> t.set(isa.x[3], t.add(t.get(isa.x[3]), t.i64(1))));
        byte[] exclusive = isa.insn(t -> t.set(isa.w[0], t.storeExclusive(t.get(isa.x[2]), t.get(isa.x[3]), plain)));
        byte[] again = isa.insn(t -> t.jumpIf(t.get(isa.w[0]), -12));
        byte[] down = isa.insn(t -> t.set(isa.x[4], t.sub(t.get(isa.x[4]), t.i64(1))));
        byte[] loop = isa.insn(t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[4]), t.i64(0)), -24));
        int rounds = 20_000;
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(count, reserve, up, exclusive, again, down, loop, isa.trap(7));
            var threads = new Thread[4];
            var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
            for (int i = 0; i < threads.length; i++) {
                Cpu cpu = machine.newCpu();
                cpu.r[1] = DATA + 8;
                cpu.r[2] = DATA + 16;
                cpu.r[4] = rounds;
                threads[i] = new Thread(() -> {
                    try {
                        machine.engine.run(cpu);
                        assertThat(cpu.trap).isEqualTo(7);
                    } catch (Throwable t) {
                        failures.add(t);
                    }
                });
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(RawMemory.getLong(machine.host(DATA + 8))).isEqualTo(4L * rounds);
            assertThat(RawMemory.getInt(machine.host(DATA + 16))).isEqualTo(4 * rounds);
        }
    }
}
