package dev.rhea.user.process;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.memory.AddressSpace;

/** What the first process gets from the host: the JVM's descriptors, directory, ignored signals, ids. */
final class FirstProcess {
    private final FileTable files;
    private final FileContext context;

    FirstProcess(FileTable files, FileContext context) {
        this.files = files;
        this.context = context;
    }

    /** A path seen from the first process's directory. */
    byte[] absolute(byte[] path) {
        if (path.length > 0 && path[0] == '/') {
            return path;
        }
        byte[] directory = context.path();
        byte[] result = java.util.Arrays.copyOf(directory, directory.length + 1 + path.length);
        result[directory.length] = '/';
        System.arraycopy(path, 0, result, directory.length + 1, path.length);
        return result;
    }

    Process start(Kernel kernel, ProgramLoader.Image image, ExecFile program, Limits limits) {
        int pid = kernel.hostPid();
        SignalActions actions = new SignalActions();
        HostStatusSignals.ignored(actions);
        var memory = new Shared<>(image.memory(), AddressSpace::close);
        Process process = new Process(kernel, pid, Signal.SIGCHLD, memory, actions, limits);
        process.group = HostCalls.getpgid(0);
        process.session = HostCalls.getsid(0);
        process.initialStack = image.stack();
        kernel.traces().loaded(image);
        process.setExecutable(new String(program.path(), java.nio.charset.StandardCharsets.ISO_8859_1));
        files.setLimit(limits.soft(Limits.RLIMIT_NOFILE) < 0 ? Long.MAX_VALUE : limits.soft(Limits.RLIMIT_NOFILE));
        Cpu cpu = kernel.engine().isa().newCpu(image.memory());
        kernel.abi().startProgram(cpu, image.entry(), image.stack());
        image.memory().attach(cpu);
        kernel.engine().attach(cpu);
        Task task = new Task(
                process, pid, cpu, new Shared<>(files, FileTable::close), new Shared<>(context, FileContext::close));
        task.setName(program.shortName());
        synchronized (kernel.lock) {
            kernel.register(process);
            kernel.register(task);
        }
        kernel.threads().start(task);
        return process;
    }
}
