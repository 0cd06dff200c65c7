package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.board.fdt.Node;

/** The {@code cpus} node of a board. Phandles are counted from 1, the last hart's first, as the reference counts them. */
final class CpuTree {
    private static final int SUPERVISOR_EXTERNAL = 9;
    private static final int MACHINE_EXTERNAL = 11;

    private final Harts harts;
    private final boolean mapped;

    /** @param mapped whether there is a {@code cpu-map}, for which each hart has a phandle too */
    CpuTree(Harts harts, boolean mapped) {
        this.harts = harts;
        this.mapped = mapped;
    }

    /** The first phandle that is free. */
    int next() {
        return harts.count() * (mapped ? 2 : 1) + 1;
    }

    private int cpu(int hart) {
        return 2 * (harts.count() - 1 - hart) + 1;
    }

    private int controller(int hart) {
        return mapped ? cpu(hart) + 1 : harts.count() - hart;
    }

    /** Adds it. @param timebase ticks of {@code time} per second */
    void describe(Node root, int timebase) {
        Node cpus = root.child("cpus")
                .cells("#address-cells", 1)
                .cells("#size-cells", 0)
                .cells("timebase-frequency", timebase);
        for (int i = 0; i < harts.count(); i++) {
            Riscv model = harts.models().get(i);
            Node cpu = cpus.child("cpu", i);
            if (mapped) {
                cpu.cells("phandle", cpu(i));
            }
            cpu.text("device_type", "cpu")
                    .cells("reg", i)
                    .text("status", "okay")
                    .text("compatible", "riscv");
            new CpuNode(model).describe(cpu);
            cpu.child("interrupt-controller")
                    .cells("#interrupt-cells", 1)
                    .flag("interrupt-controller")
                    .text("compatible", "riscv,cpu-intc")
                    .cells("phandle", controller(i));
        }
        if (mapped) {
            // One cluster, however -smp arranges them: as the reference does without NUMA nodes.
            Node cluster = cpus.child("cpu-map").child("cluster0");
            for (int i = 0; i < harts.count(); i++) {
                cluster.child("core" + i).cells("cpu", cpu(i));
            }
        }
    }

    /** {@code interrupts-extended}: these pins of each hart. */
    int[] pins(int... codes) {
        int[] cells = new int[2 * codes.length * harts.count()];
        int at = 0;
        for (int i = 0; i < harts.count(); i++) {
            for (int code : codes) {
                cells[at++] = controller(i);
                cells[at++] = code;
            }
        }
        return cells;
    }

    /** The same for what {@link Harts#externalPins} lists. */
    int[] externalPins() {
        int[] cells = new int[2 * harts.externalPins().size()];
        int at = 0;
        for (int i = 0; i < harts.count(); i++) {
            cells[at++] = controller(i);
            cells[at++] = MACHINE_EXTERNAL;
            if (harts.hasSupervisor(i)) {
                cells[at++] = controller(i);
                cells[at++] = SUPERVISOR_EXTERNAL;
            }
        }
        return cells;
    }
}
