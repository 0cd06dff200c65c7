package dev.rhea.user.file;

/** A process's descriptors; shared by tasks cloned with CLONE_FILES. */
public final class FileTable {
    /** For fork: a table of the same open files. */
    public FileTable copy() {
        return new FileTable();
    }

    /** For execve. */
    public void closeOnExec() {}

    /** The last task that shares this table has gone: closes all. */
    public void close() {}
}
