package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.decode.AssemblyText;
import dev.rhea.engine.decode.Dialect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pseudo-instructions of the RISC-V assembly programmer's manual ("A listing of standard RISC-V pseudoinstructions"), and
 * {@code %hi} and {@code %lo}. Each is a line of a table: how it is written, with its operands as {@code $0}, {@code $1}, and what it
 * stands for. {@code li} alone depends on its operand's value.
 */
final class RiscvDialect implements Dialect {
    private static final Map<String, List<String>> COMMON = table("""
            nop: addi zero, zero, 0
            mv $0, $1: addi $0, $1, 0
            not $0, $1: xori $0, $1, -1
            neg $0, $1: sub $0, zero, $1
            seqz $0, $1: sltiu $0, $1, 1
            snez $0, $1: sltu $0, zero, $1
            sltz $0, $1: slt $0, $1, zero
            sgtz $0, $1: slt $0, zero, $1
            beqz $0, $1: beq $0, zero, $1
            bnez $0, $1: bne $0, zero, $1
            blez $0, $1: bge zero, $0, $1
            bgez $0, $1: bge $0, zero, $1
            bltz $0, $1: blt $0, zero, $1
            bgtz $0, $1: blt zero, $0, $1
            bgt $0, $1, $2: blt $1, $0, $2
            ble $0, $1, $2: bge $1, $0, $2
            bgtu $0, $1, $2: bltu $1, $0, $2
            bleu $0, $1, $2: bgeu $1, $0, $2
            j $0: jal zero, $0
            jal $0: jal ra, $0
            jr $0: jalr zero, 0($0)
            jalr $0: jalr ra, 0($0)
            ret: jalr zero, 0(ra)
            call $0: auipc ra, %hi(($0) - .); jalr ra, %lo(($0) - . + 4)(ra)
            tail $0: auipc t1, %hi(($0) - .); jalr zero, %lo(($0) - . + 4)(t1)
            la $0, $1: auipc $0, %hi(($1) - .); addi $0, $0, %lo(($1) - . + 4)
            lla $0, $1: auipc $0, %hi(($1) - .); addi $0, $0, %lo(($1) - . + 4)
            fence: fence iorw, iorw
            sfence.vma: sfence.vma zero, zero
            sfence.vma $0: sfence.vma $0, zero
            csrr $0, $1: csrrs $0, $1, zero
            csrw $0, $1: csrrw zero, $0, $1
            csrs $0, $1: csrrs zero, $0, $1
            csrc $0, $1: csrrc zero, $0, $1
            csrwi $0, $1: csrrwi zero, $0, $1
            csrsi $0, $1: csrrsi zero, $0, $1
            csrci $0, $1: csrrci zero, $0, $1
            rdcycle $0: csrrs $0, cycle, zero
            rdtime $0: csrrs $0, time, zero
            rdinstret $0: csrrs $0, instret, zero
            fmv.s $0, $1: fsgnj.s $0, $1, $1
            fabs.s $0, $1: fsgnjx.s $0, $1, $1
            fneg.s $0, $1: fsgnjn.s $0, $1, $1
            fmv.d $0, $1: fsgnj.d $0, $1, $1
            fabs.d $0, $1: fsgnjx.d $0, $1, $1
            fneg.d $0, $1: fsgnjn.d $0, $1, $1
            """);

    /** Those of RV64 alone. */
    private static final Map<String, List<String>> WIDE = table("""
            negw $0, $1: subw $0, zero, $1
            sext.w $0, $1: addiw $0, $1, 0
            """);

    private final int xlen;

    RiscvDialect(int xlen) {
        this.xlen = xlen;
    }

    /** What each stands for, by its name and how many operands it has. */
    private static Map<String, List<String>> table(String lines) {
        Map<String, List<String>> all = new HashMap<>();
        for (String line : lines.split("\n")) {
            int colon = line.indexOf(": ");
            String written = line.substring(0, colon);
            int space = written.indexOf(' ');
            String name = space < 0 ? written : written.substring(0, space);
            long operands = written.chars().filter(c -> c == '$').count();
            all.put(name + "/" + operands, List.of(line.substring(colon + 2).split("; ")));
        }
        return Map.copyOf(all);
    }

    @Override
    public @Nullable Long modify(String modifier, long value) throws AssemblyException {
        return switch (modifier) {
            case "hi" -> {
                // lui and auipc sign-extend the 32 bits that they make.
                if (xlen == 64 && value + 0x800 != (int) (value + 0x800)) {
                    throw new AssemblyException("%hi(0x" + Long.toHexString(value) + ") is more than 32 bits away");
                }
                yield value + 0x800 >> 12 & 0xfffff;
            }
            case "lo" -> value << 52 >> 52;
            default -> null;
        };
    }

    @Override
    public @Nullable List<String> expand(String mnemonic, AssemblyText text) throws AssemblyException {
        if (mnemonic.equals("li")) {
            return loadImmediate(text);
        }
        int start = text.mark();
        List<String> operands = text.operands();
        text.back(start);
        String key = mnemonic + "/" + operands.size();
        List<String> lines = COMMON.get(key);
        if (lines == null && xlen == 64) {
            lines = WIDE.get(key);
        }
        if (lines == null) {
            return null;
        }
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            String filled = line;
            for (int i = 0; i < operands.size(); i++) {
                filled = filled.replace("$" + i, operands.get(i));
            }
            all.add(filled);
        }
        return all;
    }

    private List<String> loadImmediate(AssemblyText text) throws AssemblyException {
        String register = text.word();
        if (!text.accept(",")) {
            throw text.error("',' is missing");
        }
        long value = text.constant();
        if (!text.atEnd()) {
            throw text.error("the instruction goes on where its operands end");
        }
        if (xlen == 32 && value != (int) value && value >>> 32 != 0) {
            throw text.error("0x" + Long.toHexString(value) + " has more than 32 bits");
        }
        List<String> lines = new ArrayList<>();
        load(lines, register, xlen == 32 ? (int) value : value);
        return lines;
    }

    /** Twelve bits at a time from below, leaving out zeros. */
    private void load(List<String> lines, String register, long value) {
        long low = value << 52 >> 52;
        if (value == low) {
            lines.add("addi " + register + ", zero, " + low);
            return;
        }
        if (value == (int) value) {
            lines.add("lui " + register + ", " + (value + 0x800 >> 12 & 0xfffff));
            if (low != 0) {
                lines.add((xlen == 64 ? "addiw " : "addi ") + register + ", " + register + ", " + low);
            }
            return;
        }
        long high = value - low;
        int zeros = Long.numberOfTrailingZeros(high);
        load(lines, register, high >> zeros);
        lines.add("slli " + register + ", " + register + ", " + zeros);
        if (low != 0) {
            lines.add("addi " + register + ", " + register + ", " + low);
        }
    }
}
