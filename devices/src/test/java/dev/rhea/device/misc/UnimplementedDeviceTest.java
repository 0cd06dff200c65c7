package dev.rhea.device.misc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnimplementedDeviceTest {
    @Test
    void accessesAreToldAsTheReferenceTellsThem() {
        List<String> log = new ArrayList<>();
        UnimplementedDevice device = new UnimplementedDevice("riscv.sifive.u.dmc", 0x10000, log::add);
        assertThat(device.read(0, 4)).isZero();
        device.write(0x104, 0x55, 4);
        assertThat(log)
                .containsExactly(
                        "riscv.sifive.u.dmc: unimplemented device read  (size 4, offset 0x0000)",
                        "riscv.sifive.u.dmc: unimplemented device write (size 4, offset 0x0104, value 0x00000055)");
    }
}
