package dev.rhea.user.file.proc;

import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;

/** What {@code /proc/PID} shows of a guest process. Any thread may ask. */
public interface ProcessView {
    int pid();

    /** Host path of the program, absolute. */
    byte[] executable();

    /** The argument strings, each with its NUL, as they lie in memory now. */
    byte[] commandLine();

    /** The environment strings, each with its NUL, as they lay in memory at the start. */
    byte[] environment();

    /** The auxiliary vector as it lay in memory at the start. */
    byte[] auxiliaryVector();

    /** The text of {@code maps}. */
    String maps();

    /** The text of {@code stat}. */
    String stat();

    /** The text of {@code status}. */
    String status();

    /** The name without a line feed. */
    String name();

    /** Thread ids. */
    int[] tasks();

    /** The descriptors. */
    FileTable files();

    /** Current directory. */
    FileContext fileContext();
}
