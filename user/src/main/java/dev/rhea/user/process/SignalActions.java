package dev.rhea.user.process;

import java.util.Arrays;

/** The actions of all signals, shared by tasks cloned with CLONE_SIGHAND. Guarded by the kernel's lock. */
final class SignalActions {
    private final SignalAction[] actions = new SignalAction[Signal.MAX + 1];

    SignalActions() {
        Arrays.fill(actions, SignalAction.INITIAL);
    }

    SignalAction get(int signal) {
        return actions[signal];
    }

    void set(int signal, SignalAction action) {
        actions[signal] = action;
    }

    /** For fork. */
    SignalActions copy() {
        SignalActions copy = new SignalActions();
        System.arraycopy(actions, 0, copy.actions, 0, actions.length);
        return copy;
    }

    /** For execve: handlers go, what was ignored stays so. */
    void resetHandlers() {
        for (int i = 1; i <= Signal.MAX; i++) {
            if (actions[i].isHandler()) {
                actions[i] = SignalAction.INITIAL;
            } else if (actions[i].handler() == SignalAction.IGNORE) {
                actions[i] = new SignalAction(SignalAction.IGNORE, 0, 0, 0);
            }
        }
    }

    /** For clone with CLONE_CLEAR_SIGHAND. */
    void clearHandlers() {
        for (int i = 1; i <= Signal.MAX; i++) {
            if (actions[i].isHandler()) {
                actions[i] = SignalAction.INITIAL;
            }
        }
    }
}
