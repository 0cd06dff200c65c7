package dev.rhea.device.register;

import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A 32-bit register: a value of which guests change some bits, or something of the device behind it. */
public final class Register {
    private final int offset;
    private final String name;
    private final int initial;
    private final int writable;
    private @Nullable IntSupplier onRead;
    private @Nullable IntConsumer onWrite;
    private @Nullable Runnable beforeWrite;
    private int held;
    private int value;

    Register(int offset, String name, int initial, int writable) {
        this.offset = offset;
        this.name = name;
        this.initial = initial;
        this.writable = writable;
        value = initial;
    }

    /** From the start of the register space, in bytes. */
    public int offset() {
        return offset;
    }

    /** As the data sheet has it. */
    public String name() {
        return name;
    }

    /** What it holds. */
    public int get() {
        return value;
    }

    /** The device changes it: all bits. */
    public void set(int bits) {
        value = bits;
    }

    /** Bits that the device sets and clears by {@link #set}, besides those that guests do. */
    public Register holds(int bits) {
        held = bits;
        return this;
    }

    /** Whether a value can have come about. */
    boolean accepts(int bits) {
        return ((bits ^ initial) & ~(writable | held)) == 0;
    }

    /** Reads come from here instead of what it holds. */
    public Register reads(IntSupplier source) {
        onRead = source;
        return this;
    }

    /** Runs before a write takes place, with the old value. */
    public Register before(Runnable action) {
        beforeWrite = action;
        return this;
    }

    /** Runs with what was written, all 32 bits, after the writable ones are in place. */
    public Register writes(IntConsumer sink) {
        onWrite = sink;
        return this;
    }

    int read() {
        IntSupplier source = onRead;
        return source == null ? value : source.getAsInt();
    }

    void write(int bits) {
        Runnable action = beforeWrite;
        if (action != null) {
            action.run();
        }
        value = value & ~writable | bits & writable;
        IntConsumer sink = onWrite;
        if (sink != null) {
            sink.accept(bits);
        }
    }

    void reset() {
        value = initial;
    }
}
