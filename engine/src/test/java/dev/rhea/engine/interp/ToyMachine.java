package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A processor with a few pages of memory. Pages are mapped one by one, with rights. */
final class ToyMachine implements Mmu, AutoCloseable {
    static final int READ_FAULT = 100;
    static final int WRITE_FAULT = 101;
    static final int FETCH_FAULT = 102;
    /** Where {@link #load} puts code. */
    static final long CODE = 0x10000;
    /** Two pages that may be read and written. */
    static final long DATA = 0x20000;

    private record Page(long host, Set<Access> rights) {}

    private static final int HOST_PAGES = 16;

    final ToyIsa isa;
    final Engine engine;
    final Cpu cpu;
    private final Map<Long, Page> pages = new HashMap<>();
    private final long memory = RawMemory.allocate((HOST_PAGES + 1) * (long) PAGE_SIZE);
    private int used;

    ToyMachine(ToyIsa isa) {
        this(isa, Engine.Tiers.INTERPRETER);
    }

    ToyMachine(ToyIsa isa, Engine.Tiers tiers) {
        this.isa = isa;
        engine = new Engine(isa, tiers);
        for (int i = 0; i < 4; i++) {
            map(CODE + i * PAGE_SIZE, newPage(), EnumSet.allOf(Access.class));
        }
        map(DATA, newPage(), EnumSet.of(Access.READ, Access.WRITE));
        map(DATA + PAGE_SIZE, newPage(), EnumSet.of(Access.READ, Access.WRITE));
        cpu = newCpu();
    }

    Cpu newCpu() {
        Cpu made = isa.newCpu(this);
        engine.attach(made);
        made.pc = CODE;
        return made;
    }

    /** A page of host memory. */
    long newPage() {
        return (memory + PAGE_SIZE - 1 & PAGE_MASK) + PAGE_SIZE * (long) used++;
    }

    void map(long address, long host, Set<Access> rights) {
        pages.put(address, new Page(host, rights));
        if (cpu != null) {
            cpu.flushTranslations();
        }
    }

    void unmap(long address) {
        pages.remove(address);
        cpu.flushTranslations();
    }

    long host(long address) {
        return pages.get(address & PAGE_MASK).host + (address & ~PAGE_MASK);
    }

    /** Writes behind the guest's back, and says so. */
    void load(long address, byte[] code) {
        for (int i = 0; i < code.length; i++) {
            RawMemory.putByte(host(address + i), code[i]);
        }
        for (long page = address & PAGE_MASK; page < address + code.length; page += PAGE_SIZE) {
            engine.dropCode(host(page), PAGE_SIZE);
        }
    }

    void load(byte[]... code) {
        load(CODE, ToyIsa.join(code));
    }

    /** Runs from {@link #CODE} to the first trap; returns its code. */
    int run() {
        return run(CODE);
    }

    int run(long pc) {
        cpu.pc = pc;
        return go();
    }

    int go() {
        Exit exit = engine.run(cpu);
        if (exit != Exit.TRAP) {
            throw new AssertionError("expected a trap, not " + exit);
        }
        return cpu.trap;
    }

    @Override
    public long translate(Cpu who, long address, Access access) {
        Page page = pages.get(address & PAGE_MASK);
        if (page == null || !page.rights.contains(access)) {
            throw who.fault(
                    access == Access.READ ? READ_FAULT : access == Access.WRITE ? WRITE_FAULT : FETCH_FAULT, address);
        }
        return page.host + (address & ~PAGE_MASK);
    }

    @Override
    public void close() {
        engine.close();
        RawMemory.free(memory);
    }
}
