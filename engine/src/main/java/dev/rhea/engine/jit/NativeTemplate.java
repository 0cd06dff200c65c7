package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import java.util.List;

/**
 * Machine code for one operation whose operands are in registers, whatever they will be: what the interpreter's loop is made
 * of. The emitters are those of regions, so the meaning of an operation in machine code stands in one place.
 *
 * <p>The code uses RAX, RCX, RDX, RSI, RDI and XMM0 to XMM5, wants {@link NativeState} in RBP and the soft TLB in R14, and leaves
 * all other registers alone.
 */
public final class NativeTemplate {
    /** Operands, as I64 globals, and where they are. */
    public static final Global A = new Global("a", Type.I64, 0);

    public static final Global B = new Global("b", Type.I64, 1);
    public static final Global C = new Global("c", Type.I64, 2);
    /** The result. */
    public static final Global D = new Global("d", Type.I64, 3);

    public static final int A_REGISTER = Assembler.R8;
    public static final int B_REGISTER = Assembler.R9;
    public static final int C_REGISTER = Assembler.R13;
    public static final int D_REGISTER = Assembler.R10;

    private static final Global[] PLACED = {A, B, C, D};
    private static final int[] REGISTERS = {A_REGISTER, B_REGISTER, C_REGISTER, D_REGISTER};

    private final NativeValues values;
    private final NativeBody body;

    public NativeTemplate(Assembler asm) {
        values = new NativeValues(asm, new NativeRegisters(PLACED, REGISTERS));
        body = new NativeBody(values, Spans.none(), leave -> leave);
    }

    /**
     * Emits what the nodes do.
     *
     * @param leave where to go, with nothing done, where the operation needs Java after all
     * @return false if there is no machine code for them; then what was emitted is of no use
     */
    public boolean emit(List<Node> nodes, Label leave) {
        if (!NativeSupport.supported(nodes)) {
            return false;
        }
        var instruction = new Instruction(0, 0, nodes);
        try {
            if (NativeBody.usesFloats(instruction)) {
                body.beginFloats();
            }
            body.emit(instruction, leave);
            return true;
        } catch (NativeValues.TooComplex e) {
            values.abandon();
            body.abandon();
            return false;
        }
    }

    /** Emits what is out of the way, to be called once behind all else. */
    public void finish() {
        body.finish();
    }

    /** Emits a comparison. @return the condition code under which the last node, an I32, is not 0 */
    public int condition(List<Node> nodes) {
        var instruction = new Instruction(0, 0, nodes);
        values.begin(instruction, Schedule.of(instruction), new Label());
        return values.conditions.condition(nodes.getLast());
    }
}
