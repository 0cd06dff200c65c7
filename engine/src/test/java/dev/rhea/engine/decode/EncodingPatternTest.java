package dev.rhea.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.ir.Builder;
import org.junit.jupiter.api.Test;

class EncodingPatternTest {
    @Test
    void fixedBitsBecomeMaskAndMatch() {
        Encoding e = Encoding.of("01 a:3 -- 1");
        assertThat(e.bits()).isEqualTo(8);
        assertThat(e.mask()).isEqualTo(0b11000001);
        assertThat(e.match()).isEqualTo(0b01000001);
        assertThat(e.matches(0b01101111)).isTrue();
        assertThat(e.matches(0b11101111)).isFalse();
    }

    @Test
    void scatteredBitsComeTogether() {
        Encoding e = Encoding.of("imm[12|10:5]s q:5 r:5 000 imm[4:1|11] 1100011");
        Field imm = e.field("imm");
        assertThat(imm).isNotNull();
        assertThat(imm.width()).isEqualTo(13);
        assertThat(imm.signed()).isTrue();
        for (long value = -4096; value < 4096; value += 2) {
            assertThat(imm.extract(imm.insert(value) | e.match())).isEqualTo(value);
        }
        assertThat(imm.extract(imm.insert(4096)))
                .as("13 signed bits do not hold 4096")
                .isEqualTo(-4096);
    }

    @Test
    void aWideFieldKeepsAllItsBits() {
        Field all = Encoding.of("value:64").field("value");
        assertThat(all).isNotNull();
        assertThat(all.extract(all.insert(0x8123456789abcdefL))).isEqualTo(0x8123456789abcdefL);
    }

    @Test
    void aWordThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> Encoding.of("0000 rs1:x 000"))
                .hasMessageContaining("'rs1:x'")
                .hasMessageContaining("0000 rs1:x 000");
        assertThatThrownBy(() -> Encoding.of("0000 imm[3:5] 0")).hasMessageContaining("'imm[3:5]'");
        assertThatThrownBy(() -> Encoding.of("0000 rd 0")).hasMessageContaining("'rd'");
        assertThatThrownBy(() -> Encoding.of("0000 000")).hasMessageContaining("7 bits");
        assertThatThrownBy(() -> Encoding.of("")).hasMessageContaining("0 bits");
    }

    @Test
    void theMoreSpecificRowWinsInWhateverOrderTheyCome() {
        Row.Meaning<Builder> nothing = (t, i) -> {};
        for (boolean first : new boolean[] {true, false}) {
            var table = new Table<Builder>();
            if (first) {
                table.insn("0000 0001", "special", nothing);
            }
            table.insn("0000 a:4", "general {a}", i -> i.get("a") != 3, nothing);
            if (!first) {
                table.insn("0000 0001", "special", nothing);
            }
            assertThat(name(table, 1)).isEqualTo("special");
            assertThat(name(table, 2)).isEqualTo("general");
            assertThat(name(table, 3)).isNull();
            assertThat(name(table, 0x10)).isNull();
            assertThat(Overlaps.in(table)).isEmpty();
            assertThat(Completeness.of(table, 8, "000-----").holes()).containsExactly("0001----");
        }
    }

    @Test
    void twoRowsThatClaimTheSameAreFound() {
        var table = new Table<Builder>();
        table.insn("0 a:3 00-1", "left {a}", (t, i) -> {});
        table.insn("00 a:2 0--1", "right {a}", (t, i) -> {});
        assertThat(Overlaps.in(table))
                .singleElement()
                .asString()
                .contains("left")
                .contains("right");
    }

    @Test
    void rowsAddedLateAreFound() {
        var table = new Table<Builder>();
        table.insn("0000 0001", "one", (t, i) -> {});
        assertThat(name(table, 2)).isNull();
        table.insn("0000 0010", "two", (t, i) -> {});
        assertThat(name(table, 2)).isEqualTo("two");
    }

    private static String name(Table<Builder> table, long bits) {
        Insn insn = table.decode(bits, 8);
        return insn == null ? null : insn.row().mnemonic();
    }
}
