package dev.rhea.arch.riscv;

import dev.rhea.engine.abi.GuestMemory;
import java.util.EnumMap;
import java.util.Map;

/**
 * The call {@code riscv_hwprobe}: what the processors can do, by keys (kernel documentation, arch/riscv/hwprobe.rst; numbers
 * from {@code asm/hwprobe.h}). All processors are alike.
 */
final class HardwareProbe {
    private static final long EFAULT = 14;
    private static final long EINVAL = 22;

    /** {@code struct riscv_hwprobe}: a signed 64-bit key, an unsigned 64-bit value. */
    private static final int PAIR_BYTES = 16;

    private static final int KEY_MVENDORID = 0;
    private static final int KEY_MARCHID = 1;
    private static final int KEY_MIMPID = 2;
    private static final int KEY_BASE_BEHAVIOR = 3;
    private static final int KEY_IMA_EXT_0 = 4;
    private static final int KEY_CPUPERF_0 = 5;
    private static final int KEY_ZICBOZ_BLOCK_SIZE = 6;
    private static final int KEY_ZICBOM_BLOCK_SIZE = 12;

    private static final long BASE_BEHAVIOR_IMA = 1;
    private static final long MISALIGNED_FAST = 3;

    /** The reference's architecture id in the registry of open ones: programs know by it that they are emulated. */
    private static final long EMULATED = 42;

    /** Bits of KEY_IMA_EXT_0. */
    private static final Map<Extension, Long> BITS = new EnumMap<>(Map.ofEntries(
            Map.entry(Extension.ZAAMO, bit(56)),
            Map.entry(Extension.ZALRSC, bit(57)),
            Map.entry(Extension.C, bit(1) | bit(43)), // C, Zca
            Map.entry(Extension.V, bit(2) | bit(37) | bit(38) | bit(39) | bit(40) | bit(41)), // V, Zve32x to Zve64d
            Map.entry(Extension.ZBA, bit(3)),
            Map.entry(Extension.ZBB, bit(4)),
            Map.entry(Extension.ZBS, bit(5)),
            Map.entry(Extension.ZICBOZ, bit(6)),
            Map.entry(Extension.ZBC, bit(7)),
            Map.entry(Extension.ZBKB, bit(8)),
            Map.entry(Extension.ZBKC, bit(9)),
            Map.entry(Extension.ZBKX, bit(10)),
            Map.entry(Extension.ZKND, bit(11)),
            Map.entry(Extension.ZKNE, bit(12)),
            Map.entry(Extension.ZKNH, bit(13)),
            Map.entry(Extension.ZKSED, bit(14)),
            Map.entry(Extension.ZKSH, bit(15)),
            Map.entry(Extension.ZKT, bit(16)),
            Map.entry(Extension.ZVBB, bit(17)),
            Map.entry(Extension.ZVBC, bit(18)),
            Map.entry(Extension.ZVKB, bit(19)),
            Map.entry(Extension.ZVKG, bit(20)),
            Map.entry(Extension.ZVKNED, bit(21)),
            Map.entry(Extension.ZVKNHA, bit(22)),
            Map.entry(Extension.ZVKNHB, bit(23)),
            Map.entry(Extension.ZVKSED, bit(24)),
            Map.entry(Extension.ZVKSH, bit(25)),
            Map.entry(Extension.ZVKT, bit(26)),
            Map.entry(Extension.ZFH, bit(27) | bit(28)), // Zfh, Zfhmin
            Map.entry(Extension.ZFHMIN, bit(28)),
            Map.entry(Extension.ZIHINTNTL, bit(29)),
            Map.entry(Extension.ZVFH, bit(30) | bit(31)), // Zvfh, Zvfhmin
            Map.entry(Extension.ZFA, bit(32)),
            Map.entry(Extension.ZTSO, bit(33)),
            Map.entry(Extension.ZACAS, bit(34)),
            Map.entry(Extension.ZICOND, bit(35)),
            Map.entry(Extension.ZIHINTPAUSE, bit(36)),
            Map.entry(Extension.ZCA, bit(43)),
            Map.entry(Extension.ZCB, bit(44)),
            Map.entry(Extension.ZAWRS, bit(48)),
            Map.entry(Extension.ZICNTR, bit(50)),
            Map.entry(Extension.ZIHPM, bit(51)),
            Map.entry(Extension.ZICBOM, bit(55))));

    private final Extensions extensions;
    private final CacheBlocks blocks;
    private final long extensionBits;

    HardwareProbe(Riscv isa) {
        extensions = isa.extensions();
        blocks = isa.blocks();
        long bits = 0;
        for (Extension extension : extensions) {
            bits |= BITS.getOrDefault(extension, 0L);
        }
        // before Zca was a name, C had them for all that is there
        boolean whole = extensions.has(Extension.C) && !extensions.has(Extension.ZCA);
        if (extensions.has(Extension.D)) {
            bits |= bit(0) | (whole || extensions.has(Extension.ZCD) ? bit(45) : 0); // FD, Zcd
        }
        if (isa.xlen() == 32 && (whole && extensions.has(Extension.F) || extensions.has(Extension.ZCF))) {
            bits |= bit(46); // Zcf
        }
        extensionBits = bits;
    }

    private static long bit(int number) {
        return 1L << number;
    }

    /**
     * Serves the call.
     *
     * @param a pairs, their number, the size in bytes of a set of processors, the set, flags
     * @return 0 or a negated error number
     * @throws GuestMemory.BadAddress which is EFAULT
     */
    long run(GuestMemory memory, long[] a) {
        if (a[4] != 0) {
            return -EINVAL;
        }
        if ((a[2] != 0 || a[3] != 0) && !anyProcessor(memory, a[3], a[2])) {
            return a[3] == 0 ? -EFAULT : -EINVAL;
        }
        for (long i = 0; Long.compareUnsigned(i, a[1]) < 0; i++) {
            long at = a[0] + i * PAIR_BYTES;
            long key = memory.read(at, 8);
            boolean known = isKnown(key);
            memory.write(at, known ? key : -1, 8);
            memory.write(at + 8, known ? value((int) key) : 0, 8);
        }
        return 0;
    }

    private static boolean anyProcessor(GuestMemory memory, long set, long bytes) {
        int processors = Runtime.getRuntime().availableProcessors();
        for (int n = 0; n < processors && n / 8 < bytes && set != 0; n++) {
            if ((memory.read(set + n / 8, 1) >> n % 8 & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKnown(long key) {
        return key >= KEY_MVENDORID && key <= KEY_ZICBOZ_BLOCK_SIZE || key == KEY_ZICBOM_BLOCK_SIZE;
    }

    private long value(int key) {
        return switch (key) {
            case KEY_BASE_BEHAVIOR ->
                extensions.has(Extension.M) && extensions.has(Extension.A) ? BASE_BEHAVIOR_IMA : 0;
            case KEY_IMA_EXT_0 -> extensionBits;
            case KEY_CPUPERF_0 -> MISALIGNED_FAST;
            case KEY_ZICBOZ_BLOCK_SIZE -> extensions.has(Extension.ZICBOZ) ? blocks.zero() : 0;
            case KEY_ZICBOM_BLOCK_SIZE -> extensions.has(Extension.ZICBOM) ? blocks.management() : 0;
            case KEY_MARCHID -> EMULATED;
            case KEY_MVENDORID, KEY_MIMPID -> 0; // nobody's
            default -> throw new IllegalArgumentException("no key: " + key);
        };
    }
}
