package dev.rhea.user.file;

import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.file.proc.ProcPath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A directory under {@code /proc/PID} of a guest process that a guest has open: relative paths lead on from there, and where
 * the personality knows the entries, reading lists those. Thread-safe.
 */
final class ProcDirectory implements Description.Extra {
    /** Members of {@code struct linux_dirent64}. */
    enum Entry {
        INO,
        OFF,
        RECLEN,
        TYPE
    }

    private static final int NAME_OFFSET = 19;
    private static final int DT_DIR = 4;
    private static final int DT_LNK = 10;

    private final ProcPath at;
    private String @Nullable [] names;
    private int position;

    ProcDirectory(ProcPath at) {
        this.at = at;
    }

    ProcPath at() {
        return at;
    }

    /** Whether {@link #read} knows the entries; the host's directory does if not. */
    synchronized boolean lists() {
        return at.names() != null;
    }

    static Layout<Entry> layout(DataModel model) {
        return new Struct<>(Entry.class)
                .u64(Entry.INO)
                .s64(Entry.OFF)
                .u16(Entry.RECLEN)
                .u8(Entry.TYPE)
                .packed()
                .in(model);
    }

    /** The next entries as getdents64 gives them; empty at the end. @throws Errno EINVAL where {@code room} is too little for one */
    synchronized byte[] read(Layout<Entry> layout, int room) {
        String[] all = names;
        if (all == null || position == 0) {
            String[] known = at.names();
            int n = known == null ? 0 : known.length;
            all = new String[n + 2];
            all[0] = ".";
            all[1] = "..";
            if (known != null) {
                System.arraycopy(known, 0, all, 2, n);
            }
            names = all;
        }
        byte[] out = new byte[Math.min(room, 32 * (all.length - Math.min(position, all.length)) + 8)];
        int used = 0;
        while (position < all.length) {
            byte[] name = all[position].getBytes(StandardCharsets.ISO_8859_1);
            int length = NAME_OFFSET + name.length + 1 + 7 & -8;
            if (used + length > out.length) {
                if (used == 0) {
                    throw new Errno(Errno.EINVAL);
                }
                break;
            }
            layout.put(out, used, Entry.INO, position + 1);
            layout.put(out, used, Entry.OFF, position + 1);
            layout.put(out, used, Entry.RECLEN, length);
            layout.put(out, used, Entry.TYPE, position < 2 || at.entry().equals("task") ? DT_DIR : DT_LNK);
            System.arraycopy(name, 0, out, used + NAME_OFFSET, name.length);
            used += length;
            position++;
        }
        return java.util.Arrays.copyOf(out, used);
    }

    /** lseek: to an offset that an entry had, or to the start. */
    synchronized long seek(long offset, int whence) {
        long to = whence == 0 ? offset : whence == 1 ? position + offset : -1;
        if (to < 0 || to > Integer.MAX_VALUE) {
            return -Errno.EINVAL;
        }
        position = (int) to;
        return to;
    }
}
