package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
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
        SystemOptions options = isa.system();
        Extensions privileged = options == null ? Extensions.NONE : options.extensions();
        for (Extension extension : Extension.values()) {
            if (isa.extensions().has(extension) || privileged.has(extension)) {
                names.add(extension.spelling());
            }
        }
        return names;
    }

    /** {@code riscv,isa}: {@code rv64imafdc_zicsr_...}. */
    public String text() {
        var text = new StringBuilder("rv" + isa.xlen());
        SystemOptions options = isa.system();
        for (String name : extensions()) {
            if (name.length() > 1) {
                if (options != null && options.shortText()) {
                    break;
                }
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
