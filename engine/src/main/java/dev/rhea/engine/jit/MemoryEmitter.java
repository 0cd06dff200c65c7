package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Guest memory accesses: the check of the soft TLB, which leaves the region where it misses, and the access itself. See
 * {@link Tlb} for why the check is right.
 */
final class MemoryEmitter {
    static final ClassDesc CPU = ClassDesc.of("dev.rhea.engine.cpu.Cpu");
    private static final ClassDesc ATOMIC = ClassDesc.of("dev.rhea.engine.jit.AtomicAccess");
    private static final ClassDesc VAR_HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final MethodTypeDesc FENCE = MethodTypeDesc.of(CD_void);

    private static final ClassDesc PAGE_CHECK = ClassDesc.of("dev.rhea.engine.jit.PageCheck");
    private static final MethodTypeDesc ADDEND = MethodTypeDesc.of(CD_long, CPU, Emitter.UNIT, CD_long, CD_int, CD_int);

    private final CodeBuilder c;
    private final Locals locals;
    private final PageGuesses guesses;
    private final Spans spans;
    /** First of the locals that hold where spans begin on the host, by {@link Spans.Span#number}. */
    private final int spanHosts;

    private final List<Runnable> late;
    /** Locals with guest address and TLB entry of each checked access, by the node's index. */
    private int[] address = new int[16];

    private int[] entry = new int[16];
    /** Local with the guessed addend, or -1. */
    private int[] guessed = new int[16];

    /** @param late takes code that is to stand out of the way */
    MemoryEmitter(CodeBuilder c, Locals locals, PageGuesses guesses, Spans spans, List<Runnable> late) {
        this.c = c;
        this.locals = locals;
        this.guesses = guesses;
        this.spans = spans;
        this.late = late;
        int first = 0;
        for (int i = 0; i < spans.numbers(); i++) {
            int local = locals.permanent(TypeKind.LONG);
            first = i == 0 ? local : first;
        }
        spanHosts = first;
    }

    /** Whether generated code can do this access; the interpreter does the others. */
    static boolean supported(Node n) {
        return switch (n.op) {
            case RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE ->
                n.mem().size() >= 4 && !n.mem().bigEndian();
            default -> true;
        };
    }

    /** Checks that the page is here, on an empty operand stack, if nobody did before; goes to {@code leave} if not. */
    void check(Node n, Expressions expressions, Block block, Supplier<Label> leave) {
        Spans.Span span = spans.of(n);
        if (span != null && span.leader != n) {
            return;
        }
        Label miss = leave.get();
        MemOp mem = n.mem();
        boolean write = n.op != Op.LOAD && n.op != Op.LOAD_EXCLUSIVE;
        int size = span == null ? mem.size() : span.size();
        int index = Schedule.index(n);
        if (address.length <= index) {
            address = java.util.Arrays.copyOf(address, index * 2 + 2);
            entry = java.util.Arrays.copyOf(entry, index * 2 + 2);
            guessed = java.util.Arrays.copyOf(guessed, index * 2 + 2);
        }
        int a = address[index] = locals.temporary(TypeKind.LONG);
        int e = entry[index] = locals.temporary(TypeKind.LONG);
        expressions.pushAddress(Objects.requireNonNull(n.a), span == null ? n.imm : n.imm + span.below());
        c.lstore(a);
        int guess = guesses.addend(n, block);
        guessed[index] = guess;
        if (guesses.start(n, block) >= 0) {
            remembered(n, block, a, e, size, miss);
        } else if (guess >= 0) {
            guessed(n, a, e, guess, size, write, miss);
        } else {
            entry(a, e, write);
            tag(e);
            page(mem.aligned(), a, size);
            if (span != null) {
                spanned(span, a, e, miss);
                return;
            }
            c.lcmp().ifne(miss);
        }
        if (span != null) {
            c.lload(a).lload(guess).ladd().lstore(host(span));
        }
    }

    /** The end of a check whose page and tag are on the stack: where the span is on the host. */
    private void spanned(Spans.Span span, int a, int e, Label miss) {
        Label wrong = c.newLabel();
        Label right = c.newLabel();
        c.lcmp().ifne(wrong);
        c.lload(a);
        addend(e);
        c.ladd().lstore(host(span)).labelBinding(right);
        late.add(() -> {
            c.labelBinding(wrong);
            slowly(a, span.size(), span.write, e, miss);
            c.lload(a).lload(e).ladd().lstore(host(span)).goto_(right);
        });
    }

    /** One comparison of both: HotSpot must not learn that guess and addend are equal, or it takes the addend. */
    private void guessed(Node n, int a, int e, int guess, int size, boolean write, Label miss) {
        Label wrong = c.newLabel();
        Label right = c.newLabel();
        entry(a, e, write);
        tag(e);
        page(false, a, size);
        c.lxor();
        addend(e);
        c.lload(guess).lxor().lor().lconst_0().lcmp().ifne(wrong);
        c.labelBinding(right);
        late.add(() -> {
            Label straddles = c.newLabel();
            c.labelBinding(wrong);
            tag(e);
            page(false, a, size);
            c.lcmp().ifne(size > 8 ? straddles : miss);
            addend(e);
            c.lstore(guess);
            guesses.keep(c, n);
            c.goto_(right);
            if (size > 8) {
                c.labelBinding(straddles);
                slowly(a, size, write, guess, miss);
                c.goto_(right);
            }
        });
    }

    /** Whether it is in the page that was used last off this base. */
    private void remembered(Node n, Block block, int a, int e, int size, Label miss) {
        Label wrong = c.newLabel();
        Label right = c.newLabel();
        int start = guesses.start(n, block);
        c.lload(a).lload(start).lsub().lload(start + PageGuesses.LIMIT).lcmp().ifge(wrong);
        c.labelBinding(right);
        late.add(() -> {
            c.labelBinding(wrong);
            Label straddles = c.newLabel();
            Label known = c.newLabel();
            c.loadConstant(PageGuesses.NOTHING).lstore(start + PageGuesses.LIMIT);
            entry(a, e, false);
            tag(e);
            page(false, a, size);
            c.lcmp().ifne(size > 8 ? straddles : miss);
            addend(e);
            c.lstore(start + PageGuesses.ADDEND).labelBinding(known);
            guesses.remember(c, n, a);
            c.goto_(right);
            if (size > 8) {
                c.labelBinding(straddles);
                slowly(a, size, false, start + PageGuesses.ADDEND, miss);
                c.goto_(known);
            }
        });
    }

    /** Asks for the addend in a way that also knows of two pages. */
    private void slowly(int a, int size, boolean write, int addend, Label miss) {
        c.aload(Locals.CPU).aload(0).lload(a).loadConstant(size).loadConstant(write ? 1 : 0);
        c.invokestatic(PAGE_CHECK, "addend", ADDEND).dup2().lstore(addend);
        c.loadConstant(PageCheck.MISS).lcmp().ifeq(miss);
    }

    private int host(Spans.Span span) {
        return spanHosts + span.number() * TypeKind.LONG.slotSize();
    }

    /** Computes the host address of the TLB's tag. */
    private void entry(int a, int e, boolean write) {
        c.lload(Locals.TLB)
                .lload(a)
                .bipush(Tlb.INDEX_SHIFT)
                .lushr()
                .loadConstant(Tlb.INDEX_MASK)
                .land()
                .ladd();
        if (write) {
            c.loadConstant((long) Tlb.WRITE_TAG).ladd();
        }
        c.lstore(e);
    }

    private void tag(int e) {
        RawAccess.begin(c);
        c.lload(e);
        RawAccess.load(c, 3);
    }

    private void addend(int e) {
        RawAccess.begin(c);
        c.lload(e).loadConstant((long) Tlb.READ_ADDEND - Tlb.READ_TAG).ladd();
        RawAccess.load(c, 3);
    }

    /** Pushes what the tag has to be for {@code size} bytes; if they must be aligned, {@code size} is a power of 2. */
    private void page(boolean aligned, int a, int size) {
        c.lload(a);
        if (aligned) {
            c.loadConstant(Mmu.PAGE_MASK | size - 1);
        } else {
            if (size > 1) {
                c.loadConstant((long) size - 1).ladd();
            }
            c.loadConstant(Mmu.PAGE_MASK);
        }
        c.land();
    }

    /** Pushes the host address of a checked access. */
    private void host(Node n) {
        Spans.Span span = spans.of(n);
        if (span != null) {
            c.lload(host(span));
            int offset = spans.offset(n);
            if (offset != 0) {
                c.loadConstant((long) offset).ladd();
            }
            return;
        }
        int index = Schedule.index(n);
        c.lload(address[index]);
        if (guessed[index] >= 0) {
            c.lload(guessed[index]);
        } else {
            addend(entry[index]);
        }
        c.ladd();
    }

    /** Pushes what a checked load reads, as an I32 or I64. */
    void value(Node n, Type type) {
        MemOp mem = n.mem();
        int log2 = mem.sizeLog2();
        RawAccess.begin(c);
        host(n);
        RawAccess.load(c, log2);
        if (mem.bigEndian()) {
            Swap.emit(c, log2);
        }
        if (log2 == 3) {
            if (type == Type.I32) {
                c.l2i();
            }
        } else {
            extend(mem, log2, type);
        }
        if (mem.order() != MemOp.Order.PLAIN) {
            c.invokestatic(VAR_HANDLE, "acquireFence", FENCE);
        }
    }

    private void extend(MemOp mem, int log2, Type type) {
        if (!mem.signed() && log2 == 0) {
            c.loadConstant(255).iand();
        } else if (!mem.signed() && log2 == 1) {
            c.i2c();
        }
        if (type == Type.I64) {
            c.i2l();
            if (!mem.signed() && log2 == 2) {
                c.loadConstant(0xffffffffL).land();
            }
        }
    }

    /** Stores, after the check. */
    void store(Node n, Expressions expressions) {
        MemOp mem = n.mem();
        Node value = Objects.requireNonNull(n.b);
        if (mem.order() != MemOp.Order.PLAIN) {
            c.invokestatic(VAR_HANDLE, "releaseFence", FENCE);
        }
        RawAccess.begin(c);
        host(n);
        if (mem.size() == 8) {
            expressions.push(value);
            if (value.type == Type.I32) {
                c.i2l();
            }
        } else {
            expressions.pushInt(value);
        }
        if (mem.bigEndian()) {
            Swap.emit(c, mem.sizeLog2());
        }
        RawAccess.store(c, mem.sizeLog2());
        if (mem.order() == MemOp.Order.SEQ_CST) {
            c.invokestatic(VAR_HANDLE, "fullFence", FENCE);
        }
    }

    void fence(Node n) {
        if (n.imm == 0) {
            c.invokestatic(VAR_HANDLE, "fullFence", FENCE);
        } else {
            c.invokestatic(VAR_HANDLE, "acquireFence", FENCE);
            c.invokestatic(VAR_HANDLE, "releaseFence", FENCE);
        }
    }

    /** Pushes the value of RMW, CAS, LOAD_EXCLUSIVE or STORE_EXCLUSIVE, after the check. */
    void atomic(Node n, Expressions expressions) {
        boolean wide = n.mem().size() == 8;
        var type = wide ? CD_long : CD_int;
        switch (n.op) {
            case RMW -> {
                host(n);
                operand(n.b, wide, expressions);
                c.loadConstant(n.mem().atomic().ordinal());
                c.invokestatic(ATOMIC, "rmw", MethodTypeDesc.of(type, CD_long, type, CD_int));
            }
            case CAS -> {
                host(n);
                operand(n.b, wide, expressions);
                operand(n.c, wide, expressions);
                c.invokestatic(
                        ClassDesc.of("dev.rhea.host.RawMemory"),
                        wide ? "compareAndExchangeLong" : "compareAndExchangeInt",
                        MethodTypeDesc.of(type, CD_long, type, type));
            }
            case LOAD_EXCLUSIVE -> {
                c.aload(Locals.CPU).lload(address[Schedule.index(n)]);
                host(n);
                c.invokestatic(
                        ATOMIC,
                        wide ? "loadExclusiveLong" : "loadExclusive",
                        MethodTypeDesc.of(type, CPU, CD_long, CD_long));
            }
            default -> {
                c.aload(Locals.CPU).lload(address[Schedule.index(n)]);
                host(n);
                operand(n.b, wide, expressions);
                c.invokestatic(ATOMIC, "storeExclusive", MethodTypeDesc.of(CD_int, CPU, CD_long, CD_long, type));
                return;
            }
        }
        if (wide && n.type == Type.I32) {
            c.l2i();
        } else if (!wide && n.type == Type.I64) {
            c.i2l();
        }
    }

    private void operand(@org.jspecify.annotations.Nullable Node n, boolean wide, Expressions expressions) {
        Node value = Objects.requireNonNull(n);
        if (!wide) {
            expressions.pushInt(value);
        } else {
            expressions.push(value);
            if (value.type == Type.I32) {
                c.i2l();
            }
        }
    }
}
