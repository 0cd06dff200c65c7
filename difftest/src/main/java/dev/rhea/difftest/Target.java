package dev.rhea.difftest;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvArchitecture;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.Disassembler;
import dev.rhea.engine.decode.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is tested: an architecture model of ours, and the CPU model of the reference that should equal it. */
final class Target {
    /**
     * Left out: system calls and breakpoints; time and counters, whose values are the host's; cache management, which the
     * reference refuses to user-level code; waiting; lr and sc, which {@link Generator} makes in pairs, since the reference lets an
     * sc.w succeed after an lr.d and the manual leaves it free; those of Zcmp and Zcmt, which it makes so that the stack is where it was.
     */
    private static final Set<String> LEFT_OUT = Set.of(
            "ecall",
            "ebreak",
            "c.ebreak",
            "cbo.inval",
            "cbo.clean",
            "cbo.flush",
            "csrrw",
            "csrrs",
            "csrrc",
            "csrrwi",
            "csrrsi",
            "csrrci",
            "wrs.nto",
            "wrs.sto",
            "c.addi16sp",
            "cm.push",
            "cm.pop",
            "cm.popret",
            "cm.popretz",
            "cm.mvsa01",
            "cm.mva01s",
            "cm.jt",
            "cm.jalt",
            "lr.w",
            "lr.d",
            "sc.w",
            "sc.d");

    /** Made by {@link Generator} with targets, and vector types, that exist. */
    private static final Set<String> MADE = Set.of(
            "vsetvli",
            "vsetivli",
            "vsetvl",
            "jal",
            "jalr",
            "beq",
            "bne",
            "blt",
            "bge",
            "bltu",
            "bgeu",
            "c.j",
            "c.jal",
            "c.jr",
            "c.jalr",
            "c.beqz",
            "c.bnez");

    final Riscv isa;
    /** Rows of scalar instructions, and of vector instructions. */
    final List<Row<RiscvBuilder>> rows = new ArrayList<>();

    final List<Row<RiscvBuilder>> vectorRows = new ArrayList<>();
    final Assembler assembler;
    final Disassembler disassembler;
    /** {@code -cpu} for the reference. */
    final String cpu;

    /** Whether the harness loads and stores vector registers. */
    boolean vectors() {
        return cpu.startsWith("max");
    }

    /** Whether there are instructions of Zcmp and Zcmt. */
    final boolean frames;

    private Target(Riscv isa, String cpu, List<String> unknownGroups, String only) {
        this.isa = isa;
        this.cpu = cpu;
        frames = isa.extensions().has(Extension.ZCMP) && (only.isEmpty() || only.contains("Zcmp"));
        assembler = new Assembler(isa.table(), isa.operands());
        disassembler = new Disassembler(isa.operands());
        for (Row<RiscvBuilder> row : isa.table().rows()) {
            String name = row.mnemonic();
            if (!LEFT_OUT.contains(name)
                    && !MADE.contains(name)
                    && !unknownGroups.contains(row.group())
                    && !WIDE_INDEX.matcher(row.syntax()).find()
                    // 7.2 counts beyond bit 31
                    && !(name.equals("ctzw") && !vectors())
                    && (only.isEmpty() || ("," + only + ",").contains("," + row.group() + ",") || name.equals(only))) {
                (isVector(row.group()) ? vectorRows : rows).add(row);
            }
        }
        if (rows.isEmpty() && vectorRows.isEmpty() && !frames) {
            throw new IllegalArgumentException("no instruction is in the group '" + only + "'");
        }
    }

    /** Indices of 32 and 64 random bits point nowhere. */
    private static final Pattern WIDE_INDEX = Pattern.compile("^v[ls][uo]x.*ei(32|64)[.]v");

    private static boolean isVector(String group) {
        return group.equals("V") || group.startsWith("Zv");
    }

    /**
     * @param xlen 32 or 64
     * @param full whether the reference knows the model {@code max}; otherwise it is 7.2 or so, and newer extensions are left out
     * @param codeSize whether Zcmp and Zcmt take the place of compressed instructions for doubles
     * @param only groups to test, with commas between them, or one mnemonic; empty for all
     */
    static Target of(int xlen, boolean full, boolean codeSize, String only) {
        try {
            String model = codeSize ? "max,c=off,zca=on,zcd=off,zcmp=on,zcmt=on" : "max";
            Riscv isa =
                    (Riscv) new RiscvArchitecture().guest("riscv" + xlen, model).isa();
            return full
                    ? new Target(isa, model, List.of(), only)
                    : new Target(
                            isa,
                            "rv" + xlen + ",zbkb=on,zbkc=on,zbkx=on,zknd=on,zkne=on,zknh=on,zksed=on,zksh=on,Zfh=on",
                            List.of(
                                    "Zfa", "Zicond", "Zacas", "Zawrs", "Zicboz", "Zicbom", "Zicbop", "V", "Zvfh",
                                    "Zvbb", "Zvkb", "Zvbc", "Zvkg", "Zvkned", "Zvknhb", "Zvksed", "Zvksh", "Zcb"),
                            only);
        } catch (BadCpu e) {
            throw new IllegalStateException("our own model 'max' is gone", e);
        }
    }
}
