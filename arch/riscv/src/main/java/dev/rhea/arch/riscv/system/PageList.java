package dev.rhea.arch.riscv.system;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** All pages that a hart's {@code satp} leads to, as the monitor's {@code info mem} prints them. Looking changes nothing. */
final class PageList {
    /** Bits of an entry from bit 1 on, with their letters. */
    private static final String LETTERS = "rwxugad";

    private static final int V = 1;
    private static final int LEAF = 0b1010;
    private static final int FLAGS = 0xfe;

    private final AddressSpace memory;
    private final boolean wide;
    private final int bits;
    private final int levels;
    private final long root;
    private final StringBuilder text = new StringBuilder();

    /** The range that is not printed yet: neighbours of the same kind that lead to neighbours are one. */
    private long start;

    private long physical;
    private long size;
    private long flags;

    private PageList(SystemCpu cpu, AddressSpace memory) {
        this.memory = memory;
        wide = cpu.xlen == 64;
        bits = wide ? 9 : 10;
        levels = PageTable.levels(cpu, cpu.satp);
        root = (wide ? cpu.satp & (1L << 44) - 1 : cpu.satp & 0x3fffff) << 12;
    }

    /** The pages of a hart that stands still. */
    static String of(SystemCpu cpu, AddressSpace memory) {
        var list = new PageList(cpu, memory);
        if (list.levels == 0) {
            return "No translation or protection\n";
        }
        int digits = list.wide ? 16 : 8;
        list.text
                .append("vaddr")
                .append(" ".repeat(digits - 4))
                .append("paddr            size")
                .append(" ".repeat(digits - 3))
                .append("attr\n")
                .append("-".repeat(digits))
                .append(" ---------------- ")
                .append("-".repeat(digits))
                .append(" -------\n");
        list.walk(list.root, list.levels - 1, 0);
        list.print();
        return list.text.toString();
    }

    private void walk(long table, int level, long from) {
        int shift = 12 + bits * level;
        for (int i = 0; i < 1 << bits; i++) {
            long pte;
            try {
                pte = memory.read(table + (wide ? 8L : 4L) * i, wide ? 8 : 4);
            } catch (BusError e) {
                return; // a table where there is no memory
            }
            if ((pte & V) == 0) {
                continue;
            }
            long address = from | (long) i << shift;
            long page = (wide ? pte >>> 10 & (1L << 44) - 1 : (pte & 0xffffffffL) >>> 10) << 12;
            if ((pte & LEAF) != 0) {
                add(extended(address), page, 1L << shift, pte & FLAGS);
            } else if (level > 0) {
                walk(page, level - 1, address);
            }
        }
    }

    /** The highest bit that is translated stands for those above it. */
    private long extended(long address) {
        int unused = 64 - 12 - bits * levels;
        return wide ? address << unused >> unused : address;
    }

    private void add(long address, long page, long bytes, long attributes) {
        if (size != 0 && address == start + size && page == physical + size && attributes == flags) {
            size += bytes;
            return;
        }
        print();
        start = address;
        physical = page;
        size = bytes;
        flags = attributes;
    }

    private void print() {
        if (size == 0) {
            return;
        }
        String number = wide ? "%016x" : "%08x";
        text.append(String.format(number + " %016x " + number + " ", start, physical, size));
        for (int i = 0; i < LETTERS.length(); i++) {
            text.append((flags >>> i + 1 & 1) != 0 ? LETTERS.charAt(i) : '-');
        }
        text.append('\n');
    }
}
