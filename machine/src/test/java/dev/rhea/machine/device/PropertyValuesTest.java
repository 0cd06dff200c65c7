package dev.rhea.machine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages are the reference's. */
class PropertyValuesTest {
    private static final List<Property> PROPERTIES = List.of(
            Property.of("on", PropertyKind.BOOL, "off", "a switch"),
            Property.of("u8", PropertyKind.UINT8, "7", ""),
            Property.of("u16", PropertyKind.UINT16, null, ""),
            Property.of("u32", PropertyKind.UINT32, null, ""),
            Property.of("u64", PropertyKind.UINT64, null, ""),
            Property.of("i32", PropertyKind.INT32, null, ""),
            Property.of("size", PropertyKind.SIZE, null, ""),
            Property.of("mac", PropertyKind.MAC, null, ""),
            Property.of("addr", PropertyKind.PCI_ADDRESS, "-1", ""),
            Property.choice("werror", "auto", List.of("auto", "stop"), ""),
            Property.of("text", PropertyKind.STRING, null, ""));

    private static PropertyValues of(String name, String value) throws BadDeviceException {
        return new PropertyValues("dev", PROPERTIES, Map.of(name, value));
    }

    @ParameterizedTest
    @CsvSource({
        "u8,255,255",
        "u8,0x1f,31",
        "u8,010,8",
        "u32,0xffffffff,4294967295",
        "i32,-5,-5",
        "u64,18446744073709551615,-1",
        "u64,-1,-1",
        "size,010,10",
        "size,0x1B,27",
        "size,0x10K,16384",
        "size,1.5K,1536",
        "size,2g,2147483648",
        "size,7E,8070450532247928832",
        "addr,1f.7,255",
        "addr,3,24",
    })
    void numbersAreReadAsCDoes(String name, String text, long value) throws BadDeviceException {
        assertThat(of(name, text).number(name)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u16|abc|Parameter 'u16' expects integer",
                "u16|12x|Parameter 'u16' expects integer",
                "u16|''|Parameter 'u16' expects integer",
                "u16|--1|Parameter 'u16' expects integer",
                "u16|0x-1|Parameter 'u16' expects integer",
                "u16|70000|Parameter 'u16' expects uint16_t",
                "u16|-1|Parameter 'u16' expects uint16_t",
                "u8|300|Parameter 'u8' expects uint8_t",
                "u32|99999999999999999999999|Parameter 'u32' expects uint32_t",
                "u64|18446744073709551616|Parameter 'u64' expects uint64_t",
                "i32|-2147483649|Parameter 'i32' expects int32_t",
                "size|abc|Parameter 'size' expects size",
                "size|-1|Parameter 'size' expects size",
                "size|5Q|Parameter 'size' expects size",
                "size|99999999999999999999|Parameter 'size' expects size",
                "size|99E|Parameter 'size' expects size",
                "on|maybe|Parameter 'on' expects 'on' or 'off'",
                "mac|xx|Property 'dev.mac' doesn't take value 'xx'",
                "addr|99|Property 'dev.addr' doesn't take value '99'",
                "addr|1.9|Property 'dev.addr' doesn't take value '1.9'",
                "addr|zz|Property 'dev.addr' doesn't take value 'zz'",
                "werror|foo|Parameter 'werror' does not accept value 'foo'",
                "bogus|1|Property 'dev.bogus' not found",
            })
    void whatIsWrongIsSaidInTheReferencesWords(String name, String text, String message) {
        assertThatThrownBy(() -> of(name, text))
                .isInstanceOf(BadDeviceException.class)
                .hasMessage(message);
    }

    @Test
    void declaredValuesHoldWhereNothingIsSaid() throws BadDeviceException {
        PropertyValues values = of("text", "hello");
        assertThat(values.bool("on")).isFalse();
        assertThat(values.number("u8")).isEqualTo(7);
        assertThat(values.text("text")).isEqualTo("hello");
        assertThat(values.text("mac")).isNull();
        assertThat(values.has("u16")).isFalse();
        assertThatThrownBy(() -> values.number("u16")).hasMessageContaining("ask has() first");
        assertThatThrownBy(() -> values.has("bogus")).hasMessageContaining("declares no property");
    }

    @Test
    void valuesAreShownInTheOrderOfDeclaration() throws BadDeviceException {
        Map<String, String> shown = of("mac", "52-54-00-12-34-56").describe();
        assertThat(shown.keySet()).startsWith("on", "u8", "u16");
        assertThat(shown).containsEntry("on", "false").containsEntry("u8", "7 (0x7)");
        assertThat(shown).containsEntry("mac", "\"52:54:00:12:34:56\"").containsEntry("addr", "-1");
    }
}
