package dev.rhea.arch.riscv.system;

import java.util.Locale;

/** A trap as {@code -d int} tells of it: in the reference's form, a line for each. */
final class TrapText {
    private static final String[] EXCEPTIONS = {
        "misaligned_fetch",
        "fault_fetch",
        "illegal_instruction",
        "breakpoint",
        "misaligned_load",
        "fault_load",
        "misaligned_store",
        "fault_store",
        "user_ecall",
        "supervisor_ecall",
        "hypervisor_ecall",
        "machine_ecall",
        "exec_page_fault",
        "load_page_fault",
        "reserved",
        "store_page_fault",
    };

    private TrapText() {}

    /** @param value what goes to {@code mtval} or {@code stval} */
    static String of(SystemCpu cpu, int code, long value, boolean interrupt) {
        int digits = cpu.xlen / 4;
        return String.format(
                Locale.ROOT,
                "riscv_cpu_do_interrupt: hart:%d, async:%d, cause:%s, epc:0x%s, tval:0x%s, desc=%s%n",
                cpu.hartId,
                interrupt ? 1 : 0,
                hex(code, digits),
                hex(cpu.pc & cpu.registerMask(), digits),
                hex(value & cpu.registerMask(), digits),
                interrupt ? interrupt(code) : exception(code));
    }

    private static String exception(int code) {
        return code < EXCEPTIONS.length ? EXCEPTIONS[code] : "(unknown)";
    }

    private static String interrupt(int code) {
        return switch (code) {
            case 1 -> "s_software";
            case 3 -> "m_software";
            case 5 -> "s_timer";
            case 7 -> "m_timer";
            case 9 -> "s_external";
            case 11 -> "m_external";
            default -> "(unknown)";
        };
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
