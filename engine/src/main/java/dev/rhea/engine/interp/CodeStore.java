package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.CodeListener;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.cpu.View;
import dev.rhea.engine.jit.CodeSpace;
import dev.rhea.engine.jit.Translator;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All decoded code of an {@link dev.rhea.engine.cpu.Engine}, by host page, shared by its processors.
 *
 * <p>A page that holds decoded code is in nobody's TLB for writing, so every store to it comes through {@link #store}. One
 * lock orders decoding, dropping and those stores; processors read words without it.
 */
public final class CodeStore implements CodeSpace {
    /** Of a processor that is not attached. */
    public static final CodeStore NONE = new CodeStore(null);

    /** log2 of the bytes of words per byte of code. */
    final int shift;

    private final @Nullable Decoder decoder;
    private final ConcurrentHashMap<Long, CodePage> pages = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Cpu> cpus = new CopyOnWriteArrayList<>();
    private volatile @Nullable Translator translator;
    private @Nullable Dispatch dispatch;
    private volatile @Nullable CodeListener listener;

    /** How often decoded code was dropped because it was written to. */
    private long invalidations;

    public CodeStore(@Nullable Isa isa) {
        decoder = isa == null ? null : new Decoder(isa);
        shift = isa == null ? 0 : shift(isa);
    }

    static int shift(Isa isa) {
        return 3 - Integer.numberOfTrailingZeros(isa.granule());
    }

    /** Who runs the processors; generated code finds it here. */
    public void setDispatch(Dispatch dispatch) {
        this.dispatch = dispatch;
    }

    /** Who is told of what is decoded. */
    public void setListener(CodeListener listener) {
        this.listener = listener;
    }

    Dispatch dispatch() {
        return java.util.Objects.requireNonNull(dispatch, "the processor is not attached to an engine");
    }

    /** Who is told when a page is dropped. */
    public void setTranslator(Translator translator) {
        this.translator = translator;
    }

    public void attach(Cpu cpu) {
        cpus.add(cpu);
        cpu.code = this;
        // What it entered before it was known to us may be code by now.
        cpu.flushTlb();
    }

    public void detach(Cpu cpu) {
        cpus.remove(cpu);
        cpu.code = NONE;
        cpu.flushTlb();
    }

    @Override
    public Cpu[] cpus() {
        return cpus.toArray(Cpu[]::new);
    }

    @Override
    public boolean hasCode(long hostPage) {
        for (CodePage page = pages.get(hostPage); page != null; page = page.other) {
            if (page.live) {
                return true;
            }
        }
        return false;
    }

    public synchronized DecodeStats stats() {
        return decoder().stats(pages.size(), invalidations);
    }

    // ---- for the interpreter

    /**
     * The page that holds the code at {@code pc}.
     *
     * @throws dev.rhea.engine.cpu.GuestFault where it cannot be executed
     */
    CodePage fetch(Cpu cpu, long pc) {
        CodePage page = cpu.interpreter.find(pc, cpu.mode);
        if (page != null) {
            return page;
        }
        boolean guarded = cpu.stops.guardsCode(pc);
        if (guarded) {
            page = cpu.interpreter.findGuarded(pc, cpu.mode);
            if (page != null) {
                return page;
            }
        }
        int epoch = cpu.interpreter.epoch();
        page = page(host(cpu, pc) & Mmu.PAGE_MASK, cpu.mode);
        if (guarded) {
            cpu.interpreter.enterGuarded(pc, cpu.mode, page, epoch);
        } else {
            cpu.interpreter.enter(pc, cpu.mode, page, epoch);
        }
        return page;
    }

    private static long host(Cpu cpu, long pc) {
        long host = cpu.mmu.translate(cpu, pc, Access.FETCH);
        if (host == Mmu.DEVICE) {
            throw new IllegalStateException("the memory map lets a program be fetched from a device at 0x"
                    + Long.toHexString(pc) + "; it has to raise a guest fault there");
        }
        return host;
    }

    private CodePage page(long hostPage, int mode) {
        for (CodePage page = pages.get(hostPage); page != null; page = page.other) {
            if (page.mode == mode) {
                return page;
            }
        }
        synchronized (this) {
            CodePage first = pages.get(hostPage);
            for (CodePage page = first; page != null; page = page.other) {
                if (page.mode == mode) {
                    return page;
                }
            }
            CodePage made = decoder().newPage(hostPage, mode, first);
            pages.put(hostPage, made);
            return made;
        }
    }

    /** Decodes the instruction at {@code pc} and those that follow it in its block; its page may have been dropped meanwhile. */
    void decode(Cpu cpu, long pc) {
        long host = host(cpu, pc) & Mmu.PAGE_MASK;
        int offset = (int) (pc & ~Mmu.PAGE_MASK);
        int end;
        synchronized (this) {
            if (decoder().isFull()) {
                for (Long known : pages.keySet()) {
                    forget(known);
                }
                decoder().reset();
            }
            CodePage page = page(host, cpu.mode);
            if (!page.live) {
                page.live = true;
                for (Cpu other : cpus) {
                    for (View view : other.views()) {
                        view.tlb.revokeWrites(page.hostPage);
                    }
                }
            }
            end = decoder().decode(page, offset);
        }
        CodeListener told = listener;
        if (told != null && end > offset) {
            told.decoded(cpu, pc, end - offset);
        }
    }

    /**
     * The word of an instruction whose bytes lie in two pages.
     *
     * @throws dev.rhea.engine.cpu.GuestFault where the second cannot be executed
     */
    long span(Cpu cpu, long pc) {
        long next = (pc & Mmu.PAGE_MASK) + Mmu.PAGE_SIZE & cpu.addressMask;
        long second = host(cpu, next);
        long first = host(cpu, pc);
        synchronized (this) {
            return decoder().span(first, second, cpu.mode);
        }
    }

    /** The word at {@code pc} that a region word replaced, ready to be run out of its place; 0 if nothing is decoded there. */
    long original(Cpu cpu, long pc) {
        CodePage page = fetch(cpu, pc);
        synchronized (this) {
            return decoder().outOfPlace(page.original(decoder().slot(pc)));
        }
    }

    /** The word of the instruction at {@code pc}, ready to be run out of its place. */
    long alone(Cpu cpu, long pc) {
        long word = fetch(cpu, pc).word(decoder().slot(pc));
        if (MicroOp.op(word) == MicroOp.DECODE) {
            decode(cpu, pc);
            return original(cpu, pc);
        }
        return MicroOp.op(word) == MicroOp.REGION
                ? original(cpu, pc)
                : decoder().outOfPlace(word);
    }

    int slot(long pc) {
        return decoder().slot(pc);
    }

    HelperTable helpers() {
        return decoder().helpers;
    }

    private Decoder decoder() {
        if (decoder == null) {
            throw new IllegalStateException(
                    "the processor is not attached to an engine; call Engine.attach before running it");
        }
        return decoder;
    }

    // ---- stores and drops

    /** Writes to memory that may hold decoded code. Within one page. */
    public void store(Cpu cpu, long host, long value, int size) {
        synchronized (this) {
            dropForStore(cpu, host);
            GuestAccess.write(host, value, size);
        }
    }

    /** Drops what was decoded from the page of {@code host}, because {@code cpu} is about to write there. */
    public void dropForStore(Cpu cpu, long host) {
        if (hasCode(host & Mmu.PAGE_MASK)) {
            synchronized (this) {
                clear(host & Mmu.PAGE_MASK);
                cpu.unwind = true;
            }
        }
    }

    /** Drops what was decoded from these pages and forgets them. */
    public synchronized void drop(long hostPage, long bytes) {
        if (bytes / Mmu.PAGE_SIZE > pages.size()) {
            for (Long page : pages.keySet()) {
                if (page - hostPage >= 0 && page - hostPage < bytes) {
                    forget(page);
                }
            }
        } else {
            for (long page = hostPage; page < hostPage + bytes; page += Mmu.PAGE_SIZE) {
                forget(page);
            }
        }
    }

    private void forget(long hostPage) {
        if (pages.containsKey(hostPage)) {
            clear(hostPage);
            pages.remove(hostPage);
            for (Cpu cpu : cpus) {
                for (View view : cpu.views()) {
                    view.interpreter.clear();
                }
            }
        }
    }

    private void clear(long hostPage) {
        boolean any = false;
        for (CodePage page = pages.get(hostPage); page != null; page = page.other) {
            if (page.live) {
                any = true;
                page.clear();
            }
        }
        if (any) {
            invalidations++;
            Translator told = translator;
            if (told != null) {
                told.drop(hostPage);
            }
        }
    }

    // ---- for the translator

    @Override
    public boolean isDecoded(long hostAddress) {
        for (CodePage page = pages.get(hostAddress & Mmu.PAGE_MASK); page != null; page = page.other) {
            if (page.live && MicroOp.op(page.word(decoder().slot(hostAddress))) != MicroOp.DECODE) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized boolean setRegion(long hostAddress) {
        boolean any = false;
        for (CodePage page = pages.get(hostAddress & Mmu.PAGE_MASK); page != null; page = page.other) {
            int slot = decoder().slot(hostAddress);
            int op = MicroOp.op(page.word(slot));
            if (page.live && op != MicroOp.DECODE && op != MicroOp.SPAN) {
                page.setRegion(slot);
                any = true;
            }
        }
        return any;
    }

    @Override
    public synchronized void clearRegion(long hostAddress) {
        for (CodePage page = pages.get(hostAddress & Mmu.PAGE_MASK); page != null; page = page.other) {
            page.clearRegion(decoder().slot(hostAddress));
        }
    }
}
