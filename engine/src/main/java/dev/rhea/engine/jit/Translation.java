package dev.rhea.engine.jit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One region from its request to its end. Fields that change are guarded by the translator's lock.
 */
final class Translation {
    final long pc;
    final int mode;
    /** Host address of the entry. */
    final long entry;

    final CodeSnapshot code;
    /** The pages whose change ends it: those copied at first, those used once it is translated. */
    long[] hostPages;
    /** Guest addresses of {@link #hostPages}; set when it is translated. */
    long[] guestPages = new long[0];
    /** Where the blocks of its region start. */
    long[] blocks = new long[0];
    /** How often it was asked for while it waited. */
    int requests = 1;
    /** What is known from an earlier unit. */
    final Hints hints;
    /** Its code changed. */
    boolean dead;

    /** One for each entry, that of {@link #pc} first; empty while it is not made. */
    List<Unit> units = List.of();
    /** Bytes of code. */
    int size;

    Translation(long pc, int mode, CodeSnapshot code, Hints hints) {
        this.pc = pc;
        this.mode = mode;
        this.code = code;
        this.hints = hints;
        this.entry = code.host(pc);
        this.hostPages = code.hostPages();
    }

    /** The unit whose entry is {@code pc}, or null. */
    @Nullable
    Unit unitAt(long pc) {
        for (Unit unit : units) {
            if (unit.pc == pc) {
                return unit;
            }
        }
        return null;
    }
}
