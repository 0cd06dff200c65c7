package dev.rhea.machine;

/** Why a machine ends or restarts, in the reference's words. */
public enum ShutdownCause {
    GUEST_SHUTDOWN("guest-shutdown", true),
    GUEST_RESET("guest-reset", true),
    GUEST_PANIC("guest-panic", true),
    HOST_QMP_QUIT("host-qmp-quit", false),
    HOST_QMP_SYSTEM_RESET("host-qmp-system-reset", false),
    HOST_SIGNAL("host-signal", false),
    HOST_UI("host-ui", false),
    HOST_ERROR("host-error", false);

    private final String text;
    private final boolean byGuest;

    ShutdownCause(String text, boolean byGuest) {
        this.text = text;
        this.byGuest = byGuest;
    }

    public String text() {
        return text;
    }

    public boolean isByGuest() {
        return byGuest;
    }
}
