package dev.rhea.user.file.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.host.RawMemory;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final DataModel NARROW = new DataModel(4, false, 8);
    private static final DataModel I386 = new DataModel(4, false, 4);
    private static final DataModel BIG = new DataModel(8, true, 8);

    enum Member {
        BYTE,
        HALF,
        LONG,
        WIDE,
        INT
    }

    private static Struct<Member> struct() {
        return new Struct<>(Member.class)
                .u8(Member.BYTE)
                .s16(Member.HALF)
                .sword(Member.LONG)
                .u64(Member.WIDE);
    }

    @Test
    void membersAreAlignedAsTheCompilerWouldForEachWordSize() {
        Layout<Member> wide = struct().in(DataModel.HOST);
        assertThat(wide.offset(Member.HALF)).isEqualTo(2);
        assertThat(wide.offset(Member.LONG)).isEqualTo(8);
        assertThat(wide.offset(Member.WIDE)).isEqualTo(16);
        assertThat(wide.size()).isEqualTo(24);
        Layout<Member> narrow = struct().in(NARROW);
        assertThat(narrow.offset(Member.LONG)).isEqualTo(4);
        assertThat(narrow.offset(Member.WIDE)).isEqualTo(8);
        assertThat(narrow.size()).isEqualTo(16);
    }

    @Test
    void sixtyFourBitMembersAreAlignedToFourWhereTheAbiSaysSo() {
        Struct<Member> struct = new Struct<>(Member.class).u32(Member.INT).u64(Member.WIDE);
        assertThat(struct.in(NARROW).offset(Member.WIDE)).isEqualTo(8);
        assertThat(struct.in(I386).offset(Member.WIDE)).isEqualTo(4);
        assertThat(struct.in(I386).size()).isEqualTo(12);
    }

    @Test
    void aPackedStructureHasNoGaps() {
        Layout<Member> packed = struct().packed().in(DataModel.HOST);
        assertThat(packed.offset(Member.WIDE)).isEqualTo(11);
        assertThat(packed.size()).isEqualTo(19);
    }

    @Test
    void signedMembersComeBackNegativeAndUnsignedOnesDoNot() {
        byte[] bytes = new byte[24];
        Layout<Member> layout = struct().in(DataModel.HOST);
        layout.put(bytes, 0, Member.HALF, -2);
        layout.put(bytes, 0, Member.BYTE, -2);
        assertThat(layout.get(bytes, 0, Member.HALF)).isEqualTo(-2);
        assertThat(layout.get(bytes, 0, Member.BYTE)).isEqualTo(254);
    }

    @Test
    void bigEndianMembersHaveTheirHighByteFirst() {
        byte[] bytes = new byte[24];
        Layout<Member> layout = struct().in(BIG);
        layout.put(bytes, 0, Member.WIDE, 0x0102030405060708L);
        assertThat(bytes[16]).isEqualTo((byte) 1);
        assertThat(bytes[23]).isEqualTo((byte) 8);
        assertThat(layout.get(bytes, 0, Member.WIDE)).isEqualTo(0x0102030405060708L);
    }

    @Test
    void aMemberThatAVariantLacksReadsAsZeroAndIsNotWritten() {
        byte[] bytes = new byte[24];
        Layout<Member> layout = struct().in(DataModel.HOST);
        layout.put(bytes, 0, Member.INT, -1);
        assertThat(bytes).containsOnly(0);
        assertThat(layout.get(bytes, 0, Member.INT)).isZero();
    }

    @Test
    void hostMemoryAndByteArraysAgree() {
        long memory = RawMemory.allocate(24);
        byte[] bytes = new byte[24];
        Layout<Member> layout = struct().in(DataModel.HOST);
        for (Member member : Member.values()) {
            layout.putHost(memory, member, 0x8091a2b3c4d5e6f7L);
            layout.put(bytes, 0, member, 0x8091a2b3c4d5e6f7L);
        }
        byte[] copy = new byte[24];
        RawMemory.copyOut(memory, copy, 0, 24);
        assertThat(copy).isEqualTo(bytes);
        for (Member member : Member.values()) {
            assertThat(layout.getHost(memory, member)).isEqualTo(layout.get(bytes, 0, member));
        }
        RawMemory.free(memory);
    }
}
