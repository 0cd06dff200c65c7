package dev.rhea.user.process;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.memory.AddressSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** execve(2): a new program in place of the old one. */
final class Exec {
    private Exec() {}

    /**
     * Replaces the calling process's program.
     *
     * @param file the opened program; closed here
     */
    static void run(Task task, ExecFile file, List<byte[]> arguments, List<byte[]> environment) {
        ProgramLoader.Image image;
        Script.Program program = Script.resolve(file, arguments, name -> ExecFile.open(task, name));
        try {
            if (HostProgram.isForeign(program.file(), task.abi())) {
                beAlone(task);
                HostProgram.become(task, program.file(), program.arguments(), environment);
                return;
            }
            image = load(
                    task.kernel(),
                    program,
                    file.name(),
                    environment,
                    task.process().limits().soft(Limits.RLIMIT_STACK));
        } finally {
            program.file().close();
        }
        try {
            beAlone(task);
        } catch (Errno e) {
            image.memory().close();
            throw e;
        }
        become(task, image, program.file());
    }

    private static ProgramLoader.Image load(
            Kernel kernel, Script.Program program, byte[] name, List<byte[]> environment, long stackBytes) {
        var request = new ProgramLoader.Request(name, program.arguments(), environment, stackBytes);
        return kernel.options().loader().load(kernel, program.file().hostFd(), request);
    }

    /** Ends all other tasks of the process; this one becomes its first. */
    private static void beAlone(Task task) {
        Process process = task.process();
        Kernel kernel = task.kernel();
        synchronized (kernel.lock) {
            if (process.exiting || task.killed || process.execing != null) {
                throw new Errno(Errno.ERESTARTNOINTR);
            }
            if (process.tasks.size() > 1) {
                process.execing = task;
                for (Task other : process.tasks) {
                    if (other != task) {
                        other.killed = true;
                        other.askForAttention();
                    }
                }
                process.wakeStopped();
            }
        }
        while (true) {
            synchronized (kernel.lock) {
                if (process.tasks.size() == 1) {
                    process.execing = null;
                    if (task.tid() != process.pid()) {
                        kernel.rename(task, process.pid());
                    }
                    return;
                }
                if (process.exiting) {
                    process.execing = null;
                    throw new Errno(Errno.ERESTARTNOINTR);
                }
            }
            task.awaitKillable();
        }
    }

    private static void become(Task task, ProgramLoader.Image image, ExecFile program) {
        Process process = task.process();
        Kernel kernel = task.kernel();
        TaskEnd.releaseUserMemory(task);
        Shared<AddressSpace> old = process.memory;
        Cpu oldCpu = task.cpu();
        kernel.engine().detach(oldCpu);
        old.value().detach(oldCpu);
        Cpu cpu = kernel.engine().isa().newCpu(image.memory());
        kernel.abi().startProgram(cpu, image.entry(), image.stack());
        image.memory().attach(cpu);
        kernel.engine().attach(cpu);
        process.timers.closePosix();
        if (task.files.isShared()) {
            Shared<FileTable> own = new Shared<>(task.files().copy(), FileTable::close);
            task.files.release();
            task.files = own;
        }
        task.files().closeOnExec();
        synchronized (kernel.lock) {
            task.setCpu(cpu);
            process.memory = new Shared<>(image.memory(), AddressSpace::close);
            process.actions = process.actions.copy();
            process.actions.resetHandlers();
            process.executed = true;
            task.signals.setAltStack(0, TaskSignals.SS_DISABLE, 0);
        }
        task.parentDeathSignal = 0;
        process.initialStack = image.stack();
        process.setExecutable(new String(program.path(), StandardCharsets.ISO_8859_1));
        task.setName(program.shortName());
        kernel.traces().loaded(image);
        old.release();
        TaskEnd.releaseVforkParent(process);
    }

    /** The first program of a kernel: a process without a parent among guests, with the JVM's own pid. */
    static Process first(
            Kernel kernel, ExecFile file, List<byte[]> arguments, List<byte[]> environment, FirstProcess host) {
        ProgramLoader.Image image;
        Limits limits = Limits.inheriting();
        long asked = kernel.options().stackBytes();
        Script.Program program =
                Script.resolve(file, arguments, name -> ExecFile.openAbsolute(kernel, host.absolute(name), name));
        try {
            image = load(
                    kernel, program, file.name(), environment, asked != 0 ? asked : limits.soft(Limits.RLIMIT_STACK));
        } finally {
            program.file().close();
        }
        return host.start(kernel, image, program.file(), limits);
    }
}
