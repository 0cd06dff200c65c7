package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.log.ExecutionLog;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.log.LogItem;
import dev.rhea.user.log.CallObserver;
import dev.rhea.user.log.PageLog;
import org.jspecify.annotations.Nullable;

/** Those traces of {@code -d} that follow tasks; costs nothing where they are not wanted. */
final class Traces {
    private final Log log;
    private final Engine engine;
    private final @Nullable ExecutionLog execution;
    private final boolean pages;
    private final boolean faults;
    private volatile @Nullable CallObserver observer;

    Traces(Log log, Engine engine, LinuxAbi abi) {
        this.log = log;
        this.engine = engine;
        execution = log.followsExecution() ? new ExecutionLog(log, engine, abi::registerNames, abi.wordSize()) : null;
        pages = log.has(LogItem.PAGE);
        faults = log.has(LogItem.INT) || log.has(LogItem.GUEST_ERRORS) || log.has(LogItem.INVALID_MEM);
    }

    /** Runs guest code, told of or not. */
    Exit run(Task task) {
        return execution == null
                ? engine.run(task.cpu())
                : execution.run(task.cpu(), task.tid() - task.process().pid());
    }

    /** Has somebody told of all calls from now on. */
    void observe(CallObserver who) {
        observer = who;
    }

    /** A system call is about to be served; its result where somebody else has done so, or null. */
    @Nullable
    Long calls(Task task, int number, long[] arguments) {
        CallObserver who = observer;
        return who == null
                ? null
                : who.calls(new CallObserver.Moment(
                        task.process().pid(), task.tid(), number, arguments, task.cpu(), task.memory()));
    }

    /** A system call has been served. */
    void called(Task task, int number) {
        if (pages) {
            String name = task.abi().syscallName(number);
            if (name != null && PageLog.isChangedBy(name)) {
                PageLog.changed(log, task.memory().maps(), name);
            }
        }
    }

    /** A program is ready to run. */
    void loaded(ProgramLoader.Image image) {
        if (pages) {
            PageLog.changed(log, image.memory().maps(), "binary load");
            StringBuilder s = new StringBuilder();
            Log.hex16(s.append("start_stack 0x"), image.stack());
            Log.hex16(s.append("\nentry       0x"), image.entry()).append('\n');
            log.write(s);
        }
    }

    /** An instruction raised a signal. */
    void fault(Task task, SignalInfo info) {
        if (faults) {
            StringBuilder s = new StringBuilder()
                    .append(task.tid())
                    .append(": exception ")
                    .append(task.cpu().trap);
            Log.hex16(s.append(", value 0x"), task.cpu().trapValue);
            Log.hex16(s.append(", pc 0x"), task.cpu().pc);
            s.append(": ")
                    .append(Signal.name(info.number()))
                    .append(", si_code ")
                    .append(info.code())
                    .append('\n');
            log.write(s);
        }
    }
}
