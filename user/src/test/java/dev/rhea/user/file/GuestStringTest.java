package dev.rhea.user.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GuestStringTest {
    /** Sixteen bytes at 0x1000, and nothing else. */
    private record Small(byte[] bytes, boolean bigEndian) implements GuestMemory {
        @Override
        public long read(long address, int size) {
            if (address < 0x1000 || address + size > 0x1000 + bytes.length) {
                throw new BadAddress(address);
            }
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= (bytes[(int) (address - 0x1000) + i] & 0xffL) << 8 * (bigEndian ? size - 1 - i : i);
            }
            return value;
        }

        @Override
        public void write(long address, long value, int size) {
            throw new BadAddress(address);
        }

        @Override
        public void read(long address, byte[] to, int offset, int length) {
            throw new BadAddress(address);
        }

        @Override
        public void write(long address, byte[] from, int offset, int length) {
            throw new BadAddress(address);
        }
    }

    private static String copy(String memory, boolean bigEndian, int from, int max) {
        long to = RawMemory.allocate(64);
        try {
            byte[] bytes = memory.getBytes(StandardCharsets.ISO_8859_1);
            int length = GuestString.copy(new Small(bytes, bigEndian), bigEndian, 0x1000 + from, to, max);
            if (length < 0) {
                return null;
            }
            byte[] copied = new byte[length];
            RawMemory.copyOut(to, copied, 0, length);
            assertThat(RawMemory.getByte(to + length)).isZero();
            return new String(copied, StandardCharsets.ISO_8859_1);
        } finally {
            RawMemory.free(to);
        }
    }

    @Test
    void stringsOfEveryLengthAndAlignmentAreCopiedInBothByteOrders() {
        for (boolean bigEndian : new boolean[] {false, true}) {
            for (int from = 0; from < 16; from++) {
                for (int end = from; end < 16; end++) {
                    StringBuilder memory = new StringBuilder("ab\u00ff\u0080efghijkl\u0001nop");
                    memory.setCharAt(end, '\0');
                    assertThat(copy(memory.toString(), bigEndian, from, 64)).isEqualTo(memory.substring(from, end));
                }
            }
        }
    }

    @Test
    void aStringThatIsTooLongIsSaidToBe() {
        assertThat(copy("abcdefghijklmno\0", false, 0, 15)).isNull();
        assertThat(copy("abcdefghijklmno\0", false, 0, 16)).isEqualTo("abcdefghijklmno");
    }

    @Test
    void aStringThatRunsIntoUnmappedMemoryIsABadAddress() {
        assertThatThrownBy(() -> copy("abcdefghijklmnop", false, 0, 64)).isInstanceOf(GuestMemory.BadAddress.class);
    }
}
