package dev.rhea.device.net;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.lang.invoke.VarHandle;

/** A list of buffer descriptors in memory: two words each, or four where addresses have 64 bits. */
final class DescriptorRing {
    private final AddressSpace memory;
    /** Low 32 bits of the first one, and of the one that is next. */
    private int base;

    private int next;
    private int high;
    private boolean wide;

    DescriptorRing(AddressSpace memory) {
        this.memory = memory;
    }

    /** Where the list begins, from now on. */
    void setBase(int address) {
        base = address & ~3;
        next = base;
    }

    void setHigh(int bits) {
        high = bits;
    }

    void setWide(boolean addresses64) {
        wide = addresses64;
    }

    /** Begins at the first one again. */
    void rewind() {
        next = base;
    }

    int base() {
        return base;
    }

    int next() {
        return next;
    }

    void load(int first, int current) {
        base = first & ~3;
        next = current & ~3;
    }

    /** Moves on. @param wrap whether this was the last one */
    void advance(boolean wrap) {
        next = after(next, wrap);
    }

    /** The one behind. */
    int after(int position, boolean wrap) {
        return wrap ? base : position + (wide ? 16 : 8);
    }

    private long at(int position) {
        return (position & 0xffffffffL) | (long) high << 32;
    }

    int word(int position, int number) throws BusError {
        return (int) memory.read(at(position) + 4L * number, 4);
    }

    void setWord(int position, int number, int value) throws BusError {
        memory.write(at(position) + 4L * number, value & 0xffffffffL, 4);
    }

    /** What was written before is seen before what is written now. */
    void publish(int position, int number, int value) throws BusError {
        VarHandle.releaseFence();
        setWord(position, number, value);
    }

    /** The address of a descriptor's buffer, whose low bits are those given. */
    long buffer(int position, int low) throws BusError {
        return (low & 0xffffffffL) | (wide ? (long) word(position, 2) << 32 : 0);
    }
}
