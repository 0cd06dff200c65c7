package dev.rhea.user.ipc;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.ipc.IpcLayouts.Ds;
import dev.rhea.user.memory.GuestRam;
import dev.rhea.user.memory.SharedSegment;
import dev.rhea.user.process.Limits;
import dev.rhea.user.process.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** shmget, shmat, shmdt, shmctl. */
public final class SegmentCalls implements CallFamily {
    private static final int IPC_RMID = 0;
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    private static final int SHM_LOCK = 11;
    private static final int SHM_UNLOCK = 12;
    private static final int IPC_64 = 0x100;
    private static final int SHM_HUGETLB = 04000;
    private static final int SHM_RDONLY = 010000;
    private static final int SHM_RND = 020000;
    private static final int SHM_REMAP = 040000;
    private static final int SHM_EXEC = 0100000;

    /** Bits of {@code shm_perm.mode}. */
    private static final int SHM_DEST = 01000;

    private static final int SHM_LOCKED = 02000;

    private static final class Segment extends IpcObject {
        final long bytes;
        final SharedSegment memory;
        long attachedAt;
        long detachedAt;
        int last;
        boolean locked;

        Segment(int key, int id, int mode, int creator, long bytes, SharedSegment memory) {
            super(key, id, mode, creator);
            this.bytes = bytes;
            this.memory = memory;
        }
    }

    private final GuestRam ram;
    private final IpcTable<Segment> segments = new IpcTable<>();

    /** Removed, but still attached somewhere: shmdt and IPC_STAT find them. */
    private final List<Segment> leaving = new ArrayList<>(0);

    private final IpcLayouts layouts;

    public SegmentCalls(LinuxAbi abi, GuestRam ram) {
        this.ram = ram;
        layouts = new IpcLayouts(DataModel.of(abi), abi.wordSize() == 4);
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "shmget" -> this::shmget;
            case "shmat" -> this::shmat;
            case "shmdt" -> this::shmdt;
            case "shmctl" -> this::shmctl;
            default -> null;
        };
    }

    private synchronized long shmget(Task task, long[] a) {
        long bytes = task.address(a[1]);
        int key = (int) a[0];
        int flags = (int) a[2];
        Segment segment = segments.get(key, flags, id -> {
            if (bytes <= 0 || bytes > Long.MAX_VALUE - Mmu.PAGE_SIZE) {
                throw new Errno(Errno.EINVAL);
            }
            if ((flags & SHM_HUGETLB) != 0) {
                throw new Errno(Errno.ENOMEM); // no huge pages are set aside
            }
            return new Segment(key, id, flags, task.process().pid(), bytes, new SharedSegment(ram, bytes, key));
        });
        return Long.compareUnsigned(bytes, segment.bytes) > 0 ? -Errno.EINVAL : segment.id;
    }

    private synchronized long shmat(Task task, long[] a) {
        forgetLeft();
        int flags = (int) a[2];
        long address = task.address(a[1]);
        if ((address & Mmu.PAGE_SIZE - 1) != 0) {
            if ((flags & SHM_RND) == 0) {
                return -Errno.EINVAL;
            }
            address &= -Mmu.PAGE_SIZE;
        }
        if (address == 0 && (flags & SHM_REMAP) != 0) {
            return -Errno.EINVAL;
        }
        Segment segment = find((int) a[0]);
        int prot = 1 | ((flags & SHM_RDONLY) == 0 ? 2 : 0) | ((flags & SHM_EXEC) != 0 ? 4 : 0);
        long at = segment.memory.attach(
                task.memory(),
                address,
                prot,
                (flags & SHM_REMAP) != 0,
                task.process().limits().soft(Limits.RLIMIT_AS));
        segment.attachedAt = IpcObject.now();
        segment.last = task.process().pid();
        return at;
    }

    private synchronized long shmdt(Task task, long[] a) {
        List<Segment> all = new ArrayList<>(segments.all());
        all.addAll(leaving);
        for (Segment segment : all) {
            if (segment.memory.detach(task.memory(), task.address(a[0]))) {
                segment.detachedAt = IpcObject.now();
                segment.last = task.process().pid();
                forgetLeft();
                return 0;
            }
        }
        return -Errno.EINVAL;
    }

    /** As Linux has it, a segment that was removed can be named as long as somebody has it. */
    private Segment find(int id) {
        for (Segment segment : leaving) {
            if (segment.id == id) {
                return segment;
            }
        }
        return segments.find(id);
    }

    private void forgetLeft() {
        leaving.removeIf(segment -> {
            boolean gone = segment.memory.attached() == 0;
            if (gone) {
                segment.memory.release();
            }
            return gone;
        });
    }

    private synchronized long shmctl(Task task, long[] a) {
        forgetLeft();
        Segment segment = find((int) a[0]);
        long argument = task.address(a[2]);
        GuestMemory memory = task.memory();
        switch ((int) a[1] & ~IPC_64) {
            case IPC_STAT -> {
                int bits = (segment.removed ? SHM_DEST : 0) | (segment.locked ? SHM_LOCKED : 0);
                IpcLayouts.begin(task, layouts.segment, argument, segment, bits);
                layouts.segment.put(memory, argument, Ds.KEY, segment.removed ? 0 : segment.key);
                layouts.segment.put(memory, argument, Ds.SIZE, segment.bytes);
                layouts.segment.put(memory, argument, Ds.TIME1, segment.attachedAt);
                layouts.segment.put(memory, argument, Ds.TIME2, segment.detachedAt);
                layouts.segment.put(memory, argument, Ds.TIME3, segment.changed);
                layouts.segment.put(memory, argument, Ds.PID1, segment.creator);
                layouts.segment.put(memory, argument, Ds.PID2, segment.last);
                layouts.segment.put(memory, argument, Ds.COUNT1, segment.memory.attached());
            }
            case IPC_SET -> {
                segment.mode = (int) layouts.segment.get(memory, argument, Ds.MODE) & 0777;
                segment.changed = IpcObject.now();
            }
            case SHM_LOCK, SHM_UNLOCK -> segment.locked = ((int) a[1] & ~IPC_64) == SHM_LOCK;
            case IPC_RMID -> {
                if (!segment.removed) {
                    segments.remove(segment);
                    leaving.add(segment);
                    forgetLeft();
                }
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }
}
