package dev.rhea.device.virtio.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.machine.device.Property;
import java.util.Comparator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VirtioTypesTest {
    static java.util.stream.Stream<VirtioType> types() {
        return VirtioTypes.list().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void propertiesAreInOrderWithValidDefaults(VirtioType type) throws Exception {
        assertThat(type.properties()).isSortedAccordingTo(Comparator.comparing(Property::name));
        assertThat(type.properties()).extracting(Property::name).doesNotHaveDuplicates();
        assertThat(type.values(java.util.Map.of()).describe()).hasSameSizeAs(type.properties());
    }
}
