package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.vector.VectorState;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.FpRules;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.mmu.Mmu;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A hart's state beyond the x and f registers. {@code fflags} is {@link FpState#flags}, whose bits stand in the same order;
 * {@code frm} is kept here as written, since three of its values are no rounding mode.
 */
public class RiscvCpu extends Cpu {
    /** Decoding mode in which frm holds a reserved value, so that instructions that round dynamically are illegal. */
    static final int RESERVED_ROUNDING = 1;

    /** Decoding mode in which mstatus.FS is off: floating-point instructions are illegal. */
    public static final int FLOAT_OFF = 2;

    /** Decoding mode in which mstatus.VS is off: vector instructions are illegal. */
    public static final int VECTOR_OFF = 4;

    /** Decoding mode of S and M mode, whose registers can be reached. */
    public static final int PRIVILEGED = 8;

    private int frm;

    /** {@code jvt}: where the jump table is, zero-extended; bits 5 to 0 say how it is used, and only 0 is defined. */
    public long jvt;

    private final @Nullable VectorState vector;

    private final EntropySource entropy = new EntropySource();

    /** What the {@code time} CSR counts; null for the host's nanoseconds. */
    public @Nullable LongSupplier timeSource;

    /** A hart at user level; what the system level adds is in a class that extends this one. */
    protected RiscvCpu(Riscv isa, Mmu mmu) {
        super(isa, mmu, new FpState(FpRules.DEFAULT_NAN_AFTER_ROUNDING));
        vector = isa.extensions().has(Extension.V) ? new VectorState(isa.vlen(), fp) : null;
    }

    /** Whether the model has V. */
    public final boolean hasVector() {
        return vector != null;
    }

    /** Vector registers and CSRs. Only called where the model has V. */
    public VectorState vector() {
        return Objects.requireNonNull(vector);
    }

    /** The dynamic rounding mode as written: 0 to 7, of which 5 to 7 are reserved. */
    public int frm() {
        return frm;
    }

    /** Sets the dynamic rounding mode, 0 to 7. */
    public void frm(int value) {
        frm = value;
        fp.rounding = value <= 4 ? value : 0;
        setMode(mode & ~RESERVED_ROUNDING | (value <= 4 ? 0 : RESERVED_ROUNDING));
    }

    /** What was translated for the other mode is of no use in this one. Rare: programs do not write reserved values. */
    private void setMode(int newMode) {
        if (mode != newMode) {
            mode = newMode;
            units.clear();
        }
    }

    /**
     * Decodes for a privilege and units that are on and off from now on, in a view that is for exactly these.
     *
     * @param modes made of {@link #FLOAT_OFF}, {@link #VECTOR_OFF} and {@link #PRIVILEGED}
     */
    public final void decodeFor(int modes) {
        mode = modes | mode & RESERVED_ROUNDING;
    }

    /** {@code fcsr}: frm in bits 7 to 5, fflags below. */
    public int fcsr() {
        return frm << 5 | fp.flags & 0x1f;
    }

    /** Sets {@code fcsr}; bits above 7 are ignored. */
    public void fcsr(int value) {
        fp.flags = value & 0x1f;
        frm(value >>> 5 & 7);
    }

    /** What {@code time} reads now. */
    protected final long time() {
        return timeSource == null ? System.nanoTime() : timeSource.getAsLong();
    }

    /** What {@code seed} reads now: 16 bits of entropy and that it is some. */
    protected final int entropy() {
        return entropy.next();
    }

    /** Lets entropy come from elsewhere than the host's generator. @param bits gives it in its low 16 bits */
    public final void takeEntropyFrom(IntSupplier bits) {
        entropy.from(bits);
    }

    /** Whether the jump table may be used at this moment. */
    protected boolean hasJumpTable() {
        return true;
    }

    void copyFrom(RiscvCpu other) {
        copyRegisters(other);
        pc = other.pc;
        fp.flags = other.fp.flags;
        frm(other.frm);
        if (vector != null) {
            vector.copyFrom(other.vector());
        }
        timeSource = other.timeSource;
        jvt = other.jvt;
        executed = other.executed;
        unreserve();
    }
}
