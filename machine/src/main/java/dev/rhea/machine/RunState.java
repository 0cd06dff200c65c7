package dev.rhea.machine;

/** What a machine is doing, in the reference's words. */
public enum RunState {
    /** Built, not started: {@code -S}. */
    PRELAUNCH("prelaunch", "paused (prelaunch)"),
    RUNNING("running", "running"),
    PAUSED("paused", "paused"),
    /** The guest switched itself off and {@code -no-shutdown} keeps the machine. */
    SHUTDOWN("shutdown", "paused (shutdown)"),
    /** Something in Rhea went wrong; the machine cannot go on. */
    INTERNAL_ERROR("internal-error", "paused (internal-error)"),
    /** The guest said that it panicked. */
    GUEST_PANICKED("guest-panicked", "paused (guest-panicked)");

    private final String text;
    private final String status;

    RunState(String text, String status) {
        this.text = text;
        this.status = status;
    }

    /** As QMP's {@code query-status} says it. */
    public String text() {
        return text;
    }

    /** As the monitor's {@code info status} says it. */
    public String status() {
        return status;
    }
}
