package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.log.Log;
import dev.rhea.user.call.Errno;
import dev.rhea.user.call.ErrnoText;
import java.nio.charset.StandardCharsets;

/**
 * Prints system calls and signals in the reference's format: {@code 123 read(3,0x4000,8) = 8}. The call's begin is written
 * when it begins, so that one that hangs can be seen.
 */
final class Strace {
    private static final int O_CREAT = 0x40;

    private final Log out;

    Strace(Log out) {
        this.out = out;
    }

    /** A call begins. */
    void enter(Task task, int number, long[] a) {
        String name = task.abi().syscallName(number);
        StringBuilder s = new StringBuilder(80);
        s.append(task.process().pid()).append(' ');
        if (name == null) {
            s.append("Unknown syscall ").append(number).append('\n');
            write(s);
            return;
        }
        s.append(name).append('(');
        String format = StraceFormats.of(name);
        int count = format.length();
        if (name.equals("openat") && (a[2] & O_CREAT) == 0) {
            // The mode means nothing then.
            count--;
        }
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                s.append(',');
            }
            argument(s, task, format.charAt(i), a[i]);
        }
        s.append(')');
        if (name.equals("exit") || name.equals("exit_group")) {
            s.append('\n');
        }
        write(s);
    }

    /** It has ended. */
    void leave(Task task, int number, long result) {
        String name = task.abi().syscallName(number);
        if (name == null || name.equals("exit") || name.equals("exit_group")) {
            return;
        }
        StringBuilder s = new StringBuilder(40).append(" = ");
        if (Errno.isError(result)) {
            int error = (int) -result;
            s.append("-1 errno=").append(error).append(" (").append(text(error)).append(')');
        } else if (StraceFormats.returnsAddress(name)) {
            hex16(s, result);
        } else {
            s.append(result);
        }
        write(s.append('\n'));
    }

    private static String text(int error) {
        return switch (error) {
            case Errno.ERESTARTSYS, Errno.ERESTARTNOINTR, Errno.ERESTARTNOHAND, Errno.ERESTART_RESTARTBLOCK ->
                "To be restarted";
            default -> ErrnoText.of(error);
        };
    }

    /** A signal is about to be acted upon. */
    void signal(Task task, SignalInfo info) {
        StringBuilder s = new StringBuilder(80);
        String name = Signal.name(info.number());
        s.append("--- ").append(name).append(" {si_signo=").append(name).append(", si_code=");
        switch (info.code()) {
            case SignalInfo.SI_USER -> s.append("SI_USER");
            case SignalInfo.SI_KERNEL -> s.append("SI_KERNEL");
            case SignalInfo.SI_QUEUE -> s.append("SI_QUEUE");
            case SignalInfo.SI_TIMER -> s.append("SI_TIMER");
            case SignalInfo.SI_TKILL -> s.append("SI_TKILL");
            default -> s.append(info.code());
        }
        if (info.code() > 0 && info.code() < SignalInfo.SI_KERNEL && info.number() != Signal.SIGCHLD) {
            s.append(", si_addr=");
            hex16(s, info.value());
        } else if (info.code() != SignalInfo.SI_KERNEL) {
            s.append(", si_pid=").append(info.pid()).append(", si_uid=").append(info.uid());
        }
        write(s.append("} ---\n"));
    }

    private static void argument(StringBuilder s, Task task, char format, long value) {
        switch (format) {
            case 'x' -> s.append("0x").append(Long.toHexString(task.address(value)));
            case 'p' -> {
                if (value == 0) {
                    s.append("NULL");
                } else {
                    hex16(s, task.address(value));
                }
            }
            case 'o' -> s.append('0').append(Integer.toOctalString((int) value));
            case 's' -> string(s, task, value);
            case 'v' -> vector(s, task, value);
            case '@' -> {
                if ((int) value == -100) {
                    s.append("AT_FDCWD");
                } else {
                    s.append((int) value);
                }
            }
            case 'S' -> s.append(value == 0 ? "0" : Signal.name((int) value));
            case 'i' -> s.append((int) value);
            default -> {
                String flags = StraceFormats.flags(format, value);
                if (flags == null) {
                    s.append(value);
                } else {
                    s.append(flags);
                }
            }
        }
    }

    private static void hex16(StringBuilder s, long value) {
        String digits = Long.toHexString(value);
        s.append("0x").append("0".repeat(16 - digits.length())).append(digits);
    }

    private static void string(StringBuilder s, Task task, long address) {
        if (address == 0) {
            s.append("NULL");
            return;
        }
        try {
            byte[] bytes = GuestStrings.path(task, address);
            s.append('"').append(new String(bytes, StandardCharsets.ISO_8859_1)).append('"');
        } catch (GuestMemory.BadAddress | Errno e) {
            hex16(s, task.address(address));
        }
    }

    private static void vector(StringBuilder s, Task task, long address) {
        try {
            s.append('{');
            for (byte[] word : GuestStrings.array(task, address)) {
                s.append('"')
                        .append(new String(word, StandardCharsets.ISO_8859_1))
                        .append("\",");
            }
            s.append("NULL}");
        } catch (GuestMemory.BadAddress | Errno e) {
            s.append("?}");
        }
    }

    private void write(StringBuilder s) {
        out.write(s);
    }
}
