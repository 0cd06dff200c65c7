package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.SystemCsrs;
import dev.rhea.arch.riscv.vector.VectorState;
import dev.rhea.engine.fp.FpFlags;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The control and status registers of a CPU model that user-level code can reach: privileged manual, chapter "CSRs". */
final class Csrs {
    /** Emits a register's value, of type XLEN. */
    @FunctionalInterface
    interface Read {
        Node emit(RiscvBuilder t);
    }

    /** Emits a write of a value of type XLEN. */
    @FunctionalInterface
    interface Write {
        void emit(RiscvBuilder t, Node value);
    }

    /**
     * A register.
     *
     * @param write null where it cannot be written
     */
    record Csr(String name, int number, Read read, @Nullable Write write) {}

    private @Nullable SystemCsrs privileged;

    /** What knows whether the register is there and who may access it, or null where that is known here. */
    @Nullable
    SystemCsrs privileged(int number) {
        return byNumber.containsKey(number) ? null : privileged;
    }

    /** Adds all registers that need a look at the privilege when they are accessed. */
    void addPrivileged(SystemCsrs added) {
        privileged = added;
    }

    private final Map<Integer, Csr> byNumber = new HashMap<>();

    void add(int number, String name, Read read, @Nullable Write write) {
        byNumber.put(number, new Csr(name, number, read, write));
    }

    /** The register with that number, or null. */
    @Nullable
    Csr find(int number) {
        return byNumber.get(number);
    }

    /** Its name, or null where no register has the number. */
    @Nullable
    String name(int number) {
        Csr csr = byNumber.get(number);
        return csr != null ? csr.name : privileged == null ? null : privileged.name(number);
    }

    /** The number of the register of that name; -1 where there is none. */
    int number(String name) {
        Csr csr = find(name);
        return csr != null ? csr.number : privileged == null ? -1 : privileged.number(name);
    }

    /** The register of that name, or null. */
    @Nullable
    Csr find(String name) {
        for (Csr csr : byNumber.values()) {
            if (csr.name.equals(name)) {
                return csr;
            }
        }
        return null;
    }

    // ---- F: fflags, frm, fcsr

    private static final Helper READ_FRM =
            Helper.of("frm", Type.I32, (cpu, a, b, c) -> ((RiscvCpu) cpu).frm(), Effect.IMPURE);

    private static final Helper WRITE_FRM = Helper.of(
            "frm=",
            null,
            (cpu, a, b, c) -> {
                ((RiscvCpu) cpu).frm((int) a & 7);
                return 0;
            },
            Effect.IMPURE,
            Effect.ENDS_BLOCK); // a reserved mode changes what instructions mean

    private static final Helper READ_FCSR =
            Helper.of("fcsr", Type.I32, (cpu, a, b, c) -> ((RiscvCpu) cpu).fcsr(), Effect.IMPURE);

    private static final Helper WRITE_FCSR = Helper.of(
            "fcsr=",
            null,
            (cpu, a, b, c) -> {
                ((RiscvCpu) cpu).fcsr((int) a);
                return 0;
            },
            Effect.IMPURE,
            Effect.ENDS_BLOCK);

    void addFloat() {
        addFloat(0x001, "fflags", FpFlags.READ_FLAGS, FpFlags.WRITE_FLAGS);
        addFloat(0x002, "frm", READ_FRM, WRITE_FRM);
        addFloat(0x003, "fcsr", READ_FCSR, WRITE_FCSR);
    }

    private void addFloat(int number, String name, Helper read, Helper write) {
        add(number, name, t -> t.zextTo(t.xlen, t.value(read)), (t, v) -> t.call(write, t.trunc(v)));
    }

    // ---- Zicntr: cycle, time, instret

    private static final Helper READ_INSTRET =
            Helper.of("instret", Type.I64, (cpu, a, b, c) -> cpu.count(), Effect.IMPURE, Effect.COUNTS);
    private static final Helper READ_TIME =
            Helper.of("time", Type.I64, (cpu, a, b, c) -> ((RiscvCpu) cpu).time(), Effect.IMPURE);

    /** An instruction takes one cycle. */
    void addCounters(int xlen) {
        addCounter(0xc00, "cycle", READ_INSTRET, xlen);
        addCounter(0xc01, "time", READ_TIME, xlen);
        addCounter(0xc02, "instret", READ_INSTRET, xlen);
    }

    private void addCounter(int number, String name, Helper read, int xlen) {
        add(number, name, t -> t.sextTo(t.xlen, t.value(read)), null);
        if (xlen == 32) {
            add(number + 0x80, name + "h", t -> t.trunc(t.shr(t.value(read), t.i64(32))), null);
        }
    }

    // ---- Zkr: seed

    /** {@code seed}: it is never read without being written too. */
    static final int SEED = 0x015;

    private static final Helper READ_SEED =
            Helper.of("seed", Type.I32, (cpu, a, b, c) -> ((RiscvCpu) cpu).entropy(), Effect.IMPURE);

    /** Programs may read it, as if M and S mode had let them. */
    void addSeed() {
        add(SEED, "seed", t -> t.sextTo(t.xlen, t.value(READ_SEED)), (t, v) -> {});
    }

    // ---- Zcmt: jvt

    private static final Helper READ_JVT =
            Helper.of("jvt", Type.I64, (cpu, a, b, c) -> ((RiscvCpu) cpu).jvt, Effect.IMPURE);

    private static final Helper WRITE_JVT = Helper.of(
            "jvt=",
            null,
            (cpu, value, b, c) -> {
                ((RiscvCpu) cpu).jvt = value;
                return 0;
            },
            Effect.IMPURE);

    void addJumpTable() {
        add(
                0x017,
                "jvt",
                t -> t.sextTo(t.xlen, t.xlen == Type.I32 ? t.trunc(t.value(READ_JVT)) : t.value(READ_JVT)),
                (t, v) -> t.call(WRITE_JVT, t.zextTo(Type.I64, v)));
    }

    // ---- V: vstart, vxsat, vxrm, vcsr, vl, vtype, vlenb

    private static final Helper READ_VECTOR = Helper.of(
            "vcsr",
            Type.I64,
            (cpu, number, xlen, c) -> ((RiscvCpu) cpu).vector().csr((int) number, (int) xlen),
            Effect.IMPURE);

    private static final Helper WRITE_VECTOR = Helper.of(
            "vcsr=",
            null,
            (cpu, number, value, c) -> {
                ((RiscvCpu) cpu).vector().setCsr((int) number, value);
                return 0;
            },
            Effect.IMPURE);

    void addVector(int xlen) {
        addVector(VectorState.VSTART, "vstart", xlen, true);
        addVector(VectorState.VXSAT, "vxsat", xlen, true);
        addVector(VectorState.VXRM, "vxrm", xlen, true);
        addVector(VectorState.VCSR, "vcsr", xlen, true);
        addVector(VectorState.VL, "vl", xlen, false);
        addVector(VectorState.VTYPE, "vtype", xlen, false);
        addVector(VectorState.VLENB, "vlenb", xlen, false);
    }

    private void addVector(int number, String name, int xlen, boolean writable) {
        Write write = (t, v) -> t.call(WRITE_VECTOR, t.i64(number), t.zextTo(Type.I64, v));
        add(
                number,
                name,
                t -> t.sextTo(t.xlen, t.value(READ_VECTOR, t.i64(number), t.i64(xlen))),
                writable ? write : null);
    }
}
