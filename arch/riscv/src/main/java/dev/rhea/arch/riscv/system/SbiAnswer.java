package dev.rhea.arch.riscv.system;

/** What a call returns: {@code sbiret}, chapter "Binary Encoding". @param value means something if there is no error */
record SbiAnswer(long error, long value) {
    private static final int SUCCESS = 0;

    static final int ERR_FAILED = -1;
    static final int ERR_NOT_SUPPORTED = -2;
    static final int ERR_INVALID_PARAM = -3;
    static final int ERR_INVALID_ADDRESS = -5;
    static final int ERR_ALREADY_AVAILABLE = -6;

    static final SbiAnswer OK = new SbiAnswer(SUCCESS, 0);

    static SbiAnswer of(long value) {
        return new SbiAnswer(SUCCESS, value);
    }

    /** @param code one of the {@code ERR} constants */
    static SbiAnswer error(int code) {
        return new SbiAnswer(code, 0);
    }
}
