package dev.rhea.user.memory;

/** A line of /proc/pid/maps: proc_pid_maps(5). */
final class MapsLine {
    private static final int NAME_COLUMN = 73;

    private MapsLine() {}

    /** Appends a line for each mapping. */
    static void append(StringBuilder text, VmaList vmas) {
        for (int i = 0; i < vmas.size(); i++) {
            append(text, vmas.get(i));
        }
    }

    static void append(StringBuilder text, Vma vma) {
        int start = text.length();
        hex(text, vma.start, 8);
        text.append('-');
        hex(text, vma.end, 8);
        text.append(' ')
                .append((vma.prot & PageMap.PROT_READ) != 0 ? 'r' : '-')
                .append((vma.prot & PageMap.PROT_WRITE) != 0 ? 'w' : '-')
                .append((vma.prot & PageMap.PROT_EXEC) != 0 ? 'x' : '-')
                .append(vma.shared && vma.name == null ? 's' : 'p')
                .append(' ');
        Backing backing = vma.name == null ? vma.backing : null;
        hex(text, backing == null ? 0 : vma.firstPage << 12, 8);
        text.append(' ');
        long device = backing == null ? 0 : backing.device();
        hex(text, device >>> 32, 2);
        text.append(':');
        hex(text, device & 0xffffffffL, 2);
        text.append(' ').append(backing == null ? 0 : backing.inode());
        String name = vma.name != null ? vma.name : backing == null ? "" : backing.path();
        if (!name.isEmpty()) {
            do {
                text.append(' ');
            } while (text.length() - start < NAME_COLUMN);
            text.append(name.replace("\n", "\\012"));
        }
        text.append('\n');
    }

    private static void hex(StringBuilder text, long value, int digits) {
        String hex = Long.toHexString(value);
        for (int i = hex.length(); i < digits; i++) {
            text.append('0');
        }
        text.append(hex);
    }
}
