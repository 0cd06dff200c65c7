package dev.rhea.engine.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnitTableTest {
    private static final long PC = 0x10000;

    /** Other addresses with the same index. */
    private static final long SECOND = alike(1);

    private static final long THIRD = alike(2);

    private final UnitTable table = new UnitTable();

    private static long alike(int number) {
        long pc = PC;
        for (int found = 0; found < number; ) {
            pc += 2;
            if (UnitTable.index(pc) == UnitTable.index(PC)) {
                found++;
            }
        }
        return pc;
    }

    /** A unit that is a method. */
    private static Unit method(long pc) {
        return new Unit(pc) {
            @Override
            public long run(Cpu cpu, int depth) {
                return pc;
            }
        };
    }

    @Test
    void methodsThatFallOnOnePlaceDriveEachOtherOut() {
        table.put(method(PC));
        table.put(method(SECOND));
        assertThat(table.find(PC)).isNull();
        assertThat(table.find(SECOND)).isNotNull();
    }

    private NativeCode code() {
        NativeCode code = NativeCode.create();
        Assumptions.assumeTrue(code != null, "this host runs no machine code of ours");
        return code;
    }

    @BeforeEach
    void addressesDiffer() {
        assertThat(SECOND).isNotEqualTo(PC).isNotEqualTo(THIRD);
    }

    @Test
    void machineCodeThatFallsOnOnePlaceKeepsASecondOne() {
        try (NativeCode code = code()) {
            table.put(new NativeUnit(PC, code, 1));
            table.put(new NativeUnit(SECOND, code, 2));
            table.put(new NativeUnit(THIRD, code, 3));
            assertThat(table.find(PC)).isNotNull();
            assertThat(table.find(SECOND)).isNotNull();
            assertThat(table.find(THIRD)).isNotNull();
        }
    }

    @Test
    void aTableThatIsHalfFullLosesHardlyAny() {
        int count = 1 << UnitTable.BITS - 1;
        var random = new Random(7);
        long[] pcs =
                random.longs(count, 0, 1L << 31).map(pc -> pc & ~1L).distinct().toArray();
        try (NativeCode code = code()) {
            for (long pc : pcs) {
                table.put(new NativeUnit(pc, code, 1));
            }
        }
        assertThat(Arrays.stream(pcs).filter(pc -> table.find(pc) == null).count())
                .isLessThan(count / 100);
    }

    @Test
    void aFullTableStillTakesTheNext() {
        try (NativeCode code = code()) {
            for (long pc = 0; pc < 8L << UnitTable.BITS; pc += 2) {
                table.put(new NativeUnit(pc, code, 1));
                assertThat(table.find(pc)).isNotNull();
            }
        }
    }

    @Test
    void whatIsRemovedIsGoneFromEitherPlace() {
        try (NativeCode code = code()) {
            var first = new NativeUnit(PC, code, 1);
            var second = new NativeUnit(SECOND, code, 2);
            table.put(first);
            table.put(second);
            table.remove(first);
            table.remove(second);
            assertThat(table.find(PC)).isNull();
            assertThat(table.find(SECOND)).isNull();
        }
    }
}
