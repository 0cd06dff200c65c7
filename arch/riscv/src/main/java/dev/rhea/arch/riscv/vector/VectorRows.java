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
        addBits(forms, extensions);
        addCiphers(forms, extensions);
    }

    private static void addBits(Forms forms, Extensions extensions) {
        if (extensions.has(Extension.ZVKB) || extensions.has(Extension.ZVBB)) {
            forms.table().group("Zvkb");
            BitRows.addTo(forms);
        }
        if (extensions.has(Extension.ZVBB)) {
            forms.table().group("Zvbb");
            BitRows.addMoreTo(forms);
        }
        if (extensions.has(Extension.ZVBC)) {
            forms.table().group("Zvbc");
            CarrylessRows.addTo(forms);
        }
    }

    private static void addCiphers(Forms forms, Extensions extensions) {
        if (extensions.has(Extension.ZVKG)) {
            forms.table().group("Zvkg");
            GhashRows.addTo(forms);
        }
        if (extensions.has(Extension.ZVKNED)) {
            forms.table().group("Zvkned");
            AesRows.addTo(forms);
        }
        boolean sha512 = extensions.has(Extension.ZVKNHB);
        if (sha512 || extensions.has(Extension.ZVKNHA)) {
            forms.table().group(sha512 ? "Zvknhb" : "Zvknha");
            Sha2Rows.addTo(forms, sha512);
        }
        if (extensions.has(Extension.ZVKSED)) {
            forms.table().group("Zvksed");
            Sm4Rows.addTo(forms);
        }
        if (extensions.has(Extension.ZVKSH)) {
            forms.table().group("Zvksh");
            Sm3Rows.addTo(forms);
        }
    }
}
