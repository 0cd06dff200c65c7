package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.ir.Global;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives its hart what another one met, and compares both at each trap, each interrupt and each access to a device. */
final class Follower implements Outside {
    /** No stretch of the interpreter is longer: it ends at a taken branch, or where two pages' worth of instructions had none. */
    private static final long STRETCH = 10_000;

    /** Of a hart's state what belongs to its surroundings, or follows from the number of instructions. */
    private static final Set<String> OTHERS = Set.of("lines", "cycle", "instret");

    private final Journal journal;
    private final Engine engine;
    private final List<Global> names;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile long moments;

    /** @param engine its hart's */
    Follower(Journal journal, Engine engine, List<Global> names) {
        this.journal = journal;
        this.engine = engine;
        this.names = names;
    }

    /** Completes where the journal ends, or with the first difference; not where its machine ends before, by a call to firmware. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** How many traps and interrupts were the same, once it or its machine has ended. */
    long moments() throws InterruptedException {
        if (journal.nextMoment() != null) {
            throw differs("it ended, the other went on");
        }
        return moments;
    }

    @Override
    public boolean waits() {
        return false;
    }

    // ---- what comes and goes

    private Journal.Exchange next(String what, long address, int size) {
        Journal.Exchange next = journal.nextExchange();
        if (next == null || !next.what().equals(what) || next.address() != address || next.size() != size) {
            throw differs("it does '" + what + "' at 0x" + Long.toHexString(address) + " (" + size
                    + " bytes), the other " + next);
        }
        return next;
    }

    @Override
    public long time(long now) {
        return next("time", 0, 8).value();
    }

    @Override
    public long entropy(long fresh) {
        return next("entropy", 0, 8).value();
    }

    @Override
    public long counter(long now) {
        return next("counter", 0, 8).value();
    }

    @Override
    public long pending(long now) {
        return next("pending", 0, 8).value();
    }

    @Override
    public long read(AddressSpace memory, long address, int size) throws BusError {
        Journal.Exchange next = next("read", address, size);
        if (next.isError()) {
            throw new BusError(address);
        }
        return next.value();
    }

    @Override
    public void write(AddressSpace memory, long address, long value, int size) throws BusError {
        Journal.Exchange next = next("write", address, size);
        if (next.value() != value) {
            throw differs(String.format("it writes %x to 0x%x, the other %x", value, address, next.value()));
        }
        if (next.isError()) {
            throw new BusError(address);
        }
        if (memory.host(address, size) != 0) {
            memory.write(address, value, size);
        }
    }

    // ---- the course

    @Override
    public Exit run(Supplier<Exit> guest, SystemCpu cpu) {
        if (end.isDone()) {
            return idle();
        }
        try {
            Journal.Moment next = journal.nextMoment();
            if (next == null) {
                end.complete(null);
                return idle();
            }
            boolean trap = next.kind() == Journal.Kind.TRAP;
            Exit exit = trap ? runToTrap(next, cpu) : runUpTo(next.executed(), cpu);
            compare(next, Journal.Moment.of(cpu, next.kind(), next.pending()));
            moments++;
            if (next.kind() == Journal.Kind.INTERRUPT) {
                if (!cpu.traps.interrupt(next.pending())) {
                    throw differs("it does not take the interrupt, pending " + Long.toHexString(next.pending()));
                }
            }
            return exit;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException | Error e) {
            journal.abandon();
            end.completeExceptionally(e);
            return Exit.POLL;
        }
    }

    /** There is nothing more to do; the machine is closed soon. */
    private static Exit idle() {
        Thread.onSpinWait();
        return Exit.POLL;
    }

    private Exit runUpTo(long executed, SystemCpu cpu) {
        while (cpu.executed < executed) {
            Exit exit = executed - cpu.executed > STRETCH ? engine.runStretch(cpu) : engine.step(cpu);
            if (exit == Exit.TRAP) {
                throw differs("it traps (" + cpu.trap + ") after " + cpu.executed + " instructions at 0x"
                        + Long.toHexString(cpu.pc) + ", the other is interrupted after " + executed);
            }
        }
        return Exit.POLL;
    }

    private Exit runToTrap(Journal.Moment next, SystemCpu cpu) {
        while (engine.runStretch(cpu) != Exit.TRAP) {
            if (cpu.executed > next.executed()) {
                throw differs("it goes on at 0x" + Long.toHexString(cpu.pc) + " after " + cpu.executed
                        + " instructions, the other traps (" + next.trap() + ") after " + next.executed() + " at 0x"
                        + Long.toHexString(next.state().pc()));
            }
        }
        return Exit.TRAP;
    }

    // ---- comparing

    private AssertionError differs(String how) {
        return new AssertionError("after " + moments + " traps and interrupts: " + how);
    }

    private void compare(Journal.Moment theirs, Journal.Moment mine) {
        same("instructions", theirs.executed(), mine.executed());
        same("trap", theirs.trap(), mine.trap());
        same("trap value", theirs.trapValue(), mine.trapValue());
        try {
            for (RecordComponent part : HartState.class.getRecordComponents()) {
                if (!OTHERS.contains(part.getName())) {
                    Object a = part.getAccessor().invoke(theirs.state());
                    Object b = part.getAccessor().invoke(mine.state());
                    if (!Objects.deepEquals(a, b)) {
                        throw differs(part.getName() + ", " + difference(a, b) + "; pc 0x"
                                + Long.toHexString(mine.state().pc()));
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void same(String what, long theirs, long mine) {
        if (theirs != mine) {
            throw differs(String.format("%s %x, the other's %x", what, mine, theirs));
        }
    }

    private String difference(@Nullable Object theirs, @Nullable Object mine) {
        if (theirs instanceof long[] a && mine instanceof long[] b && a.length == b.length) {
            for (int i = 0; i < a.length; i++) {
                if (a[i] != b[i]) {
                    String name = i < names.size() ? names.get(i).name() : "";
                    return String.format(
                            "the one numbered %d (%s if it is a register): %x, the other's %x", i, name, b[i], a[i]);
                }
            }
        }
        return mine + ", the other's " + theirs;
    }
}
