package dev.rhea.machine;

import java.util.OptionalLong;

/** A virtual CPU as the rest of the machine sees it: it runs on a thread of its own. */
public interface Processor extends AutoCloseable {
    /** Its number, from 0 on: {@code cpu-index}. */
    int index();

    /** Lets it run. With the machine lock held; returns at once. */
    void resume();

    /**
     * Asks it to stop between two instructions, and waits until it did. Without the machine lock, not from its own thread.
     * A processor that is stopped keeps exact state.
     */
    void pause();

    /** Back to its state after power-on. While it is paused, with the machine lock held. */
    void reset();

    /** Has it begin at this address from the next reset on, whatever else it was told. */
    void startAt(long pc);

    /** Its registers as text, as {@code info registers} prints them. While it is paused. */
    String registers();

    /**
     * A register by its name: the program counter {@code pc}, general and floating-point registers, control registers.
     *
     * @return its bits, zero-extended; empty where no register has the name. While it is paused.
     */
    default OptionalLong register(String name) {
        return name.equals("pc") ? OptionalLong.of(pc()) : OptionalLong.empty();
    }

    /** Address of the next instruction. While it is paused. */
    long pc();

    /**
     * Translates an address of the running program to a physical one; -1 where there is no memory. While it is paused.
     */
    long physical(long address);

    /**
     * An instruction in assembly syntax.
     *
     * @param code its bytes and those that follow, at least 16
     */
    Disassembled disassemble(long pc, byte[] code);

    /**
     * An instruction as text.
     *
     * @param length in bytes, from 1 on
     */
    record Disassembled(String text, int length) {}

    /** The pages of the running program, as {@code info mem} prints them. While it is paused. */
    default String mappings() {
        return "No translation or protection\n";
    }

    /** The host's number of its thread; -1 where that is not known. */
    default long threadId() {
        return -1;
    }

    /** Where it was lately: addresses at which its loop came by, the latest last. While it is paused. */
    long[] trail();

    /** Instructions executed so far; a moment ago while it runs. */
    long executed();

    /** Ends its thread, and waits for that. Without the machine lock. */
    @Override
    void close();
}
