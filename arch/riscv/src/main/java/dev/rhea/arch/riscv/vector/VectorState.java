package dev.rhea.arch.riscv.vector;

import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.FpState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A hart's vector registers and CSRs. Element widths are given as log2 of bytes, 0 to 3, wherever they are called
 * {@code eew} or {@code sew}.
 */
public final class VectorState {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The register length in bytes, a power of two from 16 to 128. */
    public final int vlenb;

    /** v0 to v31, one after the other. */
    final byte[] bytes;

    /** Scratch: the fields of a segment under way. */
    final long[] segment = new long[8];

    /** The next element to be processed; 0 but after a trap in the middle of an instruction. */
    int vstart;

    int vl;
    /** The low 8 bits of vtype. */
    private int vtype;
    /** vtype holds a value that is not supported; nothing but its setters runs. */
    boolean vill = true;

    /** log2 of LMUL, -3 to 3. */
    int lmul;
    /** The selected element width. */
    int sew;

    /** Fixed-point rounding mode, 0 to 3: rnu, rne, rdn, rod. */
    int vxrm;

    boolean vxsat;

    /** The hart's floating-point environment. */
    final FpState fp;

    /** @param vlen register length in bits: 128, 256, 512 or 1024 */
    public VectorState(int vlen, FpState fp) {
        if (vlen < 128 || vlen > 1024 || Integer.bitCount(vlen) != 1) {
            throw new IllegalArgumentException("VLEN is a power of two from 128 to 1024, not " + vlen);
        }
        vlenb = vlen / 8;
        bytes = new byte[32 * vlenb];
        this.fp = fp;
    }

    /** Takes over all of another hart's vector state. */
    public void copyFrom(VectorState other) {
        System.arraycopy(other.bytes, 0, bytes, 0, bytes.length);
        vstart = other.vstart;
        vl = other.vl;
        vtype = other.vtype;
        vill = other.vill;
        lmul = other.lmul;
        sew = other.sew;
        vxrm = other.vxrm;
        vxsat = other.vxsat;
    }

    /** Eight bytes of a register, for who shows or compares it. @param index in 64-bit pieces */
    public long piece(int register, int index) {
        return get(register, index, 3);
    }

    /** A copy of v0 to v31, one after the other. */
    public byte[] registers() {
        return bytes.clone();
    }

    /**
     * Sets everything at once, as a context switch does.
     *
     * @param newVl cut to what the type allows
     * @param registers as {@link #registers} gives them
     */
    public void restore(long newVstart, long newVl, long newVtype, long vcsr, byte[] registers) {
        configure(newVl, newVtype);
        setCsr(VSTART, newVstart);
        setCsr(VCSR, vcsr);
        System.arraycopy(registers, 0, bytes, 0, bytes.length);
    }

    // ---- configuration

    /**
     * Sets vtype and vl: manual, section "Configuration-Setting Instructions".
     *
     * @param avl the application vector length, unsigned
     * @return the new vl
     */
    long configure(long avl, long newType) {
        int vlmul = (int) newType & 7;
        int newLmul = vlmul << 29 >> 29;
        int newSew = (int) newType >>> 3 & 7;
        // EEW of at most 64 bits; fractions of a register hold no elements wider than that fraction of 64 bits
        vill = (newType & ~0xffL) != 0 || newSew > 3 || vlmul == 4 || newLmul < 0 && newSew > 3 + newLmul;
        vstart = 0;
        if (vill) {
            vtype = 0;
            vl = 0;
            return 0;
        }
        vtype = (int) newType;
        lmul = newLmul;
        sew = newSew;
        vl = Long.compareUnsigned(avl, vlmax()) < 0 ? (int) avl : vlmax();
        return vl;
    }

    /** Elements in a group of LMUL registers. */
    int vlmax() {
        return elements(lmul, sew);
    }

    /** Elements of a width in a group of 2^emul registers. */
    int elements(int emul, int eew) {
        return emul >= 0 ? vlenb << emul >> eew : vlenb >> -emul >> eew;
    }

    /** The vtype CSR, of XLEN bits sign-extended. */
    long vtype(int xlen) {
        return vill ? -1L << xlen - 1 : vtype;
    }

    // ---- CSRs: manual, table "New vector CSRs"

    public static final int VSTART = 0x008;
    public static final int VXSAT = 0x009;
    public static final int VXRM = 0x00a;
    public static final int VCSR = 0x00f;
    public static final int VL = 0xc20;
    public static final int VTYPE = 0xc21;
    public static final int VLENB = 0xc22;

    /** A CSR by number, sign-extended from XLEN bits. */
    public long csr(int number, int xlen) {
        return switch (number) {
            case VSTART -> vstart;
            case VXSAT -> vxsat ? 1 : 0;
            case VXRM -> vxrm;
            case VCSR -> vxrm << 1 | (vxsat ? 1 : 0);
            case VL -> vl;
            case VTYPE -> vtype(xlen);
            case VLENB -> vlenb;
            default -> throw new IllegalArgumentException("no vector CSR has the number " + number);
        };
    }

    /** Writes one of the CSRs that can be written; bits that they do not have are ignored. */
    public void setCsr(int number, long value) {
        switch (number) {
            case VSTART -> vstart = (int) value & 8 * vlenb - 1;
            case VXSAT -> vxsat = (value & 1) != 0;
            case VXRM -> vxrm = (int) value & 3;
            case VCSR -> {
                vxsat = (value & 1) != 0;
                vxrm = (int) value >>> 1 & 3;
            }
            default -> throw new IllegalArgumentException("no vector CSR that can be written has the number " + number);
        }
    }

    // ---- elements

    /** Element {@code i} of the group that starts at a register, zero-extended. */
    long get(int register, int i, int eew) {
        int at = register * vlenb + (i << eew);
        return switch (eew) {
            case 0 -> bytes[at] & 0xffL;
            case 1 -> (short) SHORT.get(bytes, at) & 0xffffL;
            case 2 -> (int) INT.get(bytes, at) & 0xffffffffL;
            default -> (long) LONG.get(bytes, at);
        };
    }

    /** The same, sign-extended. */
    long getSigned(int register, int i, int eew) {
        int at = register * vlenb + (i << eew);
        return switch (eew) {
            case 0 -> bytes[at];
            case 1 -> (short) SHORT.get(bytes, at);
            case 2 -> (int) INT.get(bytes, at);
            default -> (long) LONG.get(bytes, at);
        };
    }

    /** Writes the low bits of a value to an element. */
    void put(int register, int i, int eew, long value) {
        int at = register * vlenb + (i << eew);
        switch (eew) {
            case 0 -> bytes[at] = (byte) value;
            case 1 -> SHORT.set(bytes, at, (short) value);
            case 2 -> INT.set(bytes, at, (int) value);
            default -> LONG.set(bytes, at, value);
        }
    }

    /** Bit {@code i} of a mask register. */
    boolean bit(int register, int i) {
        return (bytes[register * vlenb + (i >> 3)] >> (i & 7) & 1) != 0;
    }

    void bit(int register, int i, boolean value) {
        int at = register * vlenb + (i >> 3);
        int mask = 1 << (i & 7);
        bytes[at] = (byte) (value ? bytes[at] | mask : bytes[at] & ~mask);
    }

    /** A value cut to an element's width and extended. */
    static long extend(long value, int eew, boolean signed) {
        int shift = 64 - (8 << eew);
        return signed ? value << shift >> shift : value << shift >>> shift;
    }

    /** Bits of an element of the selected width. */
    int width() {
        return 8 << sew;
    }

    // ---- what makes an instruction illegal

    /** Raises the illegal-instruction exception unless {@code ok}. */
    static void require(boolean ok, Cpu cpu, long bits) {
        if (!ok) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
    }

    /** log2 of the registers that elements of a width take when those of SEW take LMUL. */
    int emul(int eew) {
        return lmul + eew - sew;
    }

    /** Registers in a group: 1 for fractions. */
    static int registers(int emul) {
        return emul > 0 ? 1 << emul : 1;
    }

    /** Whether a group exists and begins at a multiple of its size. */
    static boolean aligned(int register, int emul) {
        return emul >= -3 && emul <= 3 && (register & registers(emul) - 1) == 0;
    }

    static boolean overlap(int a, int emulA, int b, int emulB) {
        return a < b + registers(emulB) && b < a + registers(emulA);
    }

    /**
     * Whether a destination may share registers with a source: manual, section "Vector Operands". A narrower destination
     * may take the lowest part of the source's group, a wider one may have the source in its highest part.
     *
     * @param eewD -1 or less for a mask
     */
    static boolean mayShare(int vd, int emulD, int eewD, int vs, int emulS, int eewS) {
        if (eewD == eewS || !overlap(vd, emulD, vs, emulS)) {
            return true;
        }
        return eewD < eewS ? vd == vs : emulS >= 0 && vs == vd + registers(emulD) - registers(emulS);
    }

    /**
     * Whether two sources may be read together: manual, section "Vector Operands", has a register that is read as elements
     * of two widths reserved.
     */
    static boolean together(int a, int emulA, int eewA, int b, int emulB, int eewB) {
        return eewA == eewB || !overlap(a, emulA, b, emulB);
    }

    /** Whether a source may be read under the mask of an instruction: a mask has elements of one bit. */
    static boolean besideMask(long bits, int vs) {
        return !masked(bits) || vs != 0;
    }

    // ---- fields of an instruction

    static int vd(long bits) {
        return (int) bits >>> 7 & 31;
    }

    static int vs1(long bits) {
        return (int) bits >>> 15 & 31;
    }

    static int vs2(long bits) {
        return (int) bits >>> 20 & 31;
    }

    /** Whether v0 masks the instruction. */
    static boolean masked(long bits) {
        return (bits >>> 25 & 1) == 0;
    }
}
