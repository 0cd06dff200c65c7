package dev.rhea.engine.decode;

/** Walks a row's syntax: prints an instruction with it, or reads one. */
final class Syntax {
    private Syntax() {}

    static String print(Insn insn, Operands operands, long pc) {
        String syntax = insn.row().syntax();
        var out = new StringBuilder();
        for (int at = 0; at < syntax.length(); ) {
            char c = syntax.charAt(at);
            if (c == '{') {
                int end = syntax.indexOf('}', at);
                operands.print(out, syntax.substring(at + 1, end), insn, pc);
                at = end + 1;
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    /** The bits of the instruction that {@code text} is after the row's mnemonic. */
    static long parse(Row<?> row, Operands operands, AssemblyText text) throws AssemblyException {
        String syntax = row.syntax();
        long bits = row.encoding().match();
        for (int at = row.mnemonic().length(); at < syntax.length(); ) {
            char c = syntax.charAt(at);
            if (c == '{') {
                int end = syntax.indexOf('}', at);
                bits |= operands.parse(text, syntax.substring(at + 1, end), row.encoding());
                at = end + 1;
            } else if (c == ' ') {
                at++;
            } else {
                int end = at;
                while (end < syntax.length() && syntax.charAt(end) != '{' && syntax.charAt(end) != ' ') {
                    end++;
                }
                String literal = syntax.substring(at, end);
                if (!text.accept(literal)) {
                    throw text.error("'" + literal + "' is missing");
                }
                at = end;
            }
        }
        if (!text.atEnd()) {
            throw text.error("the instruction goes on where its operands end");
        }
        return bits;
    }
}
