package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reference was seen to take and to refuse. */
class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "3, 3",
        "3k, 3072",
        "3K, 3072",
        "1.5k, 1536",
        "0x10, 16",
        "0X10, 16",
        "0x10k, 16384",
        "0x1E, 30",
        "0x1b, 27",
        "3b, 3",
        "3B, 3",
        "3M, 3145728",
        "' 3', 3",
        "+3, 3",
        "18446744073709551615, -1",
        "15.9E, 18331451923248866918",
        "8E, -9223372036854775808",
        "010, 10",
        "1.0b, 1",
        "1., 1",
        "1.k, 1024",
        "0.1k, 102",
        "1.9999k, 2048",
        "1.00000000000000001k, 1024",
        "4G, 4294967296",
        "2T, 2199023255552",
        "1P, 1125899906842624",
    })
    void sizesHaveSuffixesAndFractions(String text, String bytes) throws Exception {
        long expected = bytes.startsWith("-") ? Long.parseLong(bytes) : Long.parseUnsignedLong(bytes);
        assertThat(Quantities.size("size", text)).isEqualTo(expected);
        assertThat(Quantities.treeSize("size", text)).isEqualTo(Quantities.size("size", text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.3", "0x", "1e3", "1.5", "0.5", ".5k", "3kB", "-3", "3 ", "0x1.8k", "", "1.5b", "0.5b", "inf", "nan",
                "1kk", "00x10", "1Q", "x", "1.5e3k"
            })
    void whatIsNoSizeIsRefusedWithTheSuffixes(String text) {
        assertThatThrownBy(() -> Quantities.size("size", text)).hasMessage("""
                Parameter 'size' expects a non-negative number below 2^64
                Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
                and exabytes, respectively.""");
        assertThatThrownBy(() -> Quantities.treeSize("size", text)).hasMessage("Parameter 'size' expects a size value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "16E", "0x100000000000000000"})
    void aSizeTooLargeIsOutOfRange(String text) {
        assertThatThrownBy(() -> Quantities.size("size", text))
                .hasMessage("Value '" + text + "' is out of range for parameter 'size'");
        assertThatThrownBy(() -> Quantities.treeSize("size", text)).hasMessage("Parameter 'size' expects a size value");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "0x10, 16", "010, 8", "-1, -1", "+3, 3", "' 3', 3", "0, 0", "18446744073709551615, -1"})
    void numbersAreDecimalHexadecimalOrOctal(String text, long value) throws Exception {
        assertThat(Quantities.number("n", text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 ", "3k", "", "1.5", "x", "08", "0x"})
    void whatIsNoNumberIsRefused(String text) {
        assertThatThrownBy(() -> Quantities.number("reconnect", text))
                .hasMessage("Parameter 'reconnect' expects a number");
        assertThatThrownBy(() -> Quantities.unsigned("queues", text))
                .hasMessage("Parameter 'queues' expects a uint64 value");
        assertThatThrownBy(() -> Quantities.signed("ipv6-prefixlen", text))
                .hasMessage("Parameter 'ipv6-prefixlen' expects an int64 value");
    }

    @ParameterizedTest
    @CsvSource({"18446744073709551616"})
    void aNumberTooLargeIsRefused(String text) throws Exception {
        assertThatThrownBy(() -> Quantities.number("reconnect", text))
                .hasMessage("Value '18446744073709551616' is too large for parameter 'reconnect'");
        assertThatThrownBy(() -> Quantities.unsigned("n", "-1")).hasMessage("Parameter 'n' expects a uint64 value");
        assertThatThrownBy(() -> Quantities.signed("n", "9223372036854775808"))
                .hasMessage("Parameter 'n' expects an int64 value");
        assertThat(Quantities.signed("n", "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"on, true", "yes, true", "true, true", "y, true", "off, false", "no, false", "false, false", "n, false"
    })
    void flagsHaveFourNamesEach(String text, boolean value) throws Exception {
        assertThat(Quantities.flag("mux", text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "f", "1", "0", "ON", "On", ""})
    void whatIsNoFlagIsRefused(String text) {
        assertThatThrownBy(() -> Quantities.flag("mux", text)).hasMessage("Parameter 'mux' expects 'on' or 'off'");
    }
}
