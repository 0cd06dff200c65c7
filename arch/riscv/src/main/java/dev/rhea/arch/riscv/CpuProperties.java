package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.CpuChoice.BadValue;
import dev.rhea.arch.riscv.Extension.Kind;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.abi.NearMiss;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The properties that {@code -cpu MODEL,property=value} can name, and how each changes the choice. */
final class CpuProperties {
    /** Takes a property's value over. */
    @FunctionalInterface
    private interface Property {
        void set(CpuChoice choice, String name, String value) throws BadValue;
    }

    /** Values of a property that is either on or off. */
    @FunctionalInterface
    private interface Switch {
        void set(CpuChoice choice, boolean value) throws BadValue;
    }

    /** Values of a property that is a number. */
    @FunctionalInterface
    private interface Number {
        void set(CpuChoice choice, long value) throws BadValue;
    }

    /**
     * What the reference can switch on and Rhea has not. Their absence is no news, so that they can be switched off: lines
     * written for the reference go on to work.
     */
    private static final Set<String> ABSENT = Set.of(
            "h",
            "smaia",
            "smepmp",
            "ssaia",
            "x-misa-w",
            "xtheadba",
            "xtheadbb",
            "xtheadbs",
            "xtheadcmo",
            "xtheadcondmov",
            "xtheadfmemidx",
            "xtheadfmv",
            "xtheadmac",
            "xtheadmemidx",
            "xtheadmempair",
            "xtheadsync",
            "xventanacondops",
            "rvv_ma_all_1s",
            "rvv_ta_all_1s",
            "sscofpmf",
            "start-powered-off",
            "zama16b",
            "zdinx",
            "zfbfmin",
            "zfinx",
            "zhinx",
            "zhinxmin",
            "zvfbfmin",
            "zvfbfwma");

    /** Names with a capital letter, which the reference knew first. */
    private static final Set<String> CAPITALS = Set.of(
            "Zicsr",
            "Zifencei",
            "Zihintntl",
            "Zihintpause",
            "Zawrs",
            "Zfa",
            "Zfh",
            "Zfhmin",
            "Zve32f",
            "Zve64d",
            "Zve64f");

    private static final Extension[] GENERAL = {
        Extension.M, Extension.A, Extension.F, Extension.D, Extension.ZICSR, Extension.ZIFENCEI
    };

    private static final Map<String, Property> COMMON = common();

    private CpuProperties() {}

    private static Map<String, Property> common() {
        Map<String, Property> all = new TreeMap<>();
        for (Extension extension : Extension.values()) {
            if (extension.kind() != Kind.NAMED) {
                all.put(extension.spelling(), onOff((choice, on) -> choice.set(extension, on)));
            }
        }
        CAPITALS.forEach(name -> all.put(name, Objects.requireNonNull(all.get(name.toLowerCase(Locale.ROOT)))));
        ABSENT.forEach(name -> all.put(name, onOff((choice, on) -> absent(name, on))));
        all.put("g", onOff((choice, on) -> {
            for (Extension extension : GENERAL) {
                if (on) {
                    choice.set(extension, true);
                }
            }
        }));
        all.put("e", onOff((choice, on) -> choice.refuseUnless(!on, "I and E extensions are incompatible")));
        all.put("i", onOff((choice, on) -> choice.refuseUnless(on, "Either I or E extension must be set")));
        all.put(
                "u",
                onOff((choice, on) -> choice.refuseUnless(on, "Setting S extension without U extension is illegal")));
        all.put("s", onOff((choice, on) -> choice.supervisor = on));
        all.put("mmu", (choice, name, value) -> {
            boolean on = isOn(name, value);
            keep(choice, name, on == choice.mmu, "");
            choice.mmu = on;
        });
        all.put("pmp", (choice, name, value) -> {
            boolean on = isOn(name, value);
            keep(choice, name, on == choice.pmp, "");
            choice.pmp = on;
        });
        all.put("short-isa-string", onOff((choice, on) -> choice.shortIsaText = on));
        all.put("debug", onOff((choice, on) -> choice.debug = on));
        all.put("vlen", powerOf2("Vector extension VLEN", (choice, value) -> {
            keep(choice, "vlen", value == choice.vlen, "" + choice.vlen);
            choice.vlen = (int) value;
        }));
        all.put("elen", powerOf2("Vector extension ELEN", (choice, value) -> {
            keep(choice, "elen", value == choice.elen, "" + choice.elen);
            choice.elen = (int) value;
        }));
        all.put("vext_spec", (choice, name, value) -> {
            if (!value.equals("v1.0")) {
                throw new BadValue("Unsupported vector spec version '" + value + "'");
            }
        });
        all.put("priv_spec", (choice, name, value) -> {
            PrivilegedVersion asked = version(value);
            PrivilegedVersion own = choice.model.version();
            keep(choice, name, asked == own, own.spelling());
            choice.version = asked;
        });
        addBlocks(all);
        addIdentity(all);
        all.put("pmu-num", number(8, (choice, value) -> {
            int mask = counters(value);
            keep(choice, "pmu-num", mask == choice.counters, "" + Integer.bitCount(choice.counters));
            choice.counters = mask;
        }));
        all.put("pmu-mask", number(32, (choice, value) -> {
            keep(choice, "pmu-mask", value == choice.counters, Integer.toHexString(choice.counters));
            choice.refuseUnless((value & 7) == 0, "\"pmu-mask\" contains invalid bits (0-2) set");
            choice.counters = (int) value & ~7;
        }));
        // boards of Rhea, and those of the reference, say where their harts begin
        all.put("resetvec", number(64, (choice, value) -> {}));
        return all;
    }

    private static void addBlocks(Map<String, Property> all) {
        all.put("cbom_blocksize", block((c, bytes) -> {
            keep(c, "cbom_blocksize", bytes == c.blocks.management(), "" + c.blocks.management());
            c.blocks = new CacheBlocks((int) bytes, c.blocks.prefetch(), c.blocks.zero());
        }));
        all.put("cbop_blocksize", block((c, bytes) -> {
            keep(c, "cbop_blocksize", bytes == c.blocks.prefetch(), "" + c.blocks.prefetch());
            c.blocks = new CacheBlocks(c.blocks.management(), (int) bytes, c.blocks.zero());
        }));
        all.put("cboz_blocksize", block((c, bytes) -> {
            keep(c, "cboz_blocksize", bytes == c.blocks.zero(), "" + c.blocks.zero());
            c.blocks = new CacheBlocks(c.blocks.management(), c.blocks.prefetch(), (int) bytes);
        }));
    }

    private static void addIdentity(Map<String, Property> all) {
        all.put("mvendorid", number(32, (choice, value) -> {
            choice.vendor = identity(choice, "mvendorid", choice.vendor, value);
        }));
        all.put("marchid", number(64, (choice, value) -> {
            choice.architecture = identity(choice, "marchid", choice.architecture, value);
        }));
        all.put("mimpid", number(64, (choice, value) -> {
            choice.implementation = identity(choice, "mimpid", choice.implementation, value);
        }));
    }

    private static long identity(CpuChoice choice, String name, long old, long value) throws BadValue {
        if (choice.model.kind() != CpuModel.Choice.GENERAL && value != old) {
            throw new BadValue("Unable to change " + choice.model.name() + "-riscv-cpu " + name + " (0x0)");
        }
        if (name.equals("marchid") && value == (choice.xlen == 64 ? 1L << 63 : 1L << 31)) {
            throw new BadValue(
                    "Unable to set marchid with MSB (" + choice.xlen + ") bit set and the remaining bits zero");
        }
        return value;
    }

    // ---- kinds of values

    private static Property onOff(Switch property) {
        return (choice, name, value) -> property.set(choice, isOn(name, value));
    }

    private static boolean isOn(String name, String value) throws BadValue {
        return switch (value) {
            case "on", "true", "yes", "y" -> true;
            case "off", "false", "no", "n" -> false;
            default -> throw new BadValue("Parameter '" + name + "' expects 'on' or 'off'");
        };
    }

    private static Property number(int bits, Number property) {
        return (choice, name, value) -> property.set(choice, unsigned(name, value, bits));
    }

    private static Property powerOf2(String what, Number property) {
        return number(16, (choice, value) -> {
            if (Long.bitCount(value) != 1) {
                throw new BadValue(what + " must be power of 2");
            }
            property.set(choice, value);
        });
    }

    /** A block's size: instructions work on naturally aligned blocks of a power of two. */
    private static Property block(Number property) {
        return number(16, (choice, value) -> {
            if (Long.bitCount(value) != 1 || value < 8 || value > 256) {
                throw new BadValue("a cache block is a power of 2 between 8 and 256 bytes");
            }
            property.set(choice, value);
        });
    }

    private static long unsigned(String name, String value, int bits) throws BadValue {
        long number;
        try {
            number = value.startsWith("0x") || value.startsWith("0X")
                    ? Long.parseUnsignedLong(value.substring(2), 16)
                    : Long.parseUnsignedLong(value);
        } catch (NumberFormatException e) {
            throw new BadValue("Parameter '" + name + "' expects uint64");
        }
        if (bits < 64 && number >>> bits != 0) {
            throw new BadValue("Parameter '" + name + "' expects uint" + bits + "_t");
        }
        return number;
    }

    private static PrivilegedVersion version(String value) throws BadValue {
        if (value.equals("v1.13.0")) {
            return PrivilegedVersion.V1_12_0; // nothing of what Rhea has came later
        }
        for (PrivilegedVersion version : PrivilegedVersion.values()) {
            if (version.spelling().equals(value)) {
                return version;
            }
        }
        throw new BadValue("Unsupported privilege spec version '" + value + "'");
    }

    /** The first counters: bits from 3 on. */
    private static int counters(long count) throws BadValue {
        if (count > 29) {
            throw new BadValue("Number of counters exceeds maximum available");
        }
        return (int) ((1L << count) - 1) << 3;
    }

    /** A chip that was made has what it has. @param current what it is, where the reference says so */
    private static void keep(CpuChoice choice, String name, boolean same, String current) throws BadValue {
        if (!same && choice.model.kind() == CpuModel.Choice.CHIP) {
            String text = "CPU '" + choice.model.name() + "' does not allow changing the value of '" + name + "'";
            throw new BadValue(current.isEmpty() ? text : text + "\nCurrent '" + name + "' val: " + current);
        }
    }

    private static void absent(String name, boolean on) throws BadValue {
        if (on) {
            throw new BadValue("'" + name + "' is not implemented");
        }
    }

    // ---- a word of the option

    /** Does what {@code +extension}, {@code -extension} or {@code property=value} asks for. */
    static void apply(CpuChoice choice, String text) throws BadCpu {
        String name;
        String value;
        int equals = text.indexOf('=');
        if (text.charAt(0) == '+' || text.charAt(0) == '-') {
            name = text.substring(1);
            value = text.charAt(0) == '+' ? "on" : "off";
        } else if (equals < 0) {
            throw new BadCpu("Expected key=value format, found " + text + ".");
        } else {
            name = text.substring(0, equals);
            value = text.substring(equals + 1);
        }
        String type = choice.model.name() + "-riscv-cpu.";
        try {
            set(choice, type, name, value);
        } catch (BadValue e) {
            throw new BadCpu("can't apply global " + type + name + "=" + value + ": " + e.getMessage());
        }
    }

    private static void set(CpuChoice choice, String type, String name, String value) throws BadValue {
        int scheme = SatpModes.names(choice.xlen).indexOf(name);
        if (scheme >= 0) {
            onOff((c, on) -> c.modes().set(scheme, on)).set(choice, name, value);
            return;
        }
        Property property = COMMON.get(name);
        if (property == null) {
            String near = NearMiss.of(
                    name.toLowerCase(Locale.ROOT), COMMON.keySet().stream().toList());
            throw new BadValue("Property '" + type + name + "' not found"
                    + (near == null ? "" : "; did you mean '" + near + "'?"));
        }
        property.set(choice, name, value);
    }
}
