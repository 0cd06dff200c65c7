package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns assembly into bits with the rows that decode them, so that tests need no cross compiler. It knows labels
 * ({@code loop:}), comments ({@code #}), the directives {@code .byte .half .word .dword .zero .balign}, and every row's syntax
 * as it is; no aliases and no relaxation. Little-endian.
 */
public final class Assembler {
    private final Operands operands;
    private final Map<String, List<Row<?>>> byMnemonic = new HashMap<>();

    public Assembler(Table<?> table, Operands operands) {
        this.operands = operands;
        for (Row<?> row : table.rows()) {
            byMnemonic.computeIfAbsent(row.mnemonic(), k -> new ArrayList<>()).add(row);
        }
    }

    /** Code and where its labels are. */
    public record Program(byte[] code, Map<String, Long> labels) {}

    /** One instruction. */
    public Insn instruction(String line, long pc) throws AssemblyException {
        return instruction(line, pc, Map.of());
    }

    /**
     * A text of many lines.
     *
     * @param origin address of the first byte
     * @throws AssemblyException naming the first line that is wrong
     */
    public Program assemble(String text, long origin) throws AssemblyException {
        String[] lines = text.split("\n");
        Map<String, Long> labels = new HashMap<>();
        assemble(lines, origin, null, labels);
        byte[] code = assemble(lines, origin, labels, new HashMap<>());
        return new Program(code, Map.copyOf(labels));
    }

    private byte[] assemble(String[] lines, long origin, @Nullable Map<String, Long> known, Map<String, Long> found)
            throws AssemblyException {
        var out = new Bytes();
        for (String whole : lines) {
            int comment = whole.indexOf('#');
            String line = (comment < 0 ? whole : whole.substring(0, comment)).trim();
            int colon = line.indexOf(':');
            while (colon >= 0) {
                if (found.put(line.substring(0, colon).trim(), origin + out.size) != null) {
                    throw new AssemblyException("label '" + line.substring(0, colon) + "' is there twice");
                }
                line = line.substring(colon + 1).trim();
                colon = line.indexOf(':');
            }
            if (line.startsWith(".")) {
                directive(line, origin, out, known);
            } else if (!line.isEmpty()) {
                Insn insn = instruction(line, origin + out.size, known);
                out.add(insn.bits(), insn.length());
            }
        }
        return Arrays.copyOf(out.bytes, out.size);
    }

    private Insn instruction(String line, long pc, @Nullable Map<String, Long> labels) throws AssemblyException {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        // operands may stand in the first word: amoadd.w.aq, vlseg3e8.v
        AssemblyException last = null;
        for (int cut = end; cut > 0; cut--) {
            for (Row<?> row : byMnemonic.getOrDefault(line.substring(0, cut), List.of())) {
                try {
                    Insn insn = new Insn(row, Syntax.parse(row, operands, new AssemblyText(line, cut, pc, labels)));
                    if (labels == null || row.legal().test(insn)) {
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

    private static void directive(String line, long origin, Bytes out, @Nullable Map<String, Long> labels)
            throws AssemblyException {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        String name = line.substring(0, end);
        var text = new AssemblyText(line, end, origin + out.size, labels);
        switch (name) {
            case ".byte", ".half", ".word", ".dword" -> {
                int size = name.equals(".byte") ? 1 : name.equals(".half") ? 2 : name.equals(".word") ? 4 : 8;
                do {
                    out.add(text.address(), size);
                } while (text.accept(","));
            }
            case ".zero" -> {
                for (long left = text.number(); left > 0; left--) {
                    out.add(0, 1);
                }
            }
            case ".balign" -> {
                for (long to = text.number(); (origin + out.size) % to != 0; ) {
                    out.add(0, 1);
                }
            }
            default -> throw new AssemblyException("there is no directive '" + name + "'");
        }
    }

    /** Bytes that grow. */
    private static final class Bytes {
        private byte[] bytes = new byte[256];
        private int size;

        void add(long value, int count) {
            if (size + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            for (int i = 0; i < count; i++) {
                bytes[size++] = (byte) (value >>> 8 * i);
            }
        }
    }
}
