package dev.rhea.engine.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An architecture's register file: its {@link Global}s in slot order. */
public final class Globals {
    /** Slots from here up to {@link #SLOTS} hold the interpreter's temporaries. */
    public static final int FIRST_TEMPORARY = 240;

    /** Length of {@link dev.rhea.engine.cpu.Cpu#r}: a slot number fits in eight bits. */
    public static final int SLOTS = 256;

    private final List<Global> all = new ArrayList<>();
    private int next;

    /** Adds a global at the next free slot. */
    public Global add(String name, Type type) {
        var global = new Global(name, type, next);
        next += type == Type.V128 ? 2 : 1;
        all.add(global);
        return global;
    }

    /** Adds {@code count} globals {@code prefix0}, {@code prefix1} and so on. */
    public Global[] addFile(String prefix, int count, Type type) {
        var file = new Global[count];
        for (int i = 0; i < count; i++) {
            file[i] = add(prefix + i, type);
        }
        return file;
    }

    /** All globals, in slot order. */
    public List<Global> all() {
        return Collections.unmodifiableList(all);
    }

    /** How many slots are taken. */
    public int slots() {
        return next;
    }
}
