package dev.rhea.engine.log;

/** What {@code -d} can name. */
public enum LogItem {
    IN_ASM("in_asm", "guest instructions as they are first decoded, block by block"),
    OP("op", "what these instructions mean to the engine: its operations"),
    INT("int", "exceptions and interrupts: cause, address, pc"),
    EXEC("exec", "where each stretch between taken branches begins, before it runs"),
    CPU("cpu", "integer registers before each such stretch"),
    FPU("fpu", "floating-point registers as well, with 'cpu'"),
    UNIMP("unimp", "what is not implemented: system calls, once each"),
    GUEST_ERRORS("guest_errors", "what the guest did wrong: its faults, as 'int' tells them"),
    INVALID_MEM("invalid_mem", "accesses to memory that is not there, as 'int' tells them"),
    PAGE("page", "the memory map of a program, after it was loaded and whenever it changes"),
    NOCHAIN("nochain", "accepted: 'exec' and 'cpu' are always complete"),
    STRACE("strace", "system calls, their arguments and results, and signals");

    private final String text;
    private final String help;

    LogItem(String text, String help) {
        this.text = text;
        this.help = help;
    }

    /** The word on the command line. */
    public String text() {
        return text;
    }

    /** One line. */
    public String help() {
        return help;
    }
}
