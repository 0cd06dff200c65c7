package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code info mem} makes of a guest's page tables. */
@Timeout(60)
class PageListTest {
    private static final long ROOT = RAM + 0x1_0000;
    private static final int LEAF = 0xcf;

    private static String list(Rig rig, int mode, long root) {
        SystemCpu cpu = rig.harts.getFirst().cpu();
        cpu.satp = (long) mode << 60 | root >>> 12;
        return PageList.of(cpu, rig.bench.chassis.memory());
    }

    @Test
    void neighboursThatLeadToNeighboursAreOneRange() {
        try (Rig rig = new Rig(Tiers.INTERPRETER)) {
            rig.put(ROOT + 16, 0x2000_0000L | LEAF);
            rig.put(ROOT + 24, 0x3000_0000L | LEAF);
            assertThat(list(rig, 8, ROOT))
                    .endsWith("0000000080000000 0000000080000000 0000000080000000 rwx--ad\n")
                    .hasLineCount(3);
        }
    }

    @Test
    void tablesThatContainThemselvesComeToAnEnd() {
        try (Rig rig = new Rig(Tiers.INTERPRETER)) {
            for (int i = 0; i < 512; i++) {
                rig.put(ROOT + 8L * i, ROOT >>> 12 << 10 | 1);
            }
            assertThat(list(rig, 10, ROOT)).endsWith("there are more\n");
        }
    }

    @Test
    void aTableWhereADeviceIsHasNoPages() {
        try (Rig rig = new Rig(Tiers.INTERPRETER)) {
            assertThat(list(rig, 8, Bench.END)).hasLineCount(2);
        }
    }
}
