package dev.rhea.engine.x64;

import static dev.rhea.engine.x64.Assembler.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the assembler makes, read by GNU objdump. */
class AssemblerTest {
    private static final int[] REGISTERS = {RAX, RCX, RSP, RBP, RSI, RDI, R8, R12, R13, R15};
    private static final String[] NAMES = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };
    private static final String[] INTS = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
        "r15d"
    };

    private final Assembler asm = new Assembler();
    private final List<String> expected = new ArrayList<>();

    private void emit(String text, Consumer<Assembler> instruction) {
        expected.add(text);
        instruction.accept(asm);
    }

    private static String name(int r, boolean wide) {
        return wide ? NAMES[r] : INTS[r];
    }

    private static String at(int base, int disp) {
        return "[" + NAMES[base]
                + (disp == 0
                        ? "+0x0"
                        : disp > 0 ? "+0x" + Integer.toHexString(disp) : "-0x" + Integer.toHexString(-disp))
                + "]";
    }

    @Test
    void objdumpReadsWhatWasMeant(@TempDir Path folder) throws IOException, InterruptedException {
        for (boolean wide : new boolean[] {true, false}) {
            for (int d : REGISTERS) {
                for (int s : REGISTERS) {
                    emit("mov " + name(d, wide) + "," + name(s, wide), a -> a.mov(d, s, wide));
                    emit("add " + name(d, wide) + "," + name(s, wide), a -> a.alu(ADD, d, s, wide));
                    emit("test " + name(d, wide) + "," + name(s, wide), a -> a.test(d, s, wide));
                    emit("imul " + name(d, wide) + "," + name(s, wide), a -> a.imul(d, s, wide));
                    emit("cmovl " + name(d, wide) + "," + name(s, wide), a -> a.cmov(LESS, d, s, wide));
                    emit("popcnt " + name(d, wide) + "," + name(s, wide), a -> a.count(0xb8, d, s, wide));
                    emit("tzcnt " + name(d, wide) + "," + name(s, wide), a -> a.count(0xbc, d, s, wide));
                    for (int disp : new int[] {8, -128, 128, 2048}) {
                        Mem m = Mem.at(s, disp);
                        String size = wide ? "QWORD PTR " : "DWORD PTR ";
                        emit("xor " + name(d, wide) + "," + size + at(s, disp), a -> a.alu(XOR, d, m, wide));
                        emit("cmp " + size + at(s, disp) + "," + name(d, wide), a -> a.alu(CMP, m, d, wide));
                        emit("lea " + name(d, wide) + "," + at(s, disp), a -> a.lea(d, m, wide));
                        emit("movsx " + name(d, wide) + ",BYTE PTR " + at(s, disp), a -> a.load(d, m, 0, true, wide));
                        emit("movzx " + name(d, wide) + ",WORD PTR " + at(s, disp), a -> a.load(d, m, 1, false, wide));
                        emit("lock xadd " + size + at(s, disp) + "," + name(d, wide), a -> a.lockXadd(m, d, wide));
                        emit(
                                "lock cmpxchg " + size + at(s, disp) + "," + name(d, wide),
                                a -> a.lockCmpxchg(m, d, wide));
                    }
                }
                emit("and " + name(d, wide) + ",0x7f", a -> a.aluImm(AND, d, 127, wide));
                emit("shl " + name(d, wide) + ",0x5", a -> a.shift(SHL, d, 5, wide));
                emit("sar " + name(d, wide) + ",cl", a -> a.shiftCl(SAR, d, wide));
                emit("neg " + name(d, wide), a -> a.unary(NEG, d, wide));
                emit("idiv " + name(d, wide), a -> a.unary(IDIV, d, wide));
                emit("bswap " + name(d, wide), a -> a.bswap(d, wide));
            }
        }
        for (int d : REGISTERS) {
            emit("movsxd " + NAMES[d] + "," + INTS[15 - d], a -> a.movsxd(d, 15 - d));
            emit("movabs " + NAMES[d] + ",0x123456789abcdef0", a -> a.movImm(d, 0x123456789abcdef0L));
            emit("mov " + INTS[d] + ",0xfedcba98", a -> a.movImm(d, 0xfedcba98L));
            emit("mov " + NAMES[d] + ",0xfffffffffffffffe", a -> a.movImm(d, -2));
            emit("push " + NAMES[d], a -> a.push(d));
            emit("pop " + NAMES[d], a -> a.pop(d));
            emit("jmp " + NAMES[d], a -> a.jmpRegister(d));
            emit("mov QWORD PTR [rbp+0x800]," + NAMES[d], a -> a.store(d, Mem.at(RBP, 2048), 3));
            if (d != RSP) {
                emit("jmp QWORD PTR [rcx+" + NAMES[d] + "*1]", a -> a.jmpMemory(new Mem(RCX, d, 0)));
                emit("jmp QWORD PTR [r11+" + NAMES[d] + "*8]", a -> a.jmpMemory(Mem.element(R11, d)));
                emit(
                        "mov rbx,QWORD PTR [rbp+" + NAMES[d] + "*8+0x0]",
                        a -> a.load(RBX, Mem.element(RBP, d), 3, false, true));
            }
        }
        for (int x : new int[] {0, 5, 9, 15}) {
            int y = 15 - x;
            emit("addsd xmm" + x + ",xmm" + y, a -> a.scalar(0x58, x, y, true));
            emit("sqrtss xmm" + x + ",xmm" + y, a -> a.scalar(0x51, x, y, false));
            emit("ucomisd xmm" + x + ",xmm" + y, a -> a.ucomis(x, y, true));
            emit("movq xmm" + x + "," + NAMES[y], a -> a.movToXmm(x, y, true));
            emit("movd " + INTS[y] + ",xmm" + x, a -> a.movFromXmm(y, x, false));
            emit("cvtsi2sd xmm" + x + "," + NAMES[y], a -> a.convertFromInt(x, y, true, true));
            emit("cvttss2si " + INTS[y] + ",xmm" + x, a -> a.convertToInt(y, x, false, false));
            emit("cvtsd2ss xmm" + x + ",xmm" + y, a -> a.convertFloat(x, y, true));
            emit("vfmadd231sd xmm" + x + ",xmm" + y + ",xmm" + x, a -> a.fma231(x, y, x, true));
            emit("vfmadd231ss xmm" + x + ",xmm" + y + ",xmm" + y, a -> a.fma231(x, y, y, false));
            emit("movsd xmm" + x + ",QWORD PTR [r13+0x8]", a -> a.loadScalar(x, Mem.at(R13, 8), true));
            emit("movss DWORD PTR [rsp+0x8],xmm" + x, a -> a.storeScalar(x, Mem.at(RSP, 8), false));
        }
        emit("movzx eax,bh", a -> a.secondByte(RAX, RBX));
        emit("movzx ecx,ah", a -> a.secondByte(RCX, RAX));
        emit("mov BYTE PTR [rsi+0x1],dil", a -> a.store(RDI, Mem.at(RSI, 1), 0));
        emit("mov WORD PTR [r8+0x1],r9w", a -> a.store(R9, Mem.at(R8, 1), 1));
        emit("movzx eax,dil", a -> a.extend(RAX, RDI, 0, false, false));
        emit("setb sil", a -> a.setcc(BELOW, RSI));
        emit("ldmxcsr DWORD PTR [rbp+0x10]", a -> a.ldmxcsr(Mem.at(RBP, 16)));
        emit("stmxcsr DWORD PTR [rbp+0x10]", a -> a.stmxcsr(Mem.at(RBP, 16)));
        emit("lock or DWORD PTR [rsp],0x0", Assembler::fullFence);
        emit("cqo", a -> a.signToRdx(true));
        assertThat(objdump(folder)).containsExactlyElementsOf(expected);
    }

    @Test
    void jumpsGoToLabelsBoundBeforeAndAfterThem(@TempDir Path folder) throws IOException, InterruptedException {
        var before = new Label();
        var after = new Label();
        asm.bind(before);
        asm.jmp(after);
        asm.jcc(NOT_EQUAL, before);
        asm.bind(after);
        asm.ret();
        assertThat(objdump(folder)).containsExactly("jmp 0xb", "jne 0x0", "ret");
    }

    private List<String> objdump(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("code");
        Files.write(file, asm.code());
        Path text = folder.resolve("text");
        try {
            int status = new ProcessBuilder(
                            "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.toString())
                    .redirectOutput(text.toFile())
                    .start()
                    .waitFor();
            assumeTrue(status == 0, "objdump knows no x86-64");
        } catch (IOException e) {
            assumeTrue(false, "no objdump (package binutils)");
        }
        return Files.readAllLines(text).stream()
                .filter(line -> line.matches(" *[0-9a-f]+:\t.*\t.*"))
                .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip().replaceAll(" +", " "))
                .map(line -> line.replaceAll("(lock|cqo|ret) $", "$1"))
                .toList();
    }
}
