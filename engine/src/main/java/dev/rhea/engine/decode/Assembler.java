package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns assembly into bits with the rows that decode them, so that tests and small guests need no cross compiler. It knows every
 * row's syntax as it is, the pseudo-instructions of the architecture's {@link Dialect}, labels ({@code loop:}, {@code 1:}), comments
 * ({@code #}), {@link Directives} and {@link Expression}s. There are no sections, no linking, no relaxation and no macros.
 * Little-endian.
 */
public final class Assembler {
    private final Operands operands;
    private final Dialect dialect;
    private final Map<String, List<Row<?>>> byMnemonic = new HashMap<>();

    public Assembler(Table<?> table, Operands operands, Dialect dialect) {
        this.operands = operands;
        this.dialect = dialect;
        for (Row<?> row : table.rows()) {
            byMnemonic.computeIfAbsent(row.mnemonic(), k -> new ArrayList<>()).add(row);
        }
    }

    /** With instructions only. */
    public Assembler(Table<?> table, Operands operands) {
        this(table, operands, Dialect.PLAIN);
    }

    /**
     * Code and what its symbols are.
     *
     * @param labels labels with names, and what {@code .equ} defined
     */
    public record Program(byte[] code, Map<String, Long> labels) {}

    /** One instruction. */
    public Insn instruction(String line, long pc) throws AssemblyException {
        return instruction(line, pc, Symbols.none());
    }

    /**
     * A text of many lines.
     *
     * @param origin address of the first byte
     * @throws AssemblyException naming the first line that is wrong
     */
    public Program assemble(String text, long origin) throws AssemblyException {
        String[] lines = text.split("\n", -1);
        Symbols symbols = Symbols.collecting();
        assemble(lines, origin, symbols);
        symbols.readAgain();
        byte[] code = assemble(lines, origin, symbols);
        return new Program(code, symbols.named());
    }

    private byte[] assemble(String[] lines, long origin, Symbols symbols) throws AssemblyException {
        var out = new Directives(origin, symbols, dialect);
        for (int i = 0; i < lines.length; i++) {
            try {
                statement(SourceLine.of(lines[i]), symbols, out);
            } catch (AssemblyException e) {
                throw new AssemblyException("line " + (i + 1) + ": " + e.getMessage());
            }
        }
        return out.bytes();
    }

    private void statement(SourceLine line, Symbols symbols, Directives out) throws AssemblyException {
        for (String label : line.labels()) {
            symbols.label(label, out.address());
        }
        String text = line.statement();
        if (text.startsWith(".")) {
            out.take(text);
        } else if (!text.isEmpty()) {
            int end = firstWord(text);
            var rest = new AssemblyText(text, end, out.address(), symbols, dialect);
            List<String> expanded = dialect.expand(text.substring(0, end), rest);
            for (String each : expanded == null ? List.of(text) : expanded) {
                Insn insn = instruction(each, out.address(), symbols);
                out.add(insn.bits(), insn.length());
            }
        }
    }

    /** Where the first word ends. */
    static int firstWord(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return end;
    }

    private Insn instruction(String line, long pc, Symbols symbols) throws AssemblyException {
        int end = firstWord(line);
        // operands may stand in the first word: amoadd.w.aq, vlseg3e8.v
        AssemblyException last = null;
        for (int cut = end; cut > 0; cut--) {
            for (Row<?> row : byMnemonic.getOrDefault(line.substring(0, cut), List.of())) {
                try {
                    var text = new AssemblyText(line, cut, pc, symbols, dialect);
                    Insn insn = new Insn(row, Syntax.parse(row, operands, text));
                    if (!symbols.isComplete() || row.legal().test(insn)) {
                        return insn;
                    }
                    last = new AssemblyException("'" + line + "' is reserved");
                } catch (AssemblyException e) {
                    last = last == null ? e : last;
                }
            }
        }
        throw last != null
                ? last
                : new AssemblyException("there is no instruction '" + line.substring(0, end) + "', in '" + line + "'");
    }
}
