package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.SystemFeatures;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.abi.NearMiss;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code -cpu} can name: models, and the features that are switched on and off after them. */
public final class CpuModel {
    private CpuModel() {}

    /** All that is implemented; whoever adds rows for an extension adds it here. */
    private static final Extension[] IMPLEMENTED = {
        Extension.M,
        Extension.A,
        Extension.F,
        Extension.D,
        Extension.C,
        Extension.ZICBOM,
        Extension.ZICBOP,
        Extension.ZICBOZ,
        Extension.ZICNTR,
        Extension.ZICOND,
        Extension.ZICSR,
        Extension.ZIFENCEI,
        Extension.ZIHINTNTL,
        Extension.ZIHINTPAUSE,
        Extension.ZIHPM,
        Extension.ZACAS,
        Extension.ZAWRS,
        Extension.ZFA,
        Extension.ZFH,
        Extension.V,
        Extension.ZVBB,
        Extension.ZVFH,
        Extension.ZVKSED,
        Extension.ZBA,
        Extension.ZBB,
        Extension.ZBC,
        Extension.ZBKB,
        Extension.ZBKC,
        Extension.ZBKX,
        Extension.ZBS,
        Extension.ZKND,
        Extension.ZKNE,
        Extension.ZKNH,
        Extension.ZKSED,
        Extension.ZKSH,
    };

    /** The reference's default: what general-purpose programs may find. */
    private static final Extension[] GENERIC = {
        Extension.M,
        Extension.A,
        Extension.F,
        Extension.D,
        Extension.C,
        Extension.ZICSR,
        Extension.ZIFENCEI,
        Extension.ZICNTR,
        Extension.ZIHPM,
        Extension.ZIHINTNTL,
        Extension.ZIHINTPAUSE,
        Extension.ZICBOM,
        Extension.ZICBOP,
        Extension.ZICBOZ,
        Extension.ZAWRS,
        Extension.ZFA,
        Extension.ZBA,
        Extension.ZBB,
        Extension.ZBC,
        Extension.ZBS,
    };

    /** The user-mode profile of 2022: RISC-V profiles, section "RVA22U64"; no Zifencei. */
    private static final Extension[] RVA22U64 = {
        Extension.M,
        Extension.A,
        Extension.F,
        Extension.D,
        Extension.C,
        Extension.ZICSR,
        Extension.ZICNTR,
        Extension.ZIHPM,
        Extension.ZIHINTPAUSE,
        Extension.ZICBOM,
        Extension.ZICBOP,
        Extension.ZICBOZ,
        Extension.ZFHMIN,
        Extension.ZBA,
        Extension.ZBB,
        Extension.ZBS,
    };

    /** SiFive's E cores: FE310 and U54-MC manuals, "Core Complex". */
    private static final Extension[] EMBEDDED = {
        Extension.M, Extension.A, Extension.C, Extension.ZICSR, Extension.ZIFENCEI, Extension.ZICNTR, Extension.ZIHPM,
    };

    /** Their U cores. */
    private static final Extension[] APPLICATION = {
        Extension.M,
        Extension.A,
        Extension.F,
        Extension.D,
        Extension.C,
        Extension.ZICSR,
        Extension.ZIFENCEI,
        Extension.ZICNTR,
        Extension.ZIHPM,
    };

    /** The models of that XLEN, as help lists them. */
    static List<String> names(int xlen) {
        return xlen == 64 ? List.of("max", "rv64", "rv64i", "rva22u64") : List.of("max", "rv32", "rv32i");
    }

    /**
     * A model with its features chosen.
     *
     * @param cpu {@code model[,+feature][,-feature][,feature=on|off]...}, or null for the generic model
     */
    static Riscv parse(int xlen, @Nullable String cpu) throws BadCpu {
        return parse(xlen, cpu, false);
    }

    /** The models of a machine's processors. @param xlen 32 or 64 */
    public static List<String> systemNames(int xlen) {
        return xlen == 64
                ? List.of("max", "rv64", "rv64i", "rva22s64", "rva22u64", "sifive-e51", "sifive-u54")
                : List.of("max", "rv32", "rv32i", "sifive-e31", "sifive-e34", "sifive-u34");
    }

    /**
     * The same with the privileged levels, and features of those.
     *
     * @param xlen 32 or 64
     * @param cpu as above, or null for the generic model
     */
    public static Riscv parseSystem(int xlen, @Nullable String cpu) throws BadCpu {
        return parse(xlen, cpu, true);
    }

    private static Riscv parse(int xlen, @Nullable String cpu, boolean system) throws BadCpu {
        String text = cpu == null ? "rv" + xlen : cpu;
        if (text.isEmpty()) {
            throw new BadCpu("-cpu option cannot be empty");
        }
        int comma = text.indexOf(',');
        String model = comma < 0 ? text : text.substring(0, comma);
        EnumSet<Extension> on = EnumSet.noneOf(Extension.class);
        for (Extension extension : Extensions.of(model(model, system ? systemNames(xlen) : names(xlen)))) {
            on.add(extension);
        }
        @Nullable SystemFeatures features = system ? SystemFeatures.of(xlen, model) : null;
        int vlen = 128;
        for (int at = comma; at >= 0; ) {
            int next = text.indexOf(',', at + 1);
            String feature = next < 0 ? text.substring(at + 1) : text.substring(at + 1, next);
            if (feature.startsWith("vlen=")) {
                vlen = vlen(model, feature.substring(5));
            } else if (!feature.isEmpty()) {
                apply(model, feature, on, features);
            }
            at = next;
        }
        if (on.contains(Extension.V) && (vlen < 128 || vlen > 1024)) {
            throw new BadCpu("Vector extension implementation only supports VLEN in the range [128, 1024]");
        }
        Riscv isa = Riscv.of(xlen, checked(on));
        isa = features == null ? isa : isa.withSystem(features.options());
        return vlen == isa.vlen() ? isa : isa.withVlen(vlen);
    }

    /** Bits of a vector register, in the reference's words where they are none. */
    private static int vlen(String model, String value) throws BadCpu {
        String global = "can't apply global " + model + "-riscv-cpu.vlen=" + value + ": ";
        long bits;
        try {
            bits = Long.parseUnsignedLong(value);
        } catch (NumberFormatException e) {
            throw new BadCpu(global + "Parameter 'vlen' expects uint64");
        }
        if (bits >>> 16 != 0) {
            throw new BadCpu(global + "Parameter 'vlen' expects uint16_t");
        }
        if (Long.bitCount(bits) != 1) {
            throw new BadCpu(global + "Vector extension VLEN must be power of 2");
        }
        return (int) bits;
    }

    private static Extension[] model(String name, List<String> names) throws BadCpu {
        if (names.contains(name)) {
            switch (name) {
                case "max":
                    return IMPLEMENTED;
                case "sifive-e31", "sifive-e51":
                    return EMBEDDED;
                case "sifive-e34", "sifive-u34", "sifive-u54":
                    return APPLICATION;
                case "rva22s64", "rva22u64":
                    return RVA22U64;
                case "rv64i", "rv32i":
                    return new Extension[0];
                default:
                    return GENERIC;
            }
        }
        throw new BadCpu("unable to find CPU model '" + name + "'" + suggestion(name, names));
    }

    private static void apply(String model, String feature, EnumSet<Extension> on, @Nullable SystemFeatures features)
            throws BadCpu {
        String name;
        String value;
        int equals = feature.indexOf('=');
        if (feature.charAt(0) == '+' || feature.charAt(0) == '-') {
            name = feature.substring(1);
            value = feature.charAt(0) == '+' ? "on" : "off";
        } else if (equals < 0) {
            throw new BadCpu("Expected key=value format, found " + feature + ".");
        } else {
            name = feature.substring(0, equals);
            value = feature.substring(equals + 1);
        }
        String global = "can't apply global " + model + "-riscv-cpu." + name + "=" + value + ": ";
        Extension extension = extension(name);
        if (extension == null && features != null && features.set(name, isOn(value, global, name))) {
            return;
        }
        if (extension == null) {
            throw new BadCpu(global + "Property '" + model + "-riscv-cpu." + name + "' not found"
                    + suggestion(name, spellings()));
        }
        if (!isOn(value, global, name)) {
            on.remove(extension);
            return;
        }
        for (Extension added : Extensions.of(extension)) {
            // what it requires comes with it, unless that was switched off by name: the check says so
            if (added == extension || !isLetter(added)) {
                on.add(added);
            }
        }
    }

    private static boolean isOn(String value, String global, String name) throws BadCpu {
        return switch (value) {
            case "on", "true", "yes", "y" -> true;
            case "off", "false", "no", "n" -> false;
            default -> throw new BadCpu(global + "Parameter '" + name + "' expects 'on' or 'off'");
        };
    }

    /** The set as it is, if nothing in it requires what is not. */
    private static Extensions checked(EnumSet<Extension> on) throws BadCpu {
        for (Extension extension : on) {
            for (Extension required : Extensions.of(extension)) {
                if (!on.contains(required)) {
                    throw new BadCpu(manual(extension) + " extension requires " + manual(required) + " extension");
                }
            }
        }
        return Extensions.of(on);
    }

    private static boolean isLetter(Extension extension) {
        return extension.name().length() == 1;
    }

    /** The name as the manual writes it: {@code D}, {@code Zba}. */
    private static String manual(Extension extension) {
        String name = extension.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static @Nullable Extension extension(String spelling) {
        for (Extension extension : IMPLEMENTED) {
            if (extension.spelling().equals(spelling)) {
                return extension;
            }
        }
        return null;
    }

    private static List<String> spellings() {
        List<String> spellings = new ArrayList<>();
        for (Extension extension : IMPLEMENTED) {
            spellings.add(extension.spelling());
        }
        return spellings;
    }

    /** "; did you mean 'x'?" for the nearest name, or nothing where none is near. */
    private static String suggestion(String wrong, List<String> names) {
        String near = NearMiss.of(wrong.toLowerCase(Locale.ROOT), names);
        return near == null ? "" : "; did you mean '" + near + "'?";
    }
}
