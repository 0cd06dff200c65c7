package dev.rhea.machine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyValueTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 (0 B)",
        "512,512 (512 B)",
        "999,999 (999 B)",
        "1000,1000 (0.977 KiB)",
        "4096,4096 (4 KiB)",
        "268435456,268435456 (256 MiB)",
        "4294967295,4294967295 (4 GiB)",
        "17179869184,17179869184 (16 GiB)",
        "-1,18446744073709551615 (16 EiB)"
    })
    void sizesHaveAUnitOfThreeDigits(long bytes, String text) {
        assertThat(PropertyValue.size("s", bytes).text()).isEqualTo(text);
    }

    @Test
    void othersAreAsTheReferencePrintsThem() {
        assertThat(PropertyValue.of("n", 96).text()).isEqualTo("96 (0x60)");
        assertThat(new PropertyValue("n", PropertyKind.INT32, -1L).text()).isEqualTo("-1 (0xffffffffffffffff)");
        assertThat(PropertyValue.of("b", true).text()).isEqualTo("true");
        assertThat(PropertyValue.of("s", "x").text()).isEqualTo("\"x\"");
        assertThat(new PropertyValue("s", PropertyKind.STRING, null).text()).isEqualTo("\"\"");
        assertThat(new PropertyValue("addr", PropertyKind.PCI_ADDRESS, 0x2aL).text())
                .isEqualTo("05.2");
        assertThat(Pins.in("", 96).text()).isEqualTo("gpio-in \"\" 96");
        assertThat(Pins.interrupts(2).text()).isEqualTo("gpio-out \"sysbus-irq\" 2");
    }
}
