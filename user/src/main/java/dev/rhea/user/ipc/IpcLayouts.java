package dev.rhea.user.ipc;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;

/** {@code ipc64_perm} and the structures that begin with it, in {@code asm-generic}'s layout. */
final class IpcLayouts {
    /** Members; a time's upper half exists where a long has 32 bits. */
    enum Ds {
        KEY,
        UID,
        GID,
        CUID,
        CGID,
        MODE,
        SEQ,
        PAD,
        UNUSED1,
        UNUSED2,
        SIZE,
        TIME1,
        TIME1_HIGH,
        TIME2,
        TIME2_HIGH,
        TIME3,
        TIME3_HIGH,
        COUNT1,
        COUNT2,
        COUNT3,
        PID1,
        PID2,
        UNUSED3,
        UNUSED4
    }

    final Layout<Ds> segment;
    final Layout<Ds> set;
    final Layout<Ds> queue;

    IpcLayouts(DataModel model, boolean narrow) {
        Struct<Ds> s = permissions().word(Ds.SIZE);
        time(
                time(time(s, narrow, Ds.TIME1, Ds.TIME1_HIGH), narrow, Ds.TIME2, Ds.TIME2_HIGH),
                narrow,
                Ds.TIME3,
                Ds.TIME3_HIGH);
        segment =
                s.s32(Ds.PID1, Ds.PID2).word(Ds.COUNT1, Ds.UNUSED3, Ds.UNUSED4).in(model);
        s = time(time(permissions(), narrow, Ds.TIME1, Ds.TIME1_HIGH), narrow, Ds.TIME2, Ds.TIME2_HIGH);
        set = s.word(Ds.COUNT1, Ds.UNUSED3, Ds.UNUSED4).in(model);
        s = permissions();
        time(
                time(time(s, narrow, Ds.TIME1, Ds.TIME1_HIGH), narrow, Ds.TIME2, Ds.TIME2_HIGH),
                narrow,
                Ds.TIME3,
                Ds.TIME3_HIGH);
        queue = s.word(Ds.COUNT1, Ds.COUNT2, Ds.COUNT3)
                .s32(Ds.PID1, Ds.PID2)
                .word(Ds.UNUSED3, Ds.UNUSED4)
                .in(model);
    }

    private static Struct<Ds> permissions() {
        return new Struct<>(Ds.class)
                .u32(Ds.KEY, Ds.UID, Ds.GID, Ds.CUID, Ds.CGID, Ds.MODE)
                .u16(Ds.SEQ, Ds.PAD)
                .word(Ds.UNUSED1, Ds.UNUSED2);
    }

    private static Struct<Ds> time(Struct<Ds> s, boolean narrow, Ds low, Ds high) {
        return narrow ? s.word(low, high) : s.word(low);
    }

    /** Zeroes a structure and writes what all have in common. */
    static void begin(Task task, Layout<Ds> layout, long to, IpcObject object, int modeBits) {
        GuestMemory memory = task.memory();
        memory.write(to, new byte[layout.size()], 0, layout.size());
        var ids = task.kernel().credentials();
        layout.put(memory, to, Ds.KEY, object.key);
        layout.put(memory, to, Ds.UID, ids.euid());
        layout.put(memory, to, Ds.CUID, ids.euid());
        layout.put(memory, to, Ds.GID, ids.egid());
        layout.put(memory, to, Ds.CGID, ids.egid());
        layout.put(memory, to, Ds.MODE, object.mode | modeBits);
    }
}
