package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import java.util.Arrays;

/** prctl(2): the part of it that means something here. */
final class Prctl {
    private Prctl() {}

    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_GET_PDEATHSIG = 2;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_GET_KEEPCAPS = 7;
    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;
    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int PR_GET_TIMERSLACK = 30;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int PR_GET_CHILD_SUBREAPER = 37;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_GET_NO_NEW_PRIVS = 39;
    private static final int PR_GET_TID_ADDRESS = 40;
    private static final int NAME_BYTES = 16;
    private static final int DEFAULT_SLACK = 50_000;
    private static final int LAST_CAPABILITY = 40;

    static long run(Task task, long[] a) {
        switch ((int) a[0]) {
            case PR_SET_PDEATHSIG -> {
                if (a[1] != 0 && !Signal.valid((int) a[1])) {
                    return -Errno.EINVAL;
                }
                task.parentDeathSignal = (int) a[1];
                return 0;
            }
            case PR_GET_PDEATHSIG -> {
                task.memory().write(task.address(a[1]), task.parentDeathSignal, 4);
                return 0;
            }
            case PR_GET_DUMPABLE -> {
                return 1;
            }
            case PR_SET_DUMPABLE -> {
                return a[1] == 0 || a[1] == 1 ? 0 : -Errno.EINVAL;
            }
            case PR_GET_KEEPCAPS, PR_GET_NO_NEW_PRIVS -> {
                return 0;
            }
            case PR_SET_KEEPCAPS, PR_SET_TIMERSLACK, PR_SET_NO_NEW_PRIVS -> {
                return 0;
            }
            case PR_GET_TIMERSLACK -> {
                return DEFAULT_SLACK;
            }
            case PR_SET_NAME -> {
                byte[] name = new byte[NAME_BYTES];
                int length = 0;
                while (length < NAME_BYTES - 1) {
                    byte b = (byte) task.memory().read(task.address(a[1]) + length, 1);
                    if (b == 0) {
                        break;
                    }
                    name[length++] = b;
                }
                task.setName(Arrays.copyOf(name, length));
                return 0;
            }
            case PR_GET_NAME -> {
                task.memory().write(task.address(a[1]), Arrays.copyOf(task.name(), NAME_BYTES), 0, NAME_BYTES);
                return 0;
            }
            case PR_CAPBSET_READ -> {
                return a[1] < 0 || a[1] > LAST_CAPABILITY ? -Errno.EINVAL : 1;
            }
            case PR_SET_CHILD_SUBREAPER -> {
                synchronized (task.kernel().lock) {
                    task.process().subreaper = a[1] != 0;
                }
                return 0;
            }
            case PR_GET_CHILD_SUBREAPER -> {
                task.memory().write(task.address(a[1]), task.process().subreaper ? 1 : 0, 4);
                return 0;
            }
            case PR_GET_TID_ADDRESS -> {
                task.memory()
                        .write(
                                task.address(a[1]),
                                task.clearChildTid,
                                task.abi().wordSize());
                return 0;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
    }
}
