package dev.rhea.user.process;

/** stub */
final class Strace {
    Strace(Kernel kernel) {}
    void enter(Task task, int number, long[] a) {}
    void leave(Task task, int number, long[] a, long result) {}
    void signal(Task task, SignalInfo info) {}
}
