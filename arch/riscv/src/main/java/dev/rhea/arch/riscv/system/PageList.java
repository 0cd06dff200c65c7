package dev.rhea.arch.riscv.system;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;

/** All pages that a hart's {@code satp} leads to, as the monitor's {@code info mem} prints them. Looking changes nothing. */
final class PageList {
    /** Bits of an entry from bit 1 on, with their letters. */
    private static final String LETTERS = "rwxugad";

    private static final int V = 1;
    private static final int LEAF = 0b1010;
    private static final int FLAGS = 0xfe;

    /** As many tables as 64 GiB in pages of 4 KiB have: a guest's may contain themselves. */
    private static final int MOST_TABLES = 1 << 15;

    /** As many lines as somebody might still look through by a program. */
    private static final int MOST_LINES = 1 << 18;

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

    private int tables;
    private int lines;

    private PageList(SystemCpu cpu, AddressSpace memory) {
        this.memory = memory;
        wide = cpu.xlen == 64;
        bits = wide ? 9 : 10;
        levels = PageTable.levels(cpu, cpu.satp);
        root = PageTable.root(cpu, cpu.satp);
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
        if (list.isFull()) {
            list.text.append("there are more\n");
        }
        return list.text.toString();
    }

    private void walk(long table, int level, long from) {
        int shift = 12 + bits * level;
        tables++;
        // Tables lie in memory alone: to read a device is to change it.
        long host = memory.host(table, 4096);
        if (host == 0) {
            return;
        }
        for (int i = 0; i < 1 << bits && !isFull(); i++) {
            long pte = wide ? RawMemory.getLong(host + 8L * i) : RawMemory.getInt(host + 4L * i) & 0xffffffffL;
            if ((pte & V) == 0) {
                continue;
            }
            long address = from | (long) i << shift;
            long page = (wide ? pte >>> 10 & (1L << 44) - 1 : pte >>> 10) << 12;
            if ((pte & LEAF) != 0) {
                add(extended(address), page, 1L << shift, pte & FLAGS);
            } else if (level > 0) {
                walk(page, level - 1, address);
            }
        }
    }

    private boolean isFull() {
        return tables > MOST_TABLES || lines > MOST_LINES;
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
        lines++;
    }
}
