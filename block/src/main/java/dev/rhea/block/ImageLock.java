package dev.rhea.block;

import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;

/**
 * Keeps two users of one image apart, Rhea's and the reference's alike: shared locks on bytes of the file say what its user
 * does (100 and up) and what it does not stand others to do (200 and up).
 */
final class ImageLock {
    private static final int USED = 100;
    private static final int UNSHARED = 200;
    private static final String[] NAMES = {"consistent read", "write", "write unchanged", "resize"};
    private static final int CONSISTENT_READ = 1;
    private static final int WRITE = 1 << 1;
    private static final int RESIZE = 1 << 3;

    private ImageLock() {}

    /** Takes the locks of one user; closing the file gives them back. */
    static void take(HostFile file, String path, boolean readOnly, boolean shareWrites)
            throws BadDriveException, HostException {
        int used = readOnly ? CONSISTENT_READ : CONSISTENT_READ | WRITE;
        int unshared = shareWrites ? 0 : WRITE | RESIZE;
        for (int i = 0; i < NAMES.length; i++) {
            if ((used & 1 << i) != 0) {
                file.lock(USED + i, false);
            }
            if ((unshared & 1 << i) != 0) {
                file.lock(UNSHARED + i, false);
            }
        }
        for (int i = 0; i < NAMES.length; i++) {
            if ((used & 1 << i) != 0 && file.isLocked(UNSHARED + i)) {
                throw refused("Failed to get \"" + NAMES[i] + "\" lock", path);
            }
            if ((unshared & 1 << i) != 0 && file.isLocked(USED + i)) {
                throw refused("Failed to get shared \"" + NAMES[i] + "\" lock", path);
            }
        }
    }

    private static BadDriveException refused(String what, String path) {
        return new BadDriveException(what + "\nIs another process using the image [" + path + "]?");
    }
}
