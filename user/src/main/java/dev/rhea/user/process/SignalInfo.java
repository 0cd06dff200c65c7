package dev.rhea.user.process;

/**
 * A signal with what comes along, in the fields of {@code siginfo_t}; what a field means depends on {@link #code}
 * (sigaction(2)).
 *
 * @param number 1 to 64
 * @param code {@code si_code}
 * @param pid {@code si_pid}, or the timer's id
 * @param uid {@code si_uid}, or the timer's overrun
 * @param value {@code si_value}, or {@code si_addr}
 * @param status {@code si_status} of SIGCHLD
 */
public record SignalInfo(int number, int code, int pid, int uid, long value, int status) {}
