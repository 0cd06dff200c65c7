package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.memory.AddressSpace;

/**
 * clone(2) in all its forms.
 *
 * @param flags {@code CLONE_*} without the exit signal
 * @param exitSignal what the parent is sent at the end
 * @param stack the child's stack pointer, or 0 for the parent's
 * @param parentTid where CLONE_PARENT_SETTID writes
 * @param childTid where CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID write
 * @param pidfd where CLONE_PIDFD writes
 */
record Cloning(long flags, int exitSignal, long stack, long tls, long parentTid, long childTid, long pidfd) {
    static final long CLONE_VM = 0x100;
    static final long CLONE_FS = 0x200;
    static final long CLONE_FILES = 0x400;
    static final long CLONE_SIGHAND = 0x800;
    static final long CLONE_PIDFD = 0x1000;
    static final long CLONE_VFORK = 0x4000;
    static final long CLONE_PARENT = 0x8000;
    static final long CLONE_THREAD = 0x1_0000;
    static final long CLONE_NEWNS = 0x2_0000;
    static final long CLONE_SETTLS = 0x8_0000;
    static final long CLONE_PARENT_SETTID = 0x10_0000;
    static final long CLONE_CHILD_CLEARTID = 0x20_0000;
    static final long CLONE_CHILD_SETTID = 0x100_0000;
    static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;
    private static final long NAMESPACES = 0x7E02_0000L | 0x80;
    private static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;

    private boolean has(long flag) {
        return (flags & flag) != 0;
    }

    private void check() {
        if (has(CLONE_THREAD) && !has(CLONE_SIGHAND)
                || has(CLONE_SIGHAND) && !has(CLONE_VM)
                || has(CLONE_SIGHAND) && has(CLONE_CLEAR_SIGHAND)
                || has(CLONE_FS) && has(CLONE_NEWNS)
                || has(CLONE_THREAD) && has(CLONE_PIDFD)
                || exitSignal < 0
                || exitSignal > Signal.MAX) {
            throw new Errno(Errno.EINVAL);
        }
        if ((flags & NAMESPACES) != 0) {
            throw new Errno(Errno.EPERM);
        }
        if (has(CLONE_INTO_CGROUP)) {
            throw new Errno(Errno.EOPNOTSUPP);
        }
    }

    /** Makes the child and starts it; its id. */
    long run(Task parent) {
        check();
        Kernel kernel = parent.kernel();
        Process old = parent.process();
        GuestMemory parentMemory = parent.memory();

        Shared<AddressSpace> memory = null;
        Process process = old;
        if (!has(CLONE_THREAD)) {
            memory = has(CLONE_VM)
                    ? old.memory.retain()
                    : new Shared<>(old.memory().fork(), AddressSpace::close);
        }
        Shared<FileTable> files = has(CLONE_FILES)
                ? parent.files.retain()
                : new Shared<>(parent.files().copy(), FileTable::close);
        Shared<FileContext> context = has(CLONE_FS)
                ? parent.context.retain()
                : new Shared<>(parent.fileContext().copy(), FileContext::close);
        AddressSpace space = memory == null ? old.memory() : memory.value();
        Cpu cpu = kernel.engine().isa().newCpu(space);
        kernel.engine().isa().copyState(parent.cpu(), cpu);
        kernel.abi().finishSyscall(cpu, 0);
        if (stack != 0) {
            kernel.abi().setStackPointer(cpu, stack);
        }
        if (has(CLONE_SETTLS)) {
            kernel.abi().setThreadPointer(cpu, tls);
        }
        Task child;
        int id;
        try {
            synchronized (kernel.lock) {
                if (old.exiting || parent.killed) {
                    throw new Errno(Errno.ERESTARTNOINTR);
                }
                id = kernel.newId();
                if (memory != null) {
                    process = newProcess(parent, id, memory);
                }
                child = new Task(process, id, cpu, files, context);
                child.inherit(parent, !has(CLONE_VM) || has(CLONE_VFORK));
                kernel.register(child);
                if (memory != null) {
                    kernel.register(process);
                    Process adopter = process.parent;
                    if (adopter != null) {
                        adopter.children.add(process);
                    }
                }
                if (has(CLONE_CHILD_CLEARTID)) {
                    child.clearChildTid = childTid;
                }
                if (has(CLONE_VFORK)) {
                    process.vforkParent = parent;
                }
                child.signals.update();
            }
        } catch (Errno e) {
            files.release();
            context.release();
            if (memory != null) {
                memory.release();
            }
            throw e;
        }
        space.attach(cpu);
        kernel.engine().attach(cpu);
        if (has(CLONE_PARENT_SETTID)) {
            parentMemory.write(parentTid, id, 4);
        }
        if (has(CLONE_CHILD_SETTID)) {
            space.write(childTid, id, 4);
        }
        if (has(CLONE_PIDFD)) {
            parentMemory.write(pidfd, kernel.options().pidfd().open(parent, process), 4);
        }
        kernel.threads().start(child);
        if (has(CLONE_VFORK)) {
            awaitVfork(parent, process);
        }
        return id;
    }

    private Process newProcess(Task parent, int pid, Shared<AddressSpace> memory) {
        Process old = parent.process();
        SignalActions actions = has(CLONE_SIGHAND) ? old.actions : old.actions.copy();
        if (has(CLONE_CLEAR_SIGHAND)) {
            actions.clearHandlers();
        }
        Process process = new Process(
                old.kernel(), pid, has(CLONE_PARENT) ? old.exitSignal : exitSignal, memory, actions, old.limits.copy());
        process.parent = has(CLONE_PARENT) ? old.parent : old;
        process.group = old.group;
        process.session = old.session;
        process.initialStack = old.initialStack;
        process.setExecutable(old.executable());
        return process;
    }

    /** Until the child has memory of its own or has ended; of signals only the deadly ones cut it short. */
    private static void awaitVfork(Task parent, Process child) {
        Object lock = parent.kernel().lock;
        while (true) {
            synchronized (lock) {
                if (child.vforkParent == null) {
                    return;
                }
            }
            if (!parent.awaitKillable()) {
                synchronized (lock) {
                    child.vforkParent = null;
                }
                return;
            }
        }
    }
}
