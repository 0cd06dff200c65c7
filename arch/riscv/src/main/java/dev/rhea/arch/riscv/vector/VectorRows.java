package dev.rhea.arch.riscv.vector;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.decode.Table;

/** All rows of the vector extension. */
public final class VectorRows {
    private VectorRows() {}

    /** Adds the rows of V and of what extends it. */
    public static void addTo(Table<RiscvBuilder> table, Extensions extensions) {
        table.group("V");
        var forms = new Forms(table);
        ConfigRows.addTo(table);
        MemoryRows.addTo(forms);
        IntegerRows.addTo(forms);
        FixedPointRows.addTo(forms);
        FloatingPointRows.addTo(forms, extensions.has(Extension.ZVFH));
        ReductionRows.addTo(forms);
        MaskRows.addTo(forms);
        PermutationRows.addTo(forms);
        if (extensions.has(Extension.ZVBB)) {
            table.group("Zvbb");
            BitRows.addTo(forms);
        }
        if (extensions.has(Extension.ZVKSED)) {
            table.group("Zvksed");
            Sm4Rows.addTo(forms);
        }
    }
}
