package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The controlling terminals of the guests' sessions, as {@code drivers/tty}'s manual pages have it. The host's kernel knows
 * no session of ours, so what it would do for a terminal's session and foreground group is done here.
 */
public final class Terminals {
    private final Kernel kernel;
    private final Terminal host = new Terminal(Terminal.HOST);
    private final Map<Integer, Terminal> pseudo = new HashMap<>();

    Terminals(Kernel kernel) {
        this.kernel = kernel;
        host.session = HostCalls.getsid(0);
        host.foreground = HostCalls.getpgid(0);
    }

    Terminal host() {
        return host;
    }

    /** The terminal with this {@link Terminal#number}. @throws Errno ENOTTY for {@link Terminal#NONE} */
    public Terminal find(int number) {
        if (number == Terminal.NONE) {
            throw new Errno(Errno.ENOTTY);
        }
        if (number == Terminal.HOST) {
            return host;
        }
        synchronized (kernel.lock) {
            return pseudo.computeIfAbsent(number, Terminal::new);
        }
    }

    /** What {@code /dev/tty} is for a process, or null. */
    public @Nullable Terminal of(Process process) {
        synchronized (kernel.lock) {
            for (Terminal terminal : pseudo.values()) {
                if (terminal.session == process.session) {
                    return terminal;
                }
            }
            return host.session == process.session && hostIsControlled() ? host : null;
        }
    }

    /** Whether the JVM has a controlling terminal: the seventh field of its stat. */
    private static boolean hostIsControlled() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            return !stat.substring(stat.lastIndexOf(')') + 2).split(" ")[4].equals("0");
        } catch (IOException e) {
            return false;
        }
    }

    /** TIOCGPGRP. @param master asked from the other side, where it need not be the caller's. @throws Errno ENOTTY */
    public int foreground(Task caller, Terminal terminal, boolean master) {
        synchronized (kernel.lock) {
            checkOwn(caller, terminal, master);
            return terminal.foreground;
        }
    }

    /** TIOCGSID. @throws Errno ENOTTY */
    public int session(Task caller, Terminal terminal, boolean master) {
        synchronized (kernel.lock) {
            checkOwn(caller, terminal, master);
            if (terminal.session == 0) {
                throw new Errno(Errno.ENOTTY);
            }
            return terminal.session;
        }
    }

    private static void checkOwn(Task caller, Terminal terminal, boolean master) {
        if (!master && caller.process().session != terminal.session) {
            throw new Errno(Errno.ENOTTY);
        }
    }

    /** TIOCSPGRP. @throws Errno ENOTTY where it is not the caller's terminal, ESRCH or EPERM for a group of no or another session */
    public void setForeground(Task caller, Terminal terminal, int group) {
        synchronized (kernel.lock) {
            checkOwn(caller, terminal, false);
            if (group < 0) {
                throw new Errno(Errno.EINVAL);
            }
            for (Process process : kernel.all()) {
                if (process.group == group) {
                    if (process.session != caller.process().session) {
                        throw new Errno(Errno.EPERM);
                    }
                    terminal.foreground = group;
                    return;
                }
            }
            // Whether there is such an id at all is all that ESRCH tells.
            throw new Errno(kernel.findTask(group) == null ? Errno.ESRCH : Errno.EPERM);
        }
    }

    /**
     * TIOCSCTTY.
     *
     * @param steal its argument is 1: from another session, if the caller may
     * @throws Errno EPERM where the caller leads no session or its session has a terminal, or this one has a session
     */
    public void acquire(Task caller, Terminal terminal, boolean steal) {
        synchronized (kernel.lock) {
            Process process = caller.process();
            boolean leader = process.session == process.pid();
            if (leader && terminal.session == process.session) {
                return;
            }
            boolean taken =
                    terminal.session != 0 && !(steal && kernel.credentials().privileged());
            if (!leader || terminal == host || taken || of(process) != null) {
                throw new Errno(Errno.EPERM);
            }
            terminal.session = process.session;
            terminal.foreground = process.group;
        }
    }

    /** A terminal was opened without O_NOCTTY: the leader of a session without one gets it, if it is free. */
    public void opened(Task caller, int number) {
        synchronized (kernel.lock) {
            Process process = caller.process();
            if (number >= 0 && process.session == process.pid()) {
                Terminal terminal = find(number);
                if (terminal.session == 0 && of(process) == null) {
                    acquire(caller, terminal, false);
                }
            }
        }
    }

    /** TIOCNOTTY: where the leader asks, the session has no terminal any more. @throws Errno ENOTTY where it is not the caller's */
    public void release(Task caller, Terminal terminal) {
        synchronized (kernel.lock) {
            checkOwn(caller, terminal, false);
            if (caller.process().session == caller.process().pid()) {
                leaderEnds(caller.process());
            }
        }
    }

    /** A session's leader ends: the foreground group hears of it, the terminal is free. Under the lock. */
    void leaderEnds(Process leader) {
        for (Terminal terminal : pseudo.values()) {
            if (terminal.session == leader.pid() && leader.session == leader.pid()) {
                int group = terminal.foreground;
                terminal.session = 0;
                terminal.foreground = 0;
                sendToGroup(group, SignalInfo.kernel(Signal.SIGHUP));
                sendToGroup(group, SignalInfo.kernel(Signal.SIGCONT));
            }
        }
    }

    /** The other side was closed: the session's leader hears of it; the number may become another terminal's. */
    public void hungUp(int number) {
        synchronized (kernel.lock) {
            Terminal terminal = pseudo.remove(number);
            if (terminal == null || terminal.session == 0) {
                return;
            }
            for (Process process : List.copyOf(kernel.all())) {
                if (process.pid() == terminal.session) {
                    SignalSending.toProcess(process, SignalInfo.kernel(Signal.SIGHUP));
                    SignalSending.toProcess(process, SignalInfo.kernel(Signal.SIGCONT));
                }
            }
        }
    }

    /** A key, a new size or the other side sends a signal to the foreground. */
    public void signal(Terminal terminal, int signal) {
        synchronized (kernel.lock) {
            sendToGroup(terminal.foreground, SignalInfo.kernel(signal));
        }
    }

    private void sendToGroup(int group, SignalInfo info) {
        if (group != 0) {
            kernel.sendToGroup(group, info);
        }
    }

    /**
     * What reading from the controlling terminal (or changing it) does to a background process: SIGTTIN (SIGTTOU) goes to its
     * group.
     *
     * @throws Errno ERESTARTSYS after the signal was sent, EIO where it is of no use
     */
    public void checkForeground(Task caller, Terminal terminal, int signal) {
        synchronized (kernel.lock) {
            Process process = caller.process();
            if (process.session != terminal.session || process.group == terminal.foreground) {
                return;
            }
            boolean deaf = process.actions.get(signal).handler() == SignalAction.IGNORE
                    || (caller.signals.mask() & Signal.bit(signal)) != 0;
            if (deaf && signal == Signal.SIGTTOU) {
                return;
            }
            if (deaf || Stops.orphaned(kernel, process.group)) {
                throw new Errno(Errno.EIO);
            }
            kernel.sendToGroup(process.group, SignalInfo.kernel(signal));
            throw new Errno(Errno.ERESTARTSYS);
        }
    }
}
