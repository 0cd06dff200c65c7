package dev.rhea.cli;

/** What {@code -d} can name. */
enum LogItem {
    IN_ASM("in_asm", "guest instructions as they are first decoded"),
    EXEC("exec", "the address of each block before it runs"),
    CPU("cpu", "registers before each block"),
    INT("int", "exceptions"),
    STRACE("strace", "system calls, their arguments and results"),
    PAGE("page", "the memory map when it changes"),
    UNIMP("unimp", "what is not implemented, once each"),
    GUEST_ERRORS("guest_errors", "what the guest did wrong"),
    NOCHAIN("nochain", "blocks return to the loop, so that exec and cpu are complete");

    private final String text;
    private final String help;

    LogItem(String text, String help) {
        this.text = text;
        this.help = help;
    }

    /** The word on the command line. */
    String text() {
        return text;
    }

    /** One line. */
    String help() {
        return help;
    }
}
