package dev.rhea.arch.riscv.system.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    /** The specification's sentence for one compare value. */
    private static boolean sentence(int match, long compared, long value, int bits) {
        int half = bits / 2;
        long low = (1L << half) - 1;
        return switch (match) {
            case 0 -> compared == value;
            case 1 -> {
                int m = 0; // the lowest bit of the value that is 0
                while (m < bits && (value >>> m & 1) != 0) {
                    m++;
                }
                yield m + 1 >= bits || compared >>> m + 1 == value >>> m + 1;
            }
            case 2 -> Long.compareUnsigned(compared, value) >= 0;
            case 3 -> Long.compareUnsigned(compared, value) < 0;
            case 4 -> ((compared & low) & (value >>> half)) == (value & low);
            default -> ((compared >>> half) & (value >>> half)) == (value & low);
        };
    }

    @Test
    void anAccessMatchesWhereOneOfItsBytesDoesAndNegationsWhereNoneDoes() {
        var random = new Random(5);
        int[] counts = new int[16];
        for (int i = 0; i < 300_000; i++) {
            int bits = random.nextBoolean() ? 64 : 32;
            long mask = bits == 64 ? -1L : 0xffffffffL;
            long value = interesting(random, bits) & mask;
            long address = value + random.nextInt(41) - 20 & mask;
            address = random.nextInt(3) == 0 ? interesting(random, bits) & mask : address;
            int size = 1 << random.nextInt(4);
            for (int match = 0; match < 6; match++) {
                boolean any = false;
                for (int k = 0; k < size; k++) {
                    any |= sentence(match, address + k & mask, value, bits);
                }
                var comparison = new Comparison(match, value, bits);
                assertThat(comparison.matches(address, size))
                        .as("match %d of %x with %d bytes at %x", match, value, size, address)
                        .isEqualTo(any);
                counts[match] += any ? 1 : 0;
                if (Comparison.isLegal(match | 8)) {
                    assertThat(new Comparison(match | 8, value, bits).matches(address, size))
                            .isEqualTo(!any);
                }
                if (any && size == 1) {
                    Comparison.Span span = comparison.span();
                    assertThat(span).isNotNull();
                    assertThat(Long.compareUnsigned(span.first(), address)).isLessThanOrEqualTo(0);
                    assertThat(Long.compareUnsigned(span.last(), address)).isGreaterThanOrEqualTo(0);
                }
                if (any) {
                    long first = comparison.firstMatch(address, size);
                    assertThat(first - address & mask).isLessThan(size);
                    if (match < 3 && first != address) {
                        assertThat(sentence(match, first, value, bits)).isTrue();
                        assertThat(sentence(match, first - 1 & mask, value, bits) && first != 0)
                                .isFalse();
                    }
                }
            }
        }
        for (int match = 0; match < 6; match++) {
            assertThat(counts[match]).as("match %d", match).isBetween(1000, 299_000);
        }
    }

    private static long interesting(Random random, int bits) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(64);
            case 1 -> -random.nextInt(64);
            case 2 -> random.nextLong() | (1L << random.nextInt(bits)) - 1;
            case 3 -> random.nextLong() & (1L << bits / 2) - 1; // compares little with masks
            case 4 -> 15L << bits / 2 + random.nextInt(8) | random.nextInt(16);
            default -> random.nextLong();
        };
    }

    @Test
    void reservedKindsOfComparisonAreNotTaken() {
        var trigger = new Trigger(64, true);
        for (int match = 0; match < 16; match++) {
            trigger.tdata1(2L << 60 | (long) match << 7 | 0x47);
            int expected = match <= 5 || match == 8 || match == 9 || match == 12 || match == 13 ? match : 0;
            assertThat(trigger.tdata1()).isEqualTo(2L << 60 | (long) expected << 7 | 0x47);
        }
    }

    @Test
    void onlyTheExceptionIsAnActionAndNobodyIsInDebugMode() {
        for (int xlen : new int[] {32, 64}) {
            var trigger = new Trigger(xlen, false);
            for (long type : new long[] {2, 6}) {
                trigger.tdata1(type << xlen - 4 | 1L << xlen - 5 | 1 << 12 | 1 << 11 | 0x5f);
                assertThat(trigger.tdata1()).isEqualTo(type << xlen - 4 | 0x5f);
            }
            for (long type : new long[] {0, 1, 4, 5, 7, 15}) {
                trigger.tdata1(type << xlen - 4 | 0x5f);
                assertThat(trigger.tdata1()).isEqualTo(2L << xlen - 4);
            }
        }
    }

    @Test
    void sizesThatAreNoneOfAnAccessAreNotTaken() {
        var trigger = new Trigger(64, false);
        int[] bytes = {0, 1, 2, 4, 0, 8, 0, 0};
        for (int size = 0; size < 16; size++) {
            if (size < 8) {
                trigger.tdata1(6L << 60 | (long) size << 16);
                assertThat(trigger.size()).isEqualTo(bytes[size]);
            }
            trigger.tdata1(2L << 60 | (size & 3L) << 16 | (size >> 2 & 3L) << 21);
            assertThat(trigger.size()).isEqualTo(size < 8 ? bytes[size] : 0);
        }
    }
}
