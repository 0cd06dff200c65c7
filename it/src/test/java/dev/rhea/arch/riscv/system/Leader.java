package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Exit;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.util.function.Supplier;

/** Writes down what its hart meets. */
final class Leader implements Outside {
    private final Journal journal;

    Leader(Journal journal) {
        this.journal = journal;
    }

    private long note(String what, long value) {
        journal.add(new Journal.Exchange(what, 0, 8, value, false));
        return value;
    }

    @Override
    public long time(long now) {
        return note("time", now);
    }

    @Override
    public long counter(long now) {
        return note("counter", now);
    }

    @Override
    public long entropy(long fresh) {
        return note("entropy", fresh);
    }

    @Override
    public long pending(long now) {
        return note("pending", now);
    }

    @Override
    public long read(AddressSpace memory, long address, int size) throws BusError {
        try {
            long value = memory.read(address, size);
            journal.add(new Journal.Exchange("read", address, size, value, false));
            return value;
        } catch (BusError e) {
            journal.add(new Journal.Exchange("read", address, size, -1, true));
            throw e;
        }
    }

    @Override
    public void write(AddressSpace memory, long address, long value, int size) throws BusError {
        try {
            memory.write(address, value, size);
            journal.add(new Journal.Exchange("write", address, size, value, false));
        } catch (BusError e) {
            journal.add(new Journal.Exchange("write", address, size, value, true));
            throw e;
        }
    }

    @Override
    public Exit run(Supplier<Exit> guest, SystemCpu cpu) {
        try {
            long pending = cpu.pending();
            if (cpu.traps.isInterrupted(pending)) {
                journal.add(Journal.Moment.of(cpu, Journal.Kind.INTERRUPT, pending));
                cpu.traps.interrupt(pending);
            }
            Exit exit = guest.get();
            journal.add(Journal.Moment.of(cpu, exit == Exit.TRAP ? Journal.Kind.TRAP : Journal.Kind.PAUSE, 0));
            return exit;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
