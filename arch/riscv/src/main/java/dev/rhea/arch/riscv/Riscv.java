package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.SystemCpu;
import dev.rhea.arch.riscv.system.SystemCsrs;
import dev.rhea.arch.riscv.system.SystemOptions;
import dev.rhea.arch.riscv.system.SystemRows;
import dev.rhea.arch.riscv.vector.VectorRows;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.Disassembler;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Operands;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Mmu;
import org.jspecify.annotations.Nullable;

/**
 * RV32 or RV64 with a chosen set of extensions: at user level, or with the privileged levels too, where a processor is a
 * {@link SystemCpu}.
 */
public final class Riscv implements Isa {
    private final int xlen;
    private final int vlen;
    private final CacheBlocks blocks;
    private final Extensions extensions;
    private final RiscvBuilder.Registers registers;
    private final Csrs csrs = new Csrs();
    private final Table<RiscvBuilder> table = new Table<>();
    /** Whether nothing else has the encodings of compressed loads and stores of doubles. */
    private final boolean shortDoubles;

    private final @Nullable SystemOptions system;
    private @Nullable SystemCsrs systemCsrs;

    private Riscv(int xlen, Extensions extensions, int vlen, CacheBlocks blocks, @Nullable SystemOptions system) {
        this.blocks = blocks;
        this.system = system;
        this.xlen = xlen;
        this.vlen = vlen;
        this.extensions = extensions;
        shortDoubles = !extensions.has(Extension.ZCMP) && !extensions.has(Extension.ZCMT);
        this.registers = new RiscvBuilder.Registers(addressType());
        addCsrs();
        addRows();
    }

    /**
     * An architecture model.
     *
     * @param xlen 32 or 64
     */
    public static Riscv of(int xlen, Extensions extensions) {
        if (xlen != 32 && xlen != 64) {
            throw new IllegalArgumentException("XLEN is 32 or 64, not " + xlen);
        }
        return new Riscv(xlen, extensions, 128, CacheBlocks.USUAL, null);
    }

    /** The same with vector registers of {@code vlen} bits: 128, 256, 512 or 1024. 128 if nothing is said. */
    public Riscv withVlen(int bits) {
        return new Riscv(xlen, extensions, bits, blocks, system);
    }

    /** The same with other sizes of cache blocks. */
    Riscv withBlocks(CacheBlocks sizes) {
        return sizes.equals(blocks) ? this : new Riscv(xlen, extensions, vlen, sizes, system);
    }

    /** The same with the privileged architecture. */
    public Riscv withSystem(SystemOptions options) {
        return new Riscv(xlen, extensions, vlen, blocks, options);
    }

    /** What it has above user level, or null. */
    public @Nullable SystemOptions system() {
        return system;
    }

    /** Sizes of cache blocks. */
    public CacheBlocks blocks() {
        return blocks;
    }

    /** Length of a vector register in bits. */
    public int vlen() {
        return vlen;
    }

    /** The registers above user level, or null. */
    public @Nullable SystemCsrs systemCsrs() {
        return systemCsrs;
    }

    private void addCsrs() {
        if (extensions.has(Extension.F)) {
            csrs.addFloat();
        }
        if (extensions.has(Extension.V)) {
            csrs.addVector(xlen);
        }
        if (system != null) {
            systemCsrs = new SystemCsrs(xlen, extensions, system);
            csrs.addPrivileged(systemCsrs);
        } else {
            addUserCsrs();
        }
    }

    private void addUserCsrs() {
        if (extensions.has(Extension.ZICNTR)) {
            csrs.addCounters(xlen);
        }
        if (extensions.has(Extension.ZKR)) {
            csrs.addSeed();
        }
        if (extensions.has(Extension.ZCMT)) {
            csrs.addJumpTable();
        }
    }

    /** Each group of rows has a file; what an extension adds is in the file of the group that the manual has it in. */
    private void addRows() {
        BaseRows.addTo(table, xlen);
        if (system != null) {
            SystemRows.addTo(table, system);
        }
        if (extensions.has(Extension.M) || extensions.has(Extension.ZMMUL)) {
            MultiplyRows.addMultiplication(table, xlen);
        }
        if (extensions.has(Extension.M)) {
            MultiplyRows.addDivision(table, xlen);
        }
        if (extensions.has(Extension.A) || extensions.has(Extension.ZALRSC)) {
            AtomicRows.addReservations(table, xlen);
        }
        if (extensions.has(Extension.A) || extensions.has(Extension.ZAAMO)) {
            AtomicRows.addOperations(table, xlen);
        }
        if (extensions.has(Extension.ZACAS)) {
            AtomicRows.addCompareAndSwap(table, xlen);
        }
        if (hasCompressed()) {
            CompressedRows.addTo(table, xlen, extensions);
        }
        if (extensions.has(Extension.ZCB)) {
            CodeSizeRows.addSimple(table, xlen, extensions);
        }
        if (extensions.has(Extension.ZCMP)) {
            CodeSizeRows.addStack(table, xlen);
        }
        if (extensions.has(Extension.ZCMT)) {
            CodeSizeRows.addTables(table);
        }
        if (extensions.has(Extension.F)) {
            FloatRows.addSingle(table, xlen);
        }
        if (extensions.has(Extension.D)) {
            FloatRows.addDouble(table, xlen);
        }
        if (extensions.has(Extension.ZFHMIN)) {
            HalfRows.addMinimal(table, extensions);
        }
        if (extensions.has(Extension.ZFH)) {
            HalfRows.addFull(table, xlen);
        }
        if (extensions.has(Extension.ZFA)) {
            ZfaRows.addTo(table, xlen, extensions);
        }
        if (extensions.has(Extension.V)) {
            VectorRows.addTo(table, extensions);
        }
        if (extensions.has(Extension.ZICSR)) {
            ZicsrRows.addTo(table, csrs);
        }
        if (extensions.has(Extension.ZIFENCEI)) {
            ZicsrRows.addFenceI(table);
        }
        if (extensions.has(Extension.ZICOND)) {
            BitRows.addConditionals(table);
        }
        BitRows.addTo(table, xlen, extensions);
        BitRows.addHelped(table, xlen, extensions);
        CacheRows.addTo(table, extensions, blocks.zero(), system != null);
        CryptoRows.addTo(table, xlen, extensions);
    }

    @Override
    public String name() {
        return xlen == 64 ? "riscv64" : "riscv32";
    }

    /** 32 or 64. */
    public int xlen() {
        return xlen;
    }

    public Extensions extensions() {
        return extensions;
    }

    /** Whether instructions may have 16 bits. */
    private boolean hasCompressed() {
        return extensions.hasCompressed();
    }

    /** The instructions of this model. */
    public Table<RiscvBuilder> table() {
        return table;
    }

    /** How this model's operands are written. */
    public Operands operands() {
        return new RiscvOperands(csrs, xlen);
    }

    /** Assembles this model's instructions and the usual pseudo-instructions. */
    public Assembler assembler() {
        return new Assembler(table, operands(), new RiscvDialect(xlen));
    }

    @Override
    public Globals globals() {
        return registers.globals;
    }

    @Override
    public int granule() {
        return hasCompressed() ? 2 : 4;
    }

    @Override
    public int maxLength() {
        return 4;
    }

    @Override
    public Type addressType() {
        return xlen == 64 ? Type.I64 : Type.I32;
    }

    @Override
    public Builder newBuilder() {
        return new RiscvBuilder(addressType(), registers, hasCompressed(), extensions.has(Extension.ZTSO));
    }

    /** Bits 0 and 1 of an instruction's first half tell its length: unprivileged manual, "Base Instruction-Length Encoding". */
    private boolean isShort(long bits) {
        return (bits & 3) != 3 && hasCompressed();
    }

    /** Whether the instruction needs a unit that the mode has switched off. */
    private boolean isOff(long bits, int mode) {
        return (mode & (RiscvCpu.FLOAT_OFF | RiscvCpu.VECTOR_OFF)) != 0
                && ((mode & RiscvCpu.FLOAT_OFF) != 0 && UnitUse.isFloat(bits, xlen, shortDoubles)
                        || (mode & RiscvCpu.VECTOR_OFF) != 0 && UnitUse.isVector(bits));
    }

    @Override
    public @Nullable Insn decode(long lo, long hi, int available, int mode) {
        int length = isShort(lo) ? 2 : 4;
        if (available < length) {
            return null;
        }
        long bits = length == 2 ? lo & 0xffff : lo & 0xffffffffL;
        return isOff(bits, mode) ? null : table.decode(bits, length * 8);
    }

    @Override
    public int translate(long lo, long hi, int available, int mode, Builder builder) {
        var t = (RiscvBuilder) builder;
        int length = isShort(lo) ? 2 : 4;
        if (available < length) {
            return 0;
        }
        t.mode(mode);
        long bits = length == 2 ? lo & 0xffff : lo & 0xffffffffL;
        Insn insn = table.decode(bits, length * 8);
        if (insn == null || isOff(bits, mode)) {
            t.illegal(bits);
        } else {
            table.emit(t, insn);
        }
        return length;
    }

    @Override
    public String disassemble(long lo, long hi, int available, int mode, long pc) {
        int length = isShort(lo) ? 2 : 4;
        if (available < length) {
            return ".2byte 0x" + Long.toHexString(lo & 0xffff);
        }
        long bits = length == 2 ? lo & 0xffff : lo & 0xffffffffL;
        Insn insn = table.decode(bits, length * 8);
        return insn == null
                ? "." + length + "byte 0x" + Long.toHexString(bits)
                : new Disassembler(operands()).print(insn, pc);
    }

    @Override
    public int misalignedTrap(boolean write) {
        return write ? Traps.STORE_MISALIGNED : Traps.LOAD_MISALIGNED;
    }

    @Override
    public Cpu newCpu(Mmu mmu) {
        return system == null ? new RiscvCpu(this, mmu) : new SystemCpu(this, mmu);
    }

    @Override
    public void copyState(Cpu from, Cpu to) {
        ((RiscvCpu) to).copyFrom((RiscvCpu) from);
    }

    /** Both names of a register, {@code x10/a0}: the manual's, and the psABI's where it has one. */
    public static String registerNames(String register) {
        String name = RiscvOperands.abiName(register);
        return name == null ? register : register + "/" + name;
    }
}
