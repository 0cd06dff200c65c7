package dev.rhea.user.memory;

/** What a mapping shows: pages that belong to no single address space. Kept by those who map it. Thread-safe. */
abstract class Backing {
    private int users = 1;

    /**
     * The host address of a page, which stays the same as long as anybody uses the backing.
     *
     * @return 0 where the backing has no such page (beyond a file's end), {@link #NO_MEMORY}
     */
    abstract long page(long index);

    /** Returned by {@link #page} where memory is exhausted. */
    static final long NO_MEMORY = 1;

    /** What is called when the last user has gone. */
    abstract void unused();

    /** As /proc/self/maps shows it: device number. */
    long device() {
        return 0;
    }

    /** As /proc/self/maps shows it. */
    long inode() {
        return 0;
    }

    /** As /proc/self/maps shows it. */
    String path() {
        return "";
    }

    /** Equal for backings that show the same memory. */
    Object identity() {
        return this;
    }

    /** Some mapping of it lets a program execute it. */
    void executable() {}

    /** Makes what was written durable. @return 0 or a negated errno */
    int sync(long firstPage, long pages) {
        return 0;
    }

    /** Frees pages of memory that has no file; false where that cannot be. */
    boolean punch(long firstPage, long pages) {
        return false;
    }

    synchronized void retain() {
        users++;
    }

    /** Lets go. */
    final void release() {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
        }
        unused();
    }

    /** Counts a user in where there may be none left; false if it is gone for good. */
    synchronized boolean revive(boolean evenIfUnused) {
        if (users == 0 && !evenIfUnused) {
            return false;
        }
        users++;
        return true;
    }

    /** Users besides the one that made it. */
    synchronized int otherUsers() {
        return users - 1;
    }

    synchronized boolean isUsed() {
        return users > 0;
    }
}
