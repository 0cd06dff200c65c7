package dev.rhea.device.virtio.ninep;

import dev.rhea.host.Errno;
import dev.rhea.host.HostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A session's fids. */
final class Fids {
    /** A client has one for each file that it knows of; one that takes more is not served. */
    private static final int MOST = 1 << 16;

    /** Files that may be open at once, so that a client leaves the host process some. */
    private static final int MOST_OPEN = 4096;

    /** Bytes of attributes that are being read and written. */
    private static final long MOST_ATTRIBUTE_BYTES = 16 << 20;

    private static final int PATH_MAX = 4000;

    private final Map<Integer, Fid> fids = new HashMap<>();

    Fid get(int number) throws NinePException {
        Fid fid = fids.get(number);
        if (fid == null) {
            throw new NinePException(Errno.ENOENT);
        }
        return fid;
    }

    /** One for a file, not an attribute. */
    Fid file(int number) throws NinePException {
        Fid fid = get(number);
        if (fid.attribute != null) {
            throw new NinePException(Errno.EINVAL);
        }
        return fid;
    }

    void add(int number, Fid fid) throws NinePException {
        if (fids.size() >= MOST || fid.path.length() > PATH_MAX) {
            throw new NinePException(fids.size() >= MOST ? Errno.ENFILE : Errno.ENAMETOOLONG);
        }
        if (fids.putIfAbsent(number, fid) != null) {
            throw new NinePException(Errno.EINVAL);
        }
    }

    void checkNew(int number) throws NinePException {
        if (fids.containsKey(number)) {
            throw new NinePException(Errno.EINVAL);
        }
    }

    /** Takes one away, which stays open. */
    Fid remove(int number) throws NinePException {
        Fid fid = get(number);
        fids.remove(number);
        return fid;
    }

    /** Whether an attribute of so many bytes may be kept, too. */
    void checkAttribute(long bytes) throws NinePException {
        long kept = 0;
        for (Fid fid : fids.values()) {
            byte[] attribute = fid.attribute;
            kept += attribute == null ? 0 : attribute.length;
        }
        if (kept + bytes > MOST_ATTRIBUTE_BYTES) {
            throw new NinePException(Errno.ENOSPC);
        }
    }

    void checkOpen() throws NinePException {
        if (fids.values().stream().filter(fid -> fid.file != null).count() >= MOST_OPEN) {
            throw new NinePException(Errno.ENFILE);
        }
    }

    /** A file or folder got another path: fids that stand for it, or for what is below, follow. */
    void renamed(String from, String to) {
        for (Fid fid : fids.values()) {
            if (fid.path.equals(from)) {
                fid.path = to;
            } else if (fid.path.startsWith(from + '/')) {
                fid.path = to + fid.path.substring(from.length());
            }
        }
    }

    Map<Integer, Fid> all() {
        return fids;
    }

    void clear() {
        Collection<Fid> all = fids.values();
        all.forEach(Fid::close);
        fids.clear();
    }

    /** Gives up a fid: an attribute that was being written is set now. */
    static void clunk(Fid fid, SharedFolder folder) throws HostException, NinePException {
        fid.close();
        byte[] value = fid.attribute;
        String name = fid.attributeName;
        if (value == null || name == null) {
            return;
        }
        if (fid.attributeWritten != value.length) {
            throw new NinePException(Errno.EINVAL);
        }
        if (value.length == 0) {
            folder.removeAttribute(fid.path, name);
        } else {
            folder.setAttribute(fid.path, name, value, fid.attributeFlags);
        }
    }
}
