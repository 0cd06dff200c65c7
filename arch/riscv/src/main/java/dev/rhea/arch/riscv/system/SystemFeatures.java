package dev.rhea.arch.riscv.system;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The features above user level that {@code -cpu} switches, before they become {@link SystemOptions}. */
public final class SystemFeatures {
    /** What can be switched, spelled in lower case. */
    public enum Feature {
        S,
        MMU,
        PMP,
        SSTC,
        SVADE,
        SVADU,
        SVINVAL,
        SVNAPOT,
        SVPBMT,
        DEBUG,
        SV32,
        SV39,
        SV48,
        SV57;

        String spelling() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int PMP_ENTRIES = 16;

    private final int xlen;
    private final EnumSet<Feature> on;

    private SystemFeatures(int xlen, Set<Feature> on) {
        this.xlen = xlen;
        this.on = EnumSet.copyOf(on);
    }

    /** Those of a model. @param model one of the names that {@code CpuModel} knows */
    public static SystemFeatures of(int xlen, String model) {
        Feature widest = xlen == 32 ? Feature.SV32 : Feature.SV57;
        EnumSet<Feature> on = switch (model) {
            case "sifive-e31", "sifive-e34", "sifive-e51", "rv32i", "rv64i" -> EnumSet.of(Feature.PMP);
            case "sifive-u34", "sifive-u54" ->
                EnumSet.of(
                        Feature.S, Feature.MMU, Feature.PMP, xlen == 32 ? Feature.SV32 : Feature.SV39, Feature.SVADU);
            case "rva22s64" ->
                EnumSet.of(
                        Feature.S,
                        Feature.MMU,
                        Feature.PMP,
                        Feature.SV39,
                        Feature.SSTC,
                        Feature.SVADE,
                        Feature.SVINVAL,
                        Feature.SVPBMT);
            case "max" ->
                EnumSet.of(
                        Feature.S,
                        Feature.MMU,
                        Feature.PMP,
                        widest,
                        Feature.SSTC,
                        Feature.SVADU,
                        Feature.SVINVAL,
                        Feature.SVNAPOT,
                        Feature.SVPBMT);
            default -> EnumSet.of(Feature.S, Feature.MMU, Feature.PMP, widest, Feature.SSTC, Feature.SVADU);
        };
        on.add(Feature.DEBUG);
        return new SystemFeatures(xlen, on);
    }

    /** Switches a feature; false where there is none of that name. */
    public boolean set(String name, boolean value) {
        for (Feature feature : Feature.values()) {
            if (!feature.spelling().equals(name)) {
                continue;
            }
            if (modes().contains(feature)) {
                setMode(feature, value);
            } else if (value) {
                on.add(feature);
            } else {
                on.remove(feature);
            }
            return true;
        }
        return false;
    }

    /** Smaller modes come with a larger one; without one the next smaller is the largest. */
    private void setMode(Feature mode, boolean value) {
        int at = modes().indexOf(mode);
        on.removeAll(modes());
        if (value) {
            on.add(mode);
        } else if (at > 0) {
            on.add(modes().get(at - 1));
        }
    }

    private List<Feature> modes() {
        return xlen == 32 ? List.of(Feature.SV32) : List.of(Feature.SV39, Feature.SV48, Feature.SV57);
    }

    /** What a processor is made with. */
    public SystemOptions options() {
        boolean supervisor = on.contains(Feature.S);
        boolean translates = supervisor && on.contains(Feature.MMU);
        int mode = SystemOptions.BARE;
        if (translates) {
            mode = on.contains(Feature.SV57)
                    ? SystemOptions.SV57
                    : on.contains(Feature.SV48)
                            ? SystemOptions.SV48
                            : on.contains(Feature.SV39)
                                    ? SystemOptions.SV39
                                    : on.contains(Feature.SV32) ? SystemOptions.SV32 : SystemOptions.BARE;
        }
        return new SystemOptions(
                supervisor,
                mode,
                on.contains(Feature.PMP) ? PMP_ENTRIES : 0,
                supervisor && on.contains(Feature.SSTC),
                on.contains(Feature.SVADE),
                on.contains(Feature.SVADU),
                supervisor && on.contains(Feature.SVINVAL),
                translates && on.contains(Feature.SVNAPOT),
                translates && on.contains(Feature.SVPBMT),
                on.contains(Feature.DEBUG),
                0,
                0,
                0);
    }
}
