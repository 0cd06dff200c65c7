package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Who a process is: groups and sessions, users, names, prctl. */
final class IdentityCalls {
    private IdentityCalls() {}

    private static final int UTS_FIELD = 65;
    private static final int UTS_FIELDS = 6;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "getpgid" -> IdentityCalls::getpgid;
            case "getpgrp" -> (t, a) -> t.process().group();
            case "setpgid" -> IdentityCalls::setpgid;
            case "getsid" -> IdentityCalls::getsid;
            case "setsid" -> IdentityCalls::setsid;
            case "getuid" -> (t, a) -> t.kernel().credentials().uid();
            case "geteuid" -> (t, a) -> t.kernel().credentials().euid();
            case "getgid" -> (t, a) -> t.kernel().credentials().gid();
            case "getegid" -> (t, a) -> t.kernel().credentials().egid();
            case "getresuid" ->
                (t, a) -> ids(
                        t,
                        a,
                        t.kernel().credentials().uid(),
                        t.kernel().credentials().euid());
            case "getresgid" ->
                (t, a) -> ids(
                        t,
                        a,
                        t.kernel().credentials().gid(),
                        t.kernel().credentials().egid());
            case "setuid", "setfsuid" -> (t, a) -> set(name, t, a, 1, true);
            case "setgid", "setfsgid" -> (t, a) -> set(name, t, a, 1, false);
            case "setreuid" -> (t, a) -> set(name, t, a, 2, true);
            case "setregid" -> (t, a) -> set(name, t, a, 2, false);
            case "setresuid" -> (t, a) -> set(name, t, a, 3, true);
            case "setresgid" -> (t, a) -> set(name, t, a, 3, false);
            case "getgroups" -> IdentityCalls::getgroups;
            case "setgroups" -> IdentityCalls::setgroups;
            case "capget" -> IdentityCalls::capget;
            case "capset" -> (t, a) -> 0;
            case "uname" -> IdentityCalls::uname;
            case "prctl" -> Prctl::run;
            case "personality" -> (t, a) -> (int) a[0] == -1 || (int) a[0] == 0 ? 0 : -Errno.EINVAL;
            default -> null;
        };
    }

    private static Process named(Task task, long pid) {
        Process process = pid == 0 ? task.process() : task.kernel().findProcess((int) pid);
        if (process == null) {
            throw new Errno(Errno.ESRCH);
        }
        return process;
    }

    private static long getpgid(Task task, long[] a) {
        Process process = task.kernel().findProcess((int) a[0]);
        if (process == null && a[0] != 0) {
            return HostCalls.getpgid((int) a[0]);
        }
        return named(task, a[0]).group();
    }

    private static long getsid(Task task, long[] a) {
        Process process = task.kernel().findProcess((int) a[0]);
        if (process == null && a[0] != 0) {
            return HostCalls.getsid((int) a[0]);
        }
        return named(task, a[0]).session();
    }

    private static long setpgid(Task task, long[] a) {
        int group = (int) a[1];
        if (group < 0) {
            return -Errno.EINVAL;
        }
        synchronized (task.kernel().lock) {
            Process caller = task.process();
            Process process = named(task, (int) a[0]);
            if (process != caller) {
                if (process.parent != caller) {
                    return -Errno.ESRCH;
                }
                if (process.session != caller.session) {
                    return -Errno.EPERM;
                }
                if (process.executed) {
                    return -Errno.EACCES;
                }
            }
            if (process.session == process.pid()) {
                return -Errno.EPERM;
            }
            if (group == 0) {
                group = process.pid();
            }
            if (group != process.pid() && !groupInSession(task.kernel(), group, caller.session)) {
                return -Errno.EPERM;
            }
            process.group = group;
            return 0;
        }
    }

    private static boolean groupInSession(Kernel kernel, int group, int session) {
        for (Process process : kernel.all()) {
            if (process.group == group && process.session == session) {
                return true;
            }
        }
        return false;
    }

    private static long setsid(Task task, long[] a) {
        synchronized (task.kernel().lock) {
            Process process = task.process();
            for (Process other : task.kernel().all()) {
                if (other.group == process.pid()) {
                    return -Errno.EPERM;
                }
            }
            process.group = process.pid();
            process.session = process.pid();
            return process.pid();
        }
    }

    private static long ids(Task task, long[] a, int real, int effective) {
        task.memory().write(task.address(a[0]), real, 4);
        task.memory().write(task.address(a[1]), effective, 4);
        task.memory().write(task.address(a[2]), effective, 4);
        return 0;
    }

    /** Ids can be set to what they are; fsuid and fsgid tell what they were, whatever is asked. */
    private static long set(String name, Task task, long[] a, int count, boolean user) {
        Credentials c = task.kernel().credentials();
        int real = user ? c.uid() : c.gid();
        int effective = user ? c.euid() : c.egid();
        if (name.startsWith("setfs")) {
            return effective;
        }
        for (int i = 0; i < count; i++) {
            int id = (int) a[i];
            if (id != -1 && id != real && id != effective) {
                return -Errno.EPERM;
            }
        }
        return 0;
    }

    private static long getgroups(Task task, long[] a) {
        int size = (int) a[0];
        long memory = RawMemory.allocate(65536 * 4L);
        try {
            int count = (int) Errno.check(HostCalls.getgroups(65536, memory));
            if (size == 0) {
                return count;
            }
            if (size < count) {
                return -Errno.EINVAL;
            }
            for (int i = 0; i < count; i++) {
                task.memory().write(task.address(a[1]) + 4L * i, RawMemory.getInt(memory + 4L * i), 4);
            }
            return count;
        } finally {
            RawMemory.free(memory);
        }
    }

    private static long setgroups(Task task, long[] a) {
        return task.kernel().credentials().privileged() ? 0 : -Errno.EPERM;
    }

    /** Header: version, pid; data: two sets of effective, permitted, inheritable. As wide as the host's. */
    private static long capget(Task task, long[] a) {
        GuestMemory memory = task.memory();
        long header = task.address(a[0]);
        long data = task.address(a[1]);
        int version = (int) memory.read(header, 4);
        int words = version == 0x1998_0330 ? 3 : version == 0x2007_1026 || version == 0x2008_0522 ? 6 : 0;
        if (words == 0) {
            memory.write(header, 0x2008_0522, 4);
            return data == 0 ? 0 : -Errno.EINVAL;
        }
        if (data == 0) {
            return 0;
        }
        long scratch = task.hostThread().scratch();
        RawMemory.putInt(scratch, version);
        RawMemory.putInt(scratch + 4, 0);
        Errno.check(HostCalls.capget(scratch, scratch + 16));
        for (int i = 0; i < words; i++) {
            memory.write(data + 4L * i, RawMemory.getInt(scratch + 16 + 4L * i), 4);
        }
        return 0;
    }

    private static long uname(Task task, long[] a) {
        long scratch = task.hostThread().scratch();
        Errno.check(HostCalls.uname(scratch));
        byte[] names = new byte[UTS_FIELD * UTS_FIELDS];
        RawMemory.copyOut(scratch, names, 0, names.length);
        String release = task.kernel().options().release();
        if (release != null) {
            put(names, 2, release);
        }
        put(names, 4, task.abi().machine());
        task.memory().write(task.address(a[0]), names, 0, names.length);
        return 0;
    }

    private static void put(byte[] names, int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        int from = field * UTS_FIELD;
        Arrays.fill(names, from, from + UTS_FIELD, (byte) 0);
        System.arraycopy(bytes, 0, names, from, Math.min(bytes.length, UTS_FIELD - 1));
    }
}
