package dev.rhea.difftest;

import java.util.Collections;
import java.util.SplittableRandom;

/**
 * Instructions of Zcmp and Zcmt with what makes them harmless: the stack is where it was, the registers that have a purpose come back as
 * they were, and a return goes to the next item.
 */
final class FrameText {
    /** Room for the largest frame within the window. */
    private static final int ROOM = 112;

    private static final int BLOCK = 16;

    /** Saved registers without a purpose. */
    private static final int[] FREE = {2, 3, 6, 7};

    private final SplittableRandom random;
    private final int xlen;

    FrameText(SplittableRandom random, int xlen) {
        this.random = random;
        this.xlen = xlen;
    }

    /** Lines of assembly. */
    String next() {
        int first = FREE[random.nextInt(FREE.length)];
        int second = first;
        while (second == first) {
            second = FREE[random.nextInt(FREE.length)];
        }
        return switch (random.nextInt(8)) {
            case 0 -> "cm.mvsa01 s" + first + ", s" + second;
            case 1 -> "cm.mva01s s" + random.nextInt(8) + ", s" + random.nextInt(8);
            case 2 -> balanced(random.nextInt(13));
            case 3 -> table(random.nextInt(8));
            case 4 -> table(32 + random.nextInt(8));
            default -> called(random.nextInt(13), random.nextBoolean() ? "cm.popret" : "cm.popretz");
        };
    }

    /** Saves registers, changes some, and restores them. */
    private String balanced(int count) {
        int more = random.nextInt(4);
        return String.join(
                "\n",
                "addi sp, sp, " + ROOM,
                "cm.push " + frame(count, more, -1),
                "xori s2, s2, -1",
                "addi x1, x1, 1",
                "cm.pop " + frame(count, more, 1),
                "addi sp, sp, " + -ROOM);
    }

    /** Does so as a function does. */
    private String called(int count, String end) {
        int more = random.nextInt(4);
        return String.join(
                "\n",
                "addi sp, sp, " + ROOM,
                "jal x1, HERE.over",
                "jal x0, HERE.back",
                "HERE.over: cm.push " + frame(count, more, -1),
                "xori s2, s2, -1",
                end + " " + frame(count, more, 1),
                "HERE.back: addi sp, sp, " + -ROOM);
    }

    /** Jumps to the next item through a table, whose only entry in use is in its first 64 bytes. */
    private String table(int index) {
        int bytes = xlen / 8;
        int first = index & -8;
        String entry = xlen == 64 ? ".dword HERE.end" : ".word HERE.end";
        return String.join(
                "\n",
                "jal x5, HERE.over",
                ".balign 64",
                String.join("\n", Collections.nCopies(8, entry)),
                "HERE.over: addi x5, x5, 63",
                "andi x5, x5, -64",
                "addi x5, x5, " + -first * bytes,
                "csrrw x0, jvt, x5",
                (index < 32 ? "cm.jt " : "cm.jalt ") + index,
                "xori s2, s2, -1",
                "HERE.end: addi x5, x5, 1");
    }

    /** The operands for ra and the first {@code count} saved registers: 11 is no list, so that it stands for 12. */
    private String frame(int count, int more, int sign) {
        int registers = count == 11 ? 12 : count;
        int bytes = ((registers + 1) * (xlen / 8) + BLOCK - 1) / BLOCK * BLOCK + more * BLOCK;
        String list = registers == 0 ? "" : registers == 1 ? ", s0" : ", s0-s" + (registers - 1);
        return "{ra" + list + "}, " + sign * bytes;
    }
}
