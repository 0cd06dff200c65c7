package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.memory.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Harts, RAM at {@link #RAM} and a device whose register ends the test: what a guest's program needs to be observed. */
final class Bench implements AutoCloseable {
    static final long RAM = 0x8000_0000L;
    static final long END = 0x10_0000L;
    static final long FREQUENCY = 10_000_000;
    private static final long SIZE = 4 << 20;

    final Chassis chassis = new Chassis();
    final Riscv isa;
    final Engine engine;
    final List<Hart> harts = new ArrayList<>();
    final RamBlock ram = chassis.newRam("ram", SIZE);
    private final CountDownLatch ended = new CountDownLatch(1);
    Map<String, Long> labels = Map.of();

    Bench(Engine.Tiers tiers, int xlen, int count) {
        this(tiers, xlen, count, SystemOptions.generic(xlen));
    }

    Bench(Engine.Tiers tiers, int xlen, int count, SystemOptions options) {
        isa = Riscv.of(xlen, Extensions.GC.with(Extension.V, Extension.ZIHPM)).withSystem(options);
        engine = new Engine(isa, tiers);
        chassis.lock().lock();
        try {
            chassis.systemMemory().add(RAM, Ram.of(ram));
            chassis.systemMemory().add(END, new Mmio("end", 4096, AccessRule.ANY, new Registers() {
                @Override
                public long read(long offset, int size) {
                    return 0x55;
                }

                @Override
                public void write(long offset, long value, int size) {
                    ended.countDown();
                }
            }));
        } finally {
            chassis.lock().unlock();
        }
        chassis.memory()
                .setWriteObserver((host, bytes) ->
                        engine.dropCode(host & -4096L, (host + bytes + 4095 & -4096L) - (host & -4096L)));
        for (int i = 0; i < count; i++) {
            Hart hart = new Hart(i, chassis, engine, isa, FREQUENCY);
            hart.setStart(new Hart.Start(RAM, i, 0, false));
            harts.add(hart);
            chassis.add(hart);
        }
    }

    /** Puts a program at {@link #RAM}. */
    Bench load(String text) throws AssemblyException {
        Assembler.Program program = new Assembler(isa.table(), isa.operands()).assemble(text, RAM);
        labels = program.labels();
        RawMemory.copyIn(program.code(), 0, ram.address(), program.code().length);
        return this;
    }

    /** Runs from reset until the program writes to {@link #END}, and stops. */
    Bench run() throws InterruptedException {
        chassis.powerOn();
        return goOn();
    }

    /** Runs until the program writes to {@link #END}, and stops. */
    Bench goOn() throws InterruptedException {
        chassis.resume();
        ended.await();
        chassis.pause();
        return this;
    }

    long memory(long address) {
        return RawMemory.getLong(ram.address() + (address - RAM));
    }

    void memory(long address, long value) {
        RawMemory.putLong(ram.address() + (address - RAM), value);
    }

    /** x{n} of hart 0. */
    long x(int n) {
        return harts.getFirst().cpu().r[n];
    }

    @Override
    public void close() {
        chassis.close();
        engine.close();
    }
}
