package dev.rhea.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CLibraryTest {
    @Test
    void aFunctionIsWhereBothWaysOfLookingFindIt() {
        long address = CLibrary.address("getppid");

        assertThat(address).isNotZero().isEqualTo(NativeCall.Linked.function("getppid"));
        assertThat(address).isNotEqualTo(CLibrary.address("getpid"));
    }

    @Test
    void aMissingFunctionIsNamed() {
        assertThatThrownBy(() -> CLibrary.address("no_such_function"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no_such_function()");
    }
}
