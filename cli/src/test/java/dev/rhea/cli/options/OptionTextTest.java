package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.cli.options.Parameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionTextTest {
    private final List<String> warnings = new ArrayList<>();
    private final OptionGroup chardev =
            OptionGroup.of("chardev", "backend", "backend path port", "mux nodelay wait", "to", "size");

    private Parameters open(String text) throws OptionException {
        return OptionGroup.open("device", "driver").parse(text, warnings::add);
    }

    @Test
    void theFirstKeyIsImpliedAndCommasAreDoubled() throws Exception {
        Parameters parameters = open("virtio-blk-pci,drive=a,,b,,,id=d0,serial=x=y,empty=");
        assertThat(parameters.id()).isEqualTo("d0");
        assertThat(parameters.list())
                .containsExactly(
                        new Parameter("driver", "virtio-blk-pci"),
                        new Parameter("drive", "a,b,"),
                        new Parameter("serial", "x=y"),
                        new Parameter("empty", ""));
        assertThat(open("user,,id=x").get("driver")).isEqualTo("user,id=x");
        assertThat(open("driver=x,").list()).containsExactly(new Parameter("driver", "x"));
        assertThat(open("").list()).isEmpty();
        assertThat(open(",id=x").get("driver")).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void repeatedKeysAreListsAndTheLastHolds() throws Exception {
        Parameters parameters = open("user,hostfwd=a,dnssearch=x,hostfwd=b");
        assertThat(parameters.all("hostfwd")).containsExactly("a", "b");
        assertThat(parameters.get("hostfwd")).isEqualTo("b");
        assertThat(open("x,id=a,id=b").id()).isEqualTo("a");
    }

    @Test
    void keysAloneAreFlagsWithAWarning() throws Exception {
        Parameters parameters = chardev.parse("socket,mux,nowait,nodelay", warnings::add);
        assertThat(parameters.flag("mux", false)).isTrue();
        assertThat(parameters.flag("wait", true)).isFalse();
        assertThat(parameters.flag("nodelay", false)).isTrue();
        assertThat(warnings)
                .containsExactly(
                        "warning: short-form boolean option 'mux' deprecated\nPlease use mux=on instead",
                        "warning: short-form boolean option 'nowait' deprecated\nPlease use wait=off instead",
                        "warning: short-form boolean option 'nodelay' deprecated\nPlease use nodelay=on instead");
        assertThatThrownBy(() -> chardev.parse("null,no", warnings::add)).hasMessage("Invalid parameter ''");
        assertThatThrownBy(() -> chardev.parse("null,nofoo", warnings::add)).hasMessage("Invalid parameter 'foo'");
    }

    @Test
    void whatIsUnknownIsRefusedAndTheNearestNamed() {
        assertThatThrownBy(() -> chardev.parse("null,bogus=1", warnings::add)).hasMessage("Invalid parameter 'bogus'");
        assertThatThrownBy(() -> chardev.parse("null,pth=1", warnings::add))
                .hasMessage("Invalid parameter 'pth'\nDid you mean 'path'?");
        assertThatThrownBy(() -> chardev.parse("null,=3", warnings::add)).hasMessage("Invalid parameter ''");
        assertThatThrownBy(() -> chardev.parse("null,mux=foo", warnings::add))
                .hasMessage("Parameter 'mux' expects 'on' or 'off'");
        assertThatThrownBy(() -> chardev.parse("null,to=foo", warnings::add))
                .hasMessage("Parameter 'to' expects a number");
        assertThatThrownBy(() -> chardev.parse("null,size=foo", warnings::add))
                .hasMessageStartingWith("Parameter 'size' expects a non-negative number below 2^64\nOptional suffix");
    }

    @Test
    void anIdentifierStartsWithALetter() throws Exception {
        assertThat(open("x,id=a-b.c_9").id()).isEqualTo("a-b.c_9");
        for (String id : List.of("9x", "", "a b", "-a", "é")) {
            assertThatThrownBy(() -> open("x,id=" + id)).hasMessage("""
                    Parameter 'id' expects an identifier
                    Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.""");
        }
    }

    @Test
    void helpMayBeAskedFor() throws Exception {
        assertThat(open("help").helpWanted()).isTrue();
        assertThat(open("?").helpWanted()).isTrue();
        assertThat(open("virtio-rng,help").helpWanted()).isTrue();
        assertThat(open("virtio-rng,help=on").helpWanted()).isFalse();
        assertThat(chardev.help()).contains("  mux=<bool (on/off)>\n").contains("  size=<size>\n");
    }

    @Test
    void valuesAreNormalizedForThoseWhoDoNotReadThem() throws Exception {
        Parameters parameters = chardev.parse("ringbuf,id=r,size=64k,mux=yes,to=0x10", warnings::add);
        assertThat(chardev.normalized(parameters))
                .containsEntry("size", "65536")
                .containsEntry("mux", "on")
                .containsEntry("to", "16")
                .containsEntry("id", "r")
                .containsEntry("backend", "ringbuf");
    }

    @Test
    void valuesAreReadByTheirTypes() throws Exception {
        Parameters parameters = open("x,a=on,b=0x10,c=1.5k,mode=redline");
        assertThat(parameters.flag("a", false)).isTrue();
        assertThat(parameters.number("b", 0)).isEqualTo(16);
        assertThat(parameters.size("c", 0)).isEqualTo(1536);
        assertThat(parameters.size("d", 7)).isEqualTo(7);
        assertThatThrownBy(() -> parameters.required("d")).hasMessage("Parameter 'd' is missing");
        assertThatThrownBy(() -> parameters.oneOf("mode", List.of("readline", "control")))
                .hasMessage("Parameter 'mode' does not accept value 'redline'\nDid you mean 'readline'?");
    }
}
