package dev.rhea.machine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateCodecTest {
    enum Colour {
        RED,
        GREEN
    }

    record Inner(int a, String b) {}

    @Version(3)
    record Everything(
            boolean z,
            byte b,
            short s,
            char c,
            int i,
            long j,
            float f,
            double d,
            String text,
            Colour colour,
            byte[] bytes,
            long[] longs,
            boolean[] flags,
            String[] texts,
            Inner inner,
            Inner[] inners,
            List<Inner> list,
            List<Long> numbers,
            List<List<String>> nested) {}

    record Small(int a, long[] b) {}

    record Checked(int even) {
        Checked {
            if (even % 2 != 0) {
                throw new IllegalArgumentException(even + " is odd");
            }
        }
    }

    record Holder(List<Small> list) {}

    private static Everything sample() {
        return new Everything(
                true,
                (byte) -1,
                Short.MIN_VALUE,
                'ß',
                -5,
                Long.MAX_VALUE,
                -0.0f,
                Double.longBitsToDouble(0x7ff8000000000123L),
                "grün",
                Colour.GREEN,
                new byte[] {1, -2},
                new long[] {3, Long.MIN_VALUE},
                new boolean[] {true, false},
                new String[] {"", "x"},
                new Inner(7, "seven"),
                new Inner[] {new Inner(1, "a"), new Inner(2, "b")},
                List.of(new Inner(8, "")),
                List.of(1L, 2L),
                List.of(List.of("p"), List.of()));
    }

    @Test
    void everyKindOfComponentComesBack() throws BadStateException {
        byte[] bytes = StateCodec.encode(sample());
        Everything back = StateCodec.decode(Everything.class, bytes);
        assertThat(back).usingRecursiveComparison().ignoringFields("d").isEqualTo(sample());
        assertThat(Double.doubleToRawLongBits(back.d)).isEqualTo(0x7ff8000000000123L);
        assertThat(StateCodec.encode(back)).isEqualTo(bytes);
    }

    @Test
    void everyTruncationIsToldAsOne() {
        byte[] bytes = StateCodec.encode(sample());
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StateCodec.decode(Everything.class, part))
                    .isInstanceOf(BadStateException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void bytesAfterTheEndAreToldToo() {
        byte[] bytes = StateCodec.encode(new Small(1, new long[0]));
        assertThatThrownBy(() -> StateCodec.decode(Small.class, Arrays.copyOf(bytes, bytes.length + 3)))
                .hasMessage("3 bytes follow the end of the state");
    }

    @Test
    void anyDamageLoadsOrEndsInBadStateException() {
        byte[] bytes = StateCodec.encode(sample());
        long seed = Long.getLong("rhea.seed", 20261126);
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                StateCodec.decode(Everything.class, damaged);
            } catch (BadStateException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("reproduce with -Drhea.seed=" + seed + ", round " + round, e);
            }
        }
    }

    @Test
    void hugeLengthsAskForNoMemory() {
        byte[] bytes = StateCodec.encode(new Small(1, new long[0]));
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0x10000000}) {
            byte[] damaged = bytes.clone();
            ByteBuffer.wrap(damaged).putInt(damaged.length - 4, length);
            assertThatThrownBy(() -> StateCodec.decode(Small.class, damaged))
                    .hasMessageContaining("bytes should follow");
        }
    }

    @Test
    void listsInListsWithoutEndAreRefused() {
        byte[] deep = new byte[5 * 100_000];
        for (int i = 0; i < deep.length; i += 5) {
            ByteBuffer.wrap(deep).put(i, (byte) 'L').putInt(i + 1, 1);
        }
        assertThatThrownBy(() -> StateCodec.decode(Small.class, deep)).hasMessageContaining("nested more than 64 deep");
    }

    @Test
    void otherNamesTypesAndVersionsAreToldWithTheirPlace() {
        record Renamed(int x, long[] b) {}
        record Retyped(long a, long[] b) {}
        record More(int a, long[] b, int c) {}
        @Version(2)
        record Newer(int a, long[] b) {}
        record Wrong(int a, int[] b) {}
        record WrongHolder(List<Renamed> list) {}
        long[] none = {};
        assertBad(new Renamed(1, none), Small.class, "Small lacks 'a'");
        assertBad(new Retyped(1, none), Small.class, "Small.a should be of type int and is a Long");
        assertBad(new More(1, none, 2), Small.class, "Small has 'c', which is not known here");
        assertBad(new Newer(1, none), Small.class, "Small is of version 2; only version 1 is known here");
        assertBad(new Wrong(1, new int[0]), Small.class, "Small.b should be of type long[] and is a int[]");
        assertBad(new WrongHolder(List.of(new Renamed(1, none))), Holder.class, "Holder.list[0] lacks 'a'");
    }

    private static void assertBad(Record saved, Class<? extends Record> type, String message) {
        assertThatThrownBy(() -> StateCodec.decode(type, StateCodec.encode(saved)))
                .isInstanceOf(BadStateException.class)
                .hasMessage(message);
    }

    @Test
    void aRecordThatRefusesItsValuesIsABadState() {
        byte[] bytes = StateCodec.encode(new Checked(2));
        bytes[bytes.length - 1] = 3;
        assertThatThrownBy(() -> StateCodec.decode(Checked.class, bytes)).hasMessage("Checked: 3 is odd");
    }

    @Test
    void whatCannotBeAStateIsToldToItsAuthor() {
        record Nullable(String text) {}
        record Odd(Object thing) {}
        assertThatThrownBy(() -> StateCodec.encode(new Nullable(null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text is null");
        assertThatThrownBy(() -> StateCodec.encode(new Odd(new Object()))).hasMessageContaining("java.lang.Object");
    }
}
