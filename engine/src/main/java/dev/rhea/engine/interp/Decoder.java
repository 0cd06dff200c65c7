package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Fills code pages: asks the architecture what instructions mean, lowers them and remembers the outcome by the
 * instruction's bits. Guarded by the store's lock.
 */
final class Decoder {
    /** Instructions decoded at a time at most: a block has a few; a slide of zeros has thousands. */
    private static final int AHEAD = 64;

    final HelperTable helpers = new HelperTable();

    private final Isa isa;
    private final Builder builder;
    private final Lowering lowering;
    private final Memo memo;
    private final Patterns patterns = new Patterns();
    private SequencePool sequences = new SequencePool();
    private final int granule;

    private long instructions;
    private long lowered;
    private long nanoseconds;

    /** What {@link #word} found: length in bytes, 0 if more bytes are needed. */
    private int length;

    Decoder(Isa isa) {
        this.isa = isa;
        builder = isa.newBuilder();
        lowering = new Lowering(isa.addressType(), helpers);
        granule = isa.granule();
        memo = new Memo(granule, isa.maxLength());
    }

    CodePage newPage(long hostPage, int mode, @Nullable CodePage other) {
        return new CodePage(hostPage, mode, granule, isa.maxLength(), sequences.memory(), other);
    }

    /** The slot of an address in its page. */
    int slot(long address) {
        return (int) (address & ~Mmu.PAGE_MASK) / granule;
    }

    /** Whether {@link #reset} is due. */
    boolean isFull() {
        return sequences.isFull();
    }

    /** Starts anew. Pages made before keep what their words lead to; they must not be decoded into any more. */
    void reset() {
        sequences = new SequencePool();
        memo.clear();
    }

    DecodeStats stats(long pages, long invalidations) {
        return new DecodeStats(instructions, lowered, nanoseconds, pages, invalidations);
    }

    /** Decodes from an offset in the page on, up to the end of the block. @return the offset it got to */
    int decode(CodePage page, int offset) {
        long start = System.nanoTime();
        int end = decodeBlock(page, offset);
        nanoseconds += System.nanoTime() - start;
        return end;
    }

    private int decodeBlock(CodePage page, int offset) {
        for (int n = 0; n < AHEAD && offset < Mmu.PAGE_SIZE; n++) {
            int slot = offset / granule;
            if (page.word(slot) != 0) {
                return offset;
            }
            long host = page.hostPage + offset;
            int available = Math.min(Mmu.PAGE_SIZE - offset, 16);
            long word = word(
                    bytes(host, Math.min(available, 8)),
                    available > 8 ? bytes(host + 8, available - 8) : 0,
                    available,
                    page.mode);
            if (length == 0) {
                page.put(slot, MicroOp.word(MicroOp.SPAN));
                return Mmu.PAGE_SIZE;
            }
            // Others read words without the lock: what a word leads to must be there before it.
            VarHandle.releaseFence();
            page.put(slot, inPlace(word, offset));
            offset += length;
            if (MicroOp.endsBlock(MicroOp.op(word))) {
                return offset;
            }
        }
        return offset;
    }

    /** Puts an instruction together from the end of one page and the start of the next. */
    long span(long first, long second, int mode) {
        int inFirst = (int) (Mmu.PAGE_SIZE - (first & ~Mmu.PAGE_MASK));
        long[] halves = new long[2];
        for (int i = 0; i < 16; i++) {
            byte b = RawMemory.getByte(i < inFirst ? first + i : second + i - inFirst);
            halves[i >> 3] |= (b & 255L) << 8 * (i & 7);
        }
        long word = word(halves[0], halves[1], 16, mode);
        if (length == 0) {
            throw new IllegalStateException(
                    isa.name() + " wants more than 16 bytes for the instruction 0x" + Long.toHexString(halves[0]));
        }
        VarHandle.releaseFence();
        return word;
    }

    private static long bytes(long host, int count) {
        if (count == 8) {
            return RawMemory.getLong(host);
        }
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (RawMemory.getByte(host + i) & 255L) << 8 * i;
        }
        return value;
    }

    /** The word of an instruction, its jump relative to wherever it stands; sets {@link #length}. */
    private long word(long lo, long hi, int available, int mode) {
        instructions++;
        long known = memo.find(lo, hi, available, mode);
        if (known != 0) {
            length = MicroOp.granules(known) * granule;
            return known;
        }
        Insn insn = isa.decode(lo, hi, available, mode);
        long word = insn == null ? 0 : patterns.find(insn, mode);
        if (word == 0) {
            lowered++;
            word = lower(lo, hi, available, mode);
            if (insn != null && word != 0) {
                patterns.learn(insn, mode, word, computed());
            }
        }
        length = MicroOp.granules(word) * granule;
        if (length != 0) {
            memo.put(lo, hi, length, mode, word);
        }
        return word;
    }

    /** The same from the instruction's meaning. */
    long lower(long lo, long hi, int available, int mode) {
        builder.begin();
        length = isa.translate(lo, hi, available, mode, builder);
        if (length == 0) {
            return 0;
        }
        if (length % granule != 0 || length / granule > 15 || length > available) {
            throw new IllegalStateException(isa.name() + " gave a length of " + length + " bytes for the instruction 0x"
                    + Long.toHexString(lo));
        }
        int count = lowering.lower(builder.nodes(), length);
        long word = lowering.standsAlone()
                ? lowering.words()[0]
                : MicroOp.word(MicroOp.SEQUENCE, 0, sequences.add(lowering.words(), count) >>> 3);
        return MicroOp.withGranules(word, length / granule);
    }

    /** Whether the row of the instruction that was last lowered computes with its fields. */
    boolean computed() {
        return builder.computed();
    }

    /** Jumps that stay in the page become jumps from word to word. */
    private long inPlace(long word, int offset) {
        int op = MicroOp.op(word);
        if (!MicroOp.isRelativeOut(op)) {
            return word;
        }
        long distance = op < MicroOp.JUMP_IN ? MicroOp.imm28(word) : MicroOp.imm36(word);
        long to = offset + distance;
        if (to < 0 || to >= Mmu.PAGE_SIZE || distance % granule != 0) {
            return word;
        }
        int in = op == MicroOp.JUMP_OUT
                ? MicroOp.JUMP_IN
                : op == MicroOp.LINK_OUT ? MicroOp.LINK_IN : op - MicroOp.BRANCH_OUT + MicroOp.BRANCH_IN;
        return MicroOp.withOp(MicroOp.withImm28(word, distance / granule * 8), in);
    }

    /** Undoes what was done to a word for its place in the page. */
    long outOfPlace(long word) {
        int op = MicroOp.op(word);
        int out = op >= MicroOp.BRANCH_IN && op < MicroOp.BRANCH_OUT
                ? op - MicroOp.BRANCH_IN + MicroOp.BRANCH_OUT
                : op == MicroOp.JUMP_IN ? MicroOp.JUMP_OUT : op == MicroOp.LINK_IN ? MicroOp.LINK_OUT : -1;
        if (out < 0) {
            return word;
        }
        long distance = MicroOp.imm28(word) / 8 * granule;
        return MicroOp.withOp(
                out < MicroOp.JUMP_IN ? MicroOp.withImm28(word, distance) : MicroOp.withImm36(word, distance), out);
    }
}
