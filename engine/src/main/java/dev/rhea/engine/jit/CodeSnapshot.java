package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The code around a hot pc, copied on the processor's own thread, where what the map gives cannot go away. The translator's
 * thread reads only this copy.
 *
 * <p>Only pages whose stores are watched are taken ({@link CodeSpace#hasCode}), and each is asked for before it is copied:
 * from then on {@link Translator#drop} tells of every change, so bytes that were changed after the copy are never believed.
 */
final class CodeSnapshot {
    /** How many pages before and after the hot one are looked at. */
    private static final int REACH = 3;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(ValueLayout.JAVA_LONG.carrier().arrayType(), ByteOrder.LITTLE_ENDIAN);

    /** Guest address of the first page of the window. */
    private final long first;

    private final byte[][] bytes;
    private final long[] hostPages;

    private CodeSnapshot(long first, byte[][] bytes, long[] hostPages) {
        this.first = first;
        this.bytes = bytes;
        this.hostPages = hostPages;
    }

    /** Copies the pages around {@code pc}. On the processor's thread. */
    static CodeSnapshot take(Cpu cpu, CodeSpace space, long pc) {
        int count = 2 * REACH + 1;
        long first = (pc & Mmu.PAGE_MASK) - (long) REACH * Mmu.PAGE_SIZE;
        var bytes = new byte[count][];
        var hostPages = new long[count];
        int trap = cpu.trap;
        long trapValue = cpu.trapValue;
        // Outwards from the hot page, up to the first gap: code is contiguous, and a fault costs more than a copy.
        for (int direction = -1; direction <= 1; direction += 2) {
            for (int i = direction < 0 ? REACH : REACH + 1; i >= 0 && i < count; i += direction) {
                long host;
                try {
                    host = cpu.mmu.translate(cpu, first + (long) i * Mmu.PAGE_SIZE, Access.FETCH);
                } catch (GuestFault fault) {
                    break;
                }
                if (host == Mmu.DEVICE || !space.hasCode(host)) {
                    break;
                }
                var copy = new byte[Mmu.PAGE_SIZE];
                RawMemory.copyOut(host, copy, 0, copy.length);
                bytes[i] = copy;
                hostPages[i] = host;
            }
        }
        cpu.trap = trap;
        cpu.trapValue = trapValue;
        return new CodeSnapshot(first, bytes, hostPages);
    }

    /** Code that stands at {@code pc} by itself, of no memory: for tests. */
    static CodeSnapshot of(long pc, byte[] code) {
        long first = pc & Mmu.PAGE_MASK;
        int count = (int) ((pc + code.length + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK) - first >>> 12);
        var bytes = new byte[count][Mmu.PAGE_SIZE];
        for (int i = 0; i < code.length; i++) {
            int at = (int) (pc - first) + i;
            bytes[at >>> 12][at & Mmu.PAGE_SIZE - 1] = code[i];
        }
        return new CodeSnapshot(first, bytes, new long[count]);
    }

    private int page(long pc) {
        long i = pc - first >>> 12;
        return i < bytes.length && bytes[(int) i] != null ? (int) i : -1;
    }

    /** How many bytes from {@code pc} on are here: 0 to 16. */
    int available(long pc) {
        if (page(pc) < 0) {
            return 0;
        }
        int rest = Mmu.PAGE_SIZE - (int) (pc & Mmu.PAGE_SIZE - 1);
        return rest >= 16 ? 16 : page(pc + rest) >= 0 ? 16 : rest;
    }

    /** Eight bytes from {@code pc} on, little-endian; those that are not here are 0. */
    long read(long pc) {
        int at = (int) (pc & Mmu.PAGE_SIZE - 1);
        int page = page(pc);
        if (page < 0) {
            return 0;
        }
        if (at <= Mmu.PAGE_SIZE - 8) {
            return (long) LONG.get(bytes[page], at);
        }
        long value = 0;
        for (int i = 0; i < 8; i++) {
            int p = page(pc + i);
            if (p >= 0) {
                value |= (bytes[p][(int) (pc + i & Mmu.PAGE_SIZE - 1)] & 0xffL) << 8 * i;
            }
        }
        return value;
    }

    /** Guest addresses of the pages that the bytes from {@code pc} on, {@code length} of them, stand in are added to a set. */
    void addPages(long pc, int length, java.util.Set<Long> pages) {
        pages.add(pc & Mmu.PAGE_MASK);
        pages.add(pc + length - 1 & Mmu.PAGE_MASK);
    }

    /** Host addresses of all pages that were copied. */
    long[] hostPages() {
        return java.util.Arrays.stream(hostPages).filter(page -> page != 0).toArray();
    }

    /** Host address of the byte at {@code pc}, which is here. */
    long host(long pc) {
        return hostPages[page(pc)] + (pc & Mmu.PAGE_SIZE - 1);
    }
}
