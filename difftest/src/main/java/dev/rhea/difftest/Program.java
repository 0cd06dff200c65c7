package dev.rhea.difftest;

import dev.rhea.engine.abi.ElfExecutable;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import java.util.List;

/**
 * Cases with their harness, as an image and as an ELF file.
 *
 * @param image bytes from {@link Layout#SEGMENT} on
 * @param entry address of the first instruction
 * @param records address of the first record
 */
record Program(int xlen, byte[] image, long entry, long records) {
    private static final int EM_RISCV = 243;
    /** {@code EF_RISCV_RVC}, double-float ABI. */
    private static final int RVC_AND_DOUBLE_FLOAT = 5;

    static Program of(Target target, List<Case> cases) {
        var text = new StringBuilder();
        int xlen = target.isa.xlen();
        String load = xlen == 64 ? "ld" : "lw";
        String store = xlen == 64 ? "sd" : "sw";
        text.append("start:\n");
        signals(text, xlen);
        text.append("jal ra, here\n.word records\n.word end\nhere: lw tp, 0(ra)\n");
        text.append("next: lw gp, 0(tp)\n");
        window(text, Layout.WINDOW, load, store, true);
        for (int i = 0; i < 32; i++) {
            text.append("fld f")
                    .append(i)
                    .append(", ")
                    .append(Layout.FLOATS + 8 * i)
                    .append("(tp)\n");
        }
        text.append("lw t0, ").append(Layout.FCSR).append("(tp)\ncsrrw zero, fcsr, t0\n");
        if (target.vectors()) {
            text.append("addi t0, tp, ").append(Layout.VECTORS).append('\n');
            for (int i = 0; i < 32; i += 8) {
                text.append("vl8re8.v v").append(i).append(", (t0)\naddi t0, t0, 128\n");
            }
            text.append("lw t0, ")
                    .append(Layout.VTYPE)
                    .append("(tp)\nlw t1, ")
                    .append(Layout.VL)
                    .append("(tp)\nvsetvl zero, t1, t0\n");
            text.append("lw t0, ").append(Layout.VCSR).append("(tp)\ncsrrw zero, vcsr, t0\n");
        }
        for (int i = 1; i < 32; i++) {
            if (i != Layout.GP && i != Layout.TP) {
                text.append(load)
                        .append(" x")
                        .append(i)
                        .append(", ")
                        .append(8 * i)
                        .append("(tp)\n");
            }
        }
        text.append("jalr zero, 0(gp)\nout:\n");
        for (int i = 1; i < 32; i++) {
            text.append(store)
                    .append(" x")
                    .append(i == Layout.GP || i == Layout.TP ? 0 : i)
                    .append(", ")
                    .append(8 * i)
                    .append("(tp)\n");
        }
        for (int i = 0; i < 32; i++) {
            text.append("fsd f")
                    .append(i)
                    .append(", ")
                    .append(Layout.FLOATS + 8 * i)
                    .append("(tp)\n");
        }
        text.append("csrrs t0, fcsr, zero\nsw t0, ").append(Layout.FCSR).append("(tp)\n");
        if (target.vectors()) {
            csr(text, "vl", Layout.VL, store);
            csr(text, "vtype", Layout.VTYPE, store);
            csr(text, "vcsr", Layout.VCSR, store);
            text.append("addi t0, tp, ").append(Layout.VECTORS).append('\n');
            for (int i = 0; i < 32; i += 8) {
                text.append("vs8r.v v").append(i).append(", (t0)\naddi t0, t0, 128\n");
            }
        }
        text.append("lui t0, ")
                .append(Layout.LOG >> 12)
                .append("\nlw t1, 0(t0)\nsw zero, 0(t0)\nsw t1, ")
                .append(Layout.LOGGED)
                .append("(tp)\n");
        window(text, Layout.WINDOW, load, store, false);
        text.append("addi tp, tp, ").append(Layout.RECORD).append('\n');
        text.append("jal ra, more\n.word end\nmore: lw t0, 0(ra)\nbeq tp, t0, done\njal zero, next\n");
        text.append(
                "done: jal ra, write\n.word records\nwrite: lw a1, 0(ra)\nsub a2, tp, a1\naddi a0, zero, 1\naddi a7, zero, 64\n");
        text.append("ecall\naddi a0, zero, 0\naddi a7, zero, 94\necall\n");
        for (int i = 0; i < cases.size(); i++) {
            text.append("case").append(i).append(":\n").append(cases.get(i).assembly("c" + i + "."));
            // any distance is fine for a jump by register, and gp is free now
            text.append("jal gp, leave")
                    .append(i)
                    .append("\n.word out\nleave")
                    .append(i)
                    .append(": lw gp, 0(gp)\njalr zero, 0(gp)\n");
        }
        text.append(".balign 4096\nrecords:\n.zero ")
                .append(cases.size() * Layout.RECORD)
                .append("\nend:\n");
        try {
            Assembler.Program code = target.assembler.assemble(text.toString(), Layout.ORIGIN);
            int gap = (int) (Layout.ORIGIN - Layout.SEGMENT);
            byte[] image = new byte[gap + code.code().length];
            System.arraycopy(code.code(), 0, image, gap, code.code().length);
            long records = label(code, "records");
            for (int i = 0; i < cases.size(); i++) {
                int at = (int) (records - Layout.SEGMENT) + i * Layout.RECORD;
                System.arraycopy(cases.get(i).record(), 0, image, at, Layout.RECORD);
                Records.put(image, at, label(code, "case" + i));
            }
            return new Program(xlen, image, Layout.ORIGIN, records);
        } catch (AssemblyException e) {
            throw new IllegalStateException("the generator wrote what the assembler cannot read", e);
        }
    }

    private static void csr(StringBuilder text, String csr, int at, String store) {
        text.append("csrrs t0, ")
                .append(csr)
                .append(", zero\n")
                .append(store)
                .append(" t0, ")
                .append(at)
                .append("(tp)\n");
    }

    /** SIGILL goes on behind the instruction, on a stack of its own, and leaves a trace: see {@link Layout#LOG}. */
    private static void signals(StringBuilder text, int xlen) {
        String load = xlen == 64 ? "ld" : "lw";
        String store = xlen == 64 ? "sd" : "sw";
        String word = xlen == 64 ? ".dword " : ".word ";
        // the pc is the first of the registers in the machine context of struct ucontext
        int pc = xlen == 64 ? 176 : 160;
        text.append("jal a0, sigaltstack\n.balign 8\nstack: ")
                .append(word)
                .append(Layout.HANDLER_STACK)
                .append(", 0, ");
        text.append(Layout.HANDLER_STACK_BYTES).append("\nsigaltstack: jal a0, takestack\n.word stack\n");
        text.append("takestack: lw a0, 0(a0)\naddi a1, zero, 0\naddi a7, zero, 132\necall\n");
        // SA_SIGINFO, SA_ONSTACK, SA_NODEFER
        text.append("jal a0, sigaction\n.balign 8\naction: ").append(word).append("handler, 0x48000004, 0, 0\n");
        text.append("sigaction: jal a1, takeaction\n.word action\ntakeaction: lw a1, 0(a1)\n");
        text.append("addi a0, zero, 4\naddi a2, zero, 0\naddi a3, zero, 8\naddi a7, zero, 134\necall\njal zero, go\n");
        text.append("handler: ")
                .append(load)
                .append(" t0, ")
                .append(pc)
                .append("(a2)\nlui t1, ")
                .append(Layout.LOG >> 12);
        text.append("\nlw t2, 0(t1)\nadd t2, t2, t2\nadd t2, t2, t0\nsw t2, 0(t1)\naddi t0, t0, 4\n");
        text.append(store).append(" t0, ").append(pc).append("(a2)\njalr zero, 0(ra)\ngo:\n");
    }

    private static long label(Assembler.Program code, String name) {
        Long address = code.labels().get(name);
        if (address == null) {
            throw new IllegalStateException("label " + name + " is missing");
        }
        return address;
    }

    /** Copies the window from the record to memory, or back; t0 and t1 are free. */
    private static void window(StringBuilder text, int at, String load, String store, boolean in) {
        text.append("lui t0, ")
                .append("0x")
                .append(Long.toHexString(Layout.BASE + 0x800 >> 12))
                .append('\n');
        text.append("addi t0, t0, ")
                .append(Layout.BASE - (Layout.BASE + 0x800 >> 12 << 12))
                .append('\n');
        int size = load.equals("ld") ? 8 : 4;
        for (int i = 0; i < Layout.WINDOW_BYTES; i += size) {
            String record = (at + i) + "(tp)\n";
            String memory = (i + Layout.WINDOW_LOW) + "(t0)\n";
            text.append(load).append(" t1, ").append(in ? record : memory);
            text.append(store).append(" t1, ").append(in ? memory : record);
        }
    }

    /** An executable for the reference. */
    byte[] elf() {
        return new ElfExecutable(
                        EM_RISCV, RVC_AND_DOUBLE_FLOAT, xlen / 8, Layout.SEGMENT, image, entry, java.util.Map.of())
                .bytes();
    }
}
