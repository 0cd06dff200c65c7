package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.Extension.Kind;
import dev.rhea.arch.riscv.system.SystemOptions;
import dev.rhea.engine.abi.Architecture.BadCpu;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model while its properties are chosen. What is said about an extension counts, whatever comes with another one. */
final class CpuChoice {
    private static final int PMP_ENTRIES = 16;

    final int xlen;
    final CpuModel model;

    boolean supervisor;
    boolean mmu;
    boolean pmp;
    boolean debug = true;
    boolean shortIsaText;
    int vlen = 128;
    int elen = 64;
    CacheBlocks blocks = CacheBlocks.USUAL;
    int counters = SystemOptions.COUNTERS;
    long vendor;
    long architecture;
    long implementation;

    /** The version that users asked for; null where nothing was said. */
    @Nullable
    PrivilegedVersion version;

    /** Why what was said cannot be, in the reference's words; null where it can. */
    private @Nullable String refusal;

    private final EnumSet<Extension> on;
    private final Map<Extension, Boolean> said = new EnumMap<>(Extension.class);
    private final SatpModes modes;

    /** A model as it is. @param xlen 32 or 64 */
    CpuChoice(int xlen, CpuModel model) {
        this.xlen = xlen;
        this.model = model;
        on = EnumSet.noneOf(Extension.class);
        on.addAll(model.extensions());
        supervisor = model.supervisor();
        mmu = supervisor;
        pmp = model.pmp();
        modes = new SatpModes(xlen, model);
    }

    /** Switches an extension. @throws BadValue where the model does not let it */
    void set(Extension extension, boolean value) throws BadValue {
        if (value && model.kind() == CpuModel.Choice.CHIP && !on.contains(extension)) {
            throw new BadValue("'" + model.name() + "' CPU does not allow enabling extensions");
        }
        said.put(extension, value);
    }

    /** Switches a translation scheme of {@code satp}. */
    SatpModes modes() {
        return modes;
    }

    /** Remembers what is wrong, if it is: only when all was said it is told. */
    void refuseUnless(boolean possible, String message) {
        if (!possible && refusal == null) {
            refusal = message;
        }
    }

    /** Draws the conclusions of all that was said. */
    void settle() throws BadCpu {
        String wrong = refusal;
        if (wrong != null) {
            throw new BadCpu(wrong);
        }
        said.forEach((extension, value) -> {
            if (value) {
                on.add(extension);
            } else {
                on.remove(extension);
            }
        });
        Set<Extension> implied = Extensions.closure(on, xlen);
        implied.removeIf(extension -> said.containsKey(extension) && !on.contains(extension));
        if (!implied.contains(Extension.C) && !said.containsKey(Extension.ZCD)) {
            implied.remove(Extension.ZCD); // C brought it
        }
        if (Extensions.isWholeC(implied, xlen) && !said.containsKey(Extension.C)) {
            implied.add(Extension.C);
        }
        implied.removeIf(extension -> !isOf(version(), extension));
        on.retainAll(implied);
        on.addAll(implied);
        CpuChecks.check(this, on);
        for (Extension named : Extension.values()) {
            if (named.kind() == Kind.NAMED && version().includes(named.since()) && describes(named)) {
                on.add(named);
            }
        }
    }

    /** The counters got their names late, but were there from the start. */
    private static boolean isOf(PrivilegedVersion version, Extension extension) {
        return extension == Extension.ZICNTR || extension == Extension.ZIHPM || version.includes(extension.since());
    }

    /** Whether what an extension's name promises is true of the model. */
    private boolean describes(Extension named) {
        return switch (named) {
            case ZIC64B -> blocks.equals(CacheBlocks.USUAL);
            case SSSTATEEN -> on.contains(Extension.SMSTATEEN);
            default -> true;
        };
    }

    /** The privileged manual that it follows: where nothing was said, one that has what was asked for. */
    PrivilegedVersion version() {
        if (version != null) {
            return version;
        }
        PrivilegedVersion found = model.version();
        if (model.kind() == CpuModel.Choice.BARE) {
            for (Map.Entry<Extension, Boolean> each : said.entrySet()) {
                if (each.getValue() && !found.includes(each.getKey().since())) {
                    found = each.getKey().since();
                }
            }
        }
        return found;
    }

    /** The processor of a program. */
    Riscv atUserLevel() {
        Riscv isa = Riscv.of(xlen, Extensions.exactly(on)).withBlocks(blocks);
        return vlen == isa.vlen() ? isa : isa.withVlen(vlen);
    }

    /** The processor of a machine. */
    Riscv withSystem() throws BadCpu {
        int mode = modes.largest();
        return atUserLevel()
                .withSystem(new SystemOptions(
                        supervisor,
                        supervisor && mmu ? mode : SystemOptions.BARE,
                        pmp ? PMP_ENTRIES : 0,
                        version(),
                        Extensions.exactly(on),
                        debug,
                        counters,
                        shortIsaText,
                        vendor,
                        architecture,
                        implementation));
    }

    /** A value that a property does not take; the message says why, without the property's name. */
    static final class BadValue extends Exception {
        private static final long serialVersionUID = 1;

        BadValue(String message) {
            super(message);
        }
    }
}
