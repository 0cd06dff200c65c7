package dev.rhea.engine.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code made for {@link Spans}: once in straight code, once in a loop, where pages are guessed and remembered. */
class SpanCodeTest {
    private static final long CODE = 0x10000;
    private static final long PAGE = 0x4000;
    private static final int DONE = 16;

    private final ListIsa isa = new ListIsa();
    private final long ram = RawMemory.allocate(6 * Mmu.PAGE_SIZE) + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
    private final Cpu cpu = isa.newCpu(new Mmu() {
        @Override
        public long translate(Cpu cpu, long address, Access access) {
            throw cpu.fault(1, address);
        }
    });

    @BeforeEach
    void fill() {
        cpu.budget = 1000;
        for (int i = 0; i < 4 * Mmu.PAGE_SIZE; i += 8) {
            RawMemory.putLong(ram + i, i);
        }
    }

    private Consumer<Builder> load(int to, int base, long displacement) {
        return t -> t.set(isa.x[to], t.load(Type.I64, t.get(isa.x[base]), displacement, MemOp.little(8, true)));
    }

    private Consumer<Builder> store(int from, int base, long displacement) {
        return t -> t.store(t.get(isa.x[base]), displacement, t.get(isa.x[from]), MemOp.little(8, true));
    }

    private Consumer<Builder> add(int to, long constant) {
        return t -> t.set(isa.x[to], t.add(t.get(isa.x[to]), t.i64(constant)));
    }

    @SafeVarargs
    private Unit unit(boolean apart, Consumer<Builder>... program) {
        var code = CodeSnapshot.of(CODE, isa.program(program));
        return Objects.requireNonNull(
                        new HotSpotCompiler(isa, null).compile(code, CODE, 0, new Hints(apart, new long[0])))
                .units()
                .getFirst();
    }

    /** Two loads and two stores off x1, x6 counts rounds, x1 moves by {@code step}. */
    private Unit frame(boolean loop, boolean apart, long step) {
        Consumer<Builder> last =
                loop ? t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[6]), t.i64(0)), -24) : t -> t.set(isa.x[7], t.i64(1));
        return unit(
                apart, load(2, 1, 8), load(3, 1, 0), store(2, 1, 16), store(3, 1, 24), add(1, step), add(6, -1), last);
    }

    private long x(int register) {
        return cpu.r[isa.x[register].slot()];
    }

    private void x(int register, long value) {
        cpu.r[isa.x[register].slot()] = value;
    }

    private void map(long page, long host) {
        cpu.tlb.fillRead(page, host);
        cpu.tlb.fillWrite(page, host);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allAccessesOfASpanAreDone(boolean loop) {
        map(PAGE, ram);
        x(1, PAGE + 64);
        x(6, 1);
        assertThat(frame(loop, false, 0).run(cpu, 0)).isEqualTo(CODE + 28);
        assertThat(x(2)).isEqualTo(72);
        assertThat(x(3)).isEqualTo(64);
        assertThat(RawMemory.getLong(ram + 80)).isEqualTo(72);
        assertThat(RawMemory.getLong(ram + 88)).isEqualTo(64);
        assertThat(cpu.budget).isEqualTo(1000 - 7);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMissLeavesAtTheFirstAccessOfTheSpan(boolean loop) {
        cpu.tlb.fillRead(PAGE, ram);
        x(1, PAGE);
        x(6, 1);
        x(2, -1);
        assertThat(frame(loop, false, 0).run(cpu, 0)).as("the stores' span").isEqualTo(CODE + 8);
        assertThat(x(2)).isEqualTo(8);
        assertThat(x(3)).isEqualTo(0);
        assertThat(x(6)).isEqualTo(1);
        assertThat(cpu.budget).isEqualTo(1000 - 2);
        assertThat(RawMemory.getLong(ram + 16)).as("not stored").isEqualTo(16);
        x(1, PAGE + Mmu.PAGE_SIZE);
        cpu.budget = 1000;
        assertThat(frame(loop, false, 0).run(cpu, 0)).as("the loads' span").isEqualTo(CODE);
        assertThat(cpu.budget).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSpanOverTwoPagesThatAreNeighboursOnTheHostStays(boolean loop) {
        map(PAGE, ram);
        map(PAGE + Mmu.PAGE_SIZE, ram + Mmu.PAGE_SIZE);
        Unit unit = frame(loop, false, 1);
        for (int back = 31; back > 0; back--) {
            fill();
            x(1, PAGE + Mmu.PAGE_SIZE - back);
            x(6, 1);
            long at = ram + Mmu.PAGE_SIZE - back;
            long low = RawMemory.getLong(at);
            long high = RawMemory.getLong(at + 8);
            assertThat(unit.run(cpu, 0)).as("%d bytes before the end", back).isEqualTo(CODE + 28);
            assertThat(RawMemory.getLong(at + 16)).isEqualTo(high);
            assertThat(RawMemory.getLong(at + 24)).isEqualTo(low);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSpanOverTwoPagesThatAreApartIsLeftUntilTheUnitIsMadeAnew(boolean loop) {
        map(PAGE, ram);
        map(PAGE + Mmu.PAGE_SIZE, ram + 2 * Mmu.PAGE_SIZE);
        Unit unit = frame(loop, false, 0);
        cpu.units.put(unit);
        for (int i = 0; i < unit.maxStraddles(); i++) {
            assertThat(unit.isStraddling()).isFalse();
            cpu.budget = 1000;
            x(1, PAGE + Mmu.PAGE_SIZE - DONE);
            x(6, 1);
            assertThat(unit.run(cpu, 0))
                    .as("the loads fit, the stores are in the next page")
                    .isEqualTo(CODE + 28);
            x(1, PAGE + Mmu.PAGE_SIZE - 8);
            assertThat(unit.run(cpu, 0)).isEqualTo(CODE);
        }
        assertThat(unit.isStraddling()).isTrue();
        assertThat(cpu.units.find(CODE)).isNull();
        assertThat(cpu.budget).isEqualTo(1000 - 7);
        fill();
        x(6, 1);
        assertThat(frame(loop, true, 0).run(cpu, 0)).isEqualTo(CODE + 28);
        assertThat(x(2)).isEqualTo(2L * Mmu.PAGE_SIZE);
        assertThat(x(3)).isEqualTo(Mmu.PAGE_SIZE - 8);
    }

    @Test
    void aRunningPointerThatCrossesPagesReadsWhatIsThere() {
        Unit unit = unit(
                false,
                load(2, 1, 0),
                load(3, 1, 8),
                t -> t.set(isa.x[4], t.add(t.add(t.get(isa.x[4]), t.get(isa.x[2])), t.get(isa.x[3]))),
                add(1, 16),
                t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[1]), t.get(isa.x[5])), -16));
        for (int page = 0; page < 3; page++) {
            map(PAGE + (long) page * Mmu.PAGE_SIZE, ram + (2L - page) * Mmu.PAGE_SIZE); // backwards on the host
        }
        cpu.budget = 1_000_000;
        x(1, PAGE + 16);
        x(5, PAGE + 3 * Mmu.PAGE_SIZE);
        long sum = 0;
        for (long a = 16; a < 3 * Mmu.PAGE_SIZE; a += 8) {
            sum += RawMemory.getLong(ram + (2 - a / Mmu.PAGE_SIZE) * Mmu.PAGE_SIZE + a % Mmu.PAGE_SIZE);
        }
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 20);
        assertThat(x(4)).isEqualTo(sum);
        x(5, PAGE + 4 * Mmu.PAGE_SIZE);
        assertThat(unit.run(cpu, 0)).as("at the first byte that is not there").isEqualTo(CODE);
        assertThat(x(1)).isEqualTo(PAGE + 3 * Mmu.PAGE_SIZE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageThatBecomesCodeIsNotWrittenAnyMore(boolean loop) {
        map(PAGE, ram);
        x(1, PAGE);
        x(6, 1);
        Unit unit = frame(loop, false, 0);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 28);
        cpu.tlb.revokeWrites(ram);
        RawMemory.putLong(ram + 16, 4711);
        x(6, 1);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 8);
        assertThat(RawMemory.getLong(ram + 16)).isEqualTo(4711);
    }
}
