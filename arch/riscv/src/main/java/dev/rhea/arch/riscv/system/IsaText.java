package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import java.util.ArrayList;
import java.util.List;

/** How a device tree names a model: Linux's binding {@code riscv/extensions.yaml}. */
public final class IsaText {
    private final Riscv isa;

    public IsaText(Riscv isa) {
        this.isa = isa;
    }

    /** {@code riscv,isa-base}: {@code rv64i}. */
    public String base() {
        return "rv" + isa.xlen() + "i";
    }

    /** {@code riscv,isa-extensions}: the base's letter first. */
    public List<String> extensions() {
        List<String> names = new ArrayList<>();
        names.add("i");
        for (Extension extension : isa.extensions()) {
            names.add(extension.spelling());
        }
        SystemOptions options = isa.system();
        if (options != null) {
            addIf(names, options.sstc(), "sstc");
            addIf(names, options.svade(), "svade");
            addIf(names, options.svadu(), "svadu");
            addIf(names, options.svinval(), "svinval");
            addIf(names, options.svnapot(), "svnapot");
            addIf(names, options.svpbmt(), "svpbmt");
        }
        return names;
    }

    private static void addIf(List<String> names, boolean condition, String name) {
        if (condition) {
            names.add(name);
        }
    }

    /** {@code riscv,isa}: {@code rv64imafdc_zicsr_...}. */
    public String text() {
        var text = new StringBuilder("rv" + isa.xlen());
        for (String name : extensions()) {
            if (name.length() > 1) {
                text.append('_');
            }
            text.append(name);
        }
        return text.toString();
    }

    /** {@code mmu-type}: {@code riscv,sv57}; {@code riscv,none} where nothing is translated. */
    public String mmuType() {
        SystemOptions options = isa.system();
        return "riscv,"
                + switch (options == null ? SystemOptions.BARE : options.maxMode()) {
                    case SystemOptions.SV32 -> "sv32";
                    case SystemOptions.SV39 -> "sv39";
                    case SystemOptions.SV48 -> "sv48";
                    case SystemOptions.SV57 -> "sv57";
                    default -> "none";
                };
    }
}
