package dev.rhea.user.log;

import dev.rhea.engine.log.Log;

/** {@code -d page}: a memory map as the reference prints it. */
public final class PageLog {
    private PageLog() {}

    /**
     * Writes the map.
     *
     * @param maps the text of {@code /proc/self/maps}
     * @param after what it has changed by, such as "mmap"
     */
    public static void changed(Log log, String maps, String after) {
        StringBuilder s = new StringBuilder("page layout changed following ")
                .append(after)
                .append("\nstart            end              size             prot\n");
        for (String line : maps.split("\n")) {
            int dash = line.indexOf('-');
            int space = line.indexOf(' ');
            if (dash > 0 && space > dash) {
                long start = Long.parseUnsignedLong(line, 0, dash, 16);
                long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
                Log.hex16(s, start).append('-');
                Log.hex16(s, end).append(' ');
                Log.hex16(s, end - start).append(' ');
                s.append(line, space + 1, space + 4).append('\n');
            }
        }
        log.write(s);
    }

    /** Whether a call of this name changes the memory map. */
    public static boolean isChangedBy(String call) {
        return switch (call) {
            case "mmap", "mmap2", "munmap", "mprotect", "mremap", "brk", "shmat", "shmdt" -> true;
            default -> false;
        };
    }
}
