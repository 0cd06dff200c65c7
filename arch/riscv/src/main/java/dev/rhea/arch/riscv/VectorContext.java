package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.vector.VectorState;
import dev.rhea.engine.abi.GuestMemory;

/**
 * The vector state in a signal frame: {@code struct __riscv_ctx_hdr}, {@code struct __sc_riscv_v_state} and the registers,
 * as Linux's {@code asm/sigcontext.h} and {@code asm/ptrace.h} have them. A header of zeros ends the list of such states.
 */
final class VectorContext {
    private static final int MAGIC = 0x53465457;
    private static final int HEADER = 8;

    private final int word;
    private final int registers;

    /** Bytes from the state's header to the next header. */
    private final int size;

    /**
     * @param word bytes of a {@code long}
     * @param vlenb bytes of a vector register
     */
    VectorContext(int word, int vlenb) {
        this.word = word;
        // vstart, vl, vtype, vcsr, vlenb, datap; aligned to 16
        registers = HEADER + (6 * word + 15 & -16);
        size = registers + 32 * vlenb;
    }

    /** Bytes that the frame grows by: the state and the header of zeros behind it. */
    int frameBytes() {
        return size + HEADER;
    }

    /** Writes state and end of the list. */
    void write(VectorState vector, GuestMemory memory, long header) {
        int xlen = 8 * word;
        memory.write(header, MAGIC, 4);
        memory.write(header + 4, size, 4);
        long at = header + HEADER;
        memory.write(at, vector.csr(VectorState.VSTART, xlen), word);
        memory.write(at + word, vector.csr(VectorState.VL, xlen), word);
        memory.write(at + 2 * word, vector.csr(VectorState.VTYPE, xlen), word);
        memory.write(at + 3 * word, vector.csr(VectorState.VCSR, xlen), word);
        memory.write(at + 4 * word, vector.vlenb, word);
        memory.write(at + 5 * word, header + registers, word);
        byte[] bytes = vector.registers();
        memory.write(header + registers, bytes, 0, bytes.length);
        memory.write(header + size, 0, 8);
    }

    /** Reads the list at {@code header} back. @throws GuestMemory.BadAddress where it is not such as {@link #write} makes */
    void read(VectorState vector, GuestMemory memory, long header) {
        if (memory.read(header, 4) == 0) {
            if (memory.read(header + 4, 4) != 0) {
                throw new GuestMemory.BadAddress(header + 4);
            }
            return;
        }
        if (memory.read(header, 4) != MAGIC
                || memory.read(header + 4, 4) != size
                || memory.read(header + size, 8) != 0) {
            throw new GuestMemory.BadAddress(header);
        }
        long at = header + HEADER;
        byte[] bytes = new byte[size - registers];
        memory.read(memory.read(at + 5 * word, word), bytes, 0, bytes.length);
        long vtype = memory.read(at + 2 * word, word);
        vector.restore(
                memory.read(at, word),
                memory.read(at + word, word),
                word == 4 ? (int) vtype : vtype,
                memory.read(at + 3 * word, word),
                bytes);
    }
}
