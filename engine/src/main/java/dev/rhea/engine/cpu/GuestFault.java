package dev.rhea.engine.cpu;

/**
 * Unwinds to the execution loop because the guest's instruction faulted. A guest fault is the guest's business and no bug
 * of ours: it carries no stack trace and is allocated once per {@link Cpu}. What happened is in {@link Cpu#trap} and
 * {@link Cpu#trapValue}; thrown by {@code throw cpu.fault(code, value)}.
 */
public final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    GuestFault() {
        super("guest fault", null, false, false);
    }
}
