package dev.rhea.device.virtio.ninep;

import dev.rhea.host.HostFile;
import org.jspecify.annotations.Nullable;

/** What a client's number stands for: a path, perhaps open; or an extended attribute that is read or written. */
final class Fid {
    String path;
    /** The user who attached, by number. */
    final int user;

    @Nullable
    HostFile file;

    /** Flags it was opened with; -1 while it is not open. */
    int openFlags = -1;

    /** An attribute's value, or what was written of it so far; null for files. */
    byte @Nullable [] attribute;

    /** The attribute that is written when the fid is given up; null while one is read. */
    @Nullable
    String attributeName;

    int attributeFlags;
    int attributeWritten;

    Fid(String path, int user) {
        this.path = path;
        this.user = user;
    }

    /** The open file. */
    HostFile open() throws NinePException {
        HostFile open = file;
        if (open == null) {
            throw new NinePException(dev.rhea.host.Errno.EINVAL);
        }
        return open;
    }

    void close() {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
