package dev.rhea.difftest;

import dev.rhea.engine.cpu.Engine.Tiers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** {@code difftest ARCH [--seed S] [--count N] ...}: see {@link #USAGE}. */
public final class Main {
    private static final String USAGE = """
            usage: difftest riscv64|riscv32 [option...]
              --seed S         which sequences (default 1)
              --count N        how many instructions our interpreter is to execute (default 1000000)
              --tiers LIST     of interpreter, regions, default (default interpreter,regions)
              --only GROUPS    only instructions of these groups (Zba,Zbb) or this one (sh1add)
              --reference P    the reference's user mode (default: the environment's RHEA_REFERENCE,
                               else Debian sid's, fetched, else the installed qemu-ARCH)
              --code-size      with Zcmp and Zcmt in the place of compressed instructions for doubles
              --case K         only this sequence
              --keep I,J,...   of that sequence only these items
            """;

    /** Sequences per program: the reference starts once for all of them. */
    private static final int BATCH = 200;

    private final Target target;
    private final Reference reference;
    private final List<Tiers> tiers;
    private final Options options;

    private Main(Options options) throws IOException, InterruptedException {
        this.options = options;
        reference = Reference.of(options.reference);
        target = Target.of(options.arch.equals("riscv64") ? 64 : 32, reference.full, options.codeSize, options.only);
        tiers = options.tiers;
    }

    /** What was asked for. */
    private static final class Options {
        String arch = "";
        long seed = 1;
        long count = 1_000_000;
        long single = -1;
        String keep = "";
        String only = "";
        boolean codeSize;
        String reference = "";
        List<Tiers> tiers = List.of(Tiers.INTERPRETER, Tiers.JAVA, Tiers.REGIONS, Tiers.NATIVE);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = parse(args);
        if (options == null) {
            System.err.print(USAGE);
            Runtime.getRuntime().halt(2);
            return;
        }
        boolean same;
        try {
            same = new Main(options).run();
        } catch (IOException e) {
            System.err.println("difftest: cannot run the reference '" + options.reference + "': " + e.getMessage()
                    + "; install qemu-user, or name one with --reference");
            same = false;
        }
        if (!same) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static @org.jspecify.annotations.Nullable Options parse(String[] args) {
        var options = new Options();
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "riscv64", "riscv32" -> options.arch = args[i];
                    case "--seed" -> options.seed = Long.parseLong(args[++i]);
                    case "--count" -> options.count = Long.parseLong(args[++i]);
                    case "--case" -> options.single = Long.parseLong(args[++i]);
                    case "--keep" -> options.keep = args[++i];
                    case "--code-size" -> options.codeSize = true;
                    case "--only" -> options.only = args[++i];
                    case "--reference" -> options.reference = args[++i];
                    case "--tiers" -> {
                        List<Tiers> tiers = new ArrayList<>();
                        for (String name : args[++i].split(",")) {
                            tiers.add(Tiers.valueOf(name.toUpperCase(java.util.Locale.ROOT)));
                        }
                        options.tiers = tiers;
                    }
                    default -> {
                        return null;
                    }
                }
            }
        } catch (RuntimeException e) {
            return null;
        }
        if (options.reference.isEmpty()) {
            String named = System.getenv("RHEA_REFERENCE");
            options.reference = named == null ? "qemu-" + options.arch : named;
        }
        return options.arch.isEmpty() ? null : options;
    }

    /** Whether everything was the same. */
    private boolean run() throws IOException, InterruptedException {
        if (options.single >= 0) {
            Case one = Case.of(target, options.seed, options.single);
            if (!options.keep.isEmpty()) {
                BitSet kept = new BitSet();
                for (String index : options.keep.split(",")) {
                    kept.set(Integer.parseInt(index));
                }
                one = one.with(kept);
            }
            return check(List.of(one)) == 0;
        }
        long executed = 0;
        long number = 0;
        int found = 0;
        while (executed < options.count && found < 10) {
            List<Case> cases = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                cases.add(Case.of(target, options.seed, number++));
            }
            found += check(cases);
            executed += lastExecuted;
        }
        System.out.println(options.arch + ": " + executed + " instructions in " + number + " sequences, seed "
                + options.seed + ", "
                + (target.rows.size() + target.vectorRows.size()) + " different instructions, reference "
                + reference.command + " -cpu " + target.cpu + ": "
                + (found == 0 ? "no difference" : found + " differences"));
        return found == 0;
    }

    private long lastExecuted;

    /** Runs the cases everywhere and reports differences; how many. */
    private int check(List<Case> cases) throws IOException, InterruptedException {
        Program program = Program.of(target, cases);
        Ours.Result theirs = reference.run(program, target.cpu);
        int found = 0;
        if (!theirs.end().isEmpty()) {
            if (cases.size() > 1) {
                // one of them is refused by the reference: find out which
                int half = cases.size() / 2;
                return check(cases.subList(0, half)) + check(cases.subList(half, cases.size()));
            }
            shrink(cases.get(0), tiers.get(0));
            return 1;
        }
        for (Tiers tier : tiers) {
            Ours.Result ours = Ours.run(target.isa, tier, program);
            lastExecuted = ours.executed();
            if (Arrays.equals(ours.output(), theirs.output())) {
                continue;
            }
            if (ours.output().length != theirs.output().length) {
                if (cases.size() > 1) {
                    int half = cases.size() / 2;
                    return check(cases.subList(0, half)) + check(cases.subList(half, cases.size()));
                }
                shrink(cases.get(0), tier);
                found++;
                continue;
            }
            for (int i = 0; i < cases.size() && found < 10; i++) {
                if (!Records.differences(theirs.output(), ours.output(), i).isEmpty()) {
                    shrink(cases.get(i), tier);
                    found++;
                }
            }
        }
        return found;
    }

    private boolean differs(Case one, Tiers tier) throws IOException, InterruptedException {
        Program program = Program.of(target, List.of(one));
        Ours.Result theirs = reference.run(program, target.cpu);
        Ours.Result ours = Ours.run(target.isa, tier, program);
        return theirs.end().isEmpty() != ours.end().isEmpty() || !Arrays.equals(theirs.output(), ours.output());
    }

    /** Leaves out what can be left out, larger pieces first, and reports what remains. */
    private void shrink(Case found, Tiers tier) throws IOException, InterruptedException {
        Case one = found;
        if (!differs(one, tier)) {
            report(one, tier, "differs only after the sequences before it");
            return;
        }
        for (int piece = one.items().size() / 2; piece > 0; piece = piece == 1 ? 0 : Math.max(1, piece / 2)) {
            for (int at = 0; at < one.items().size(); at += piece) {
                BitSet fewer = (BitSet) one.kept().clone();
                fewer.clear(at, at + piece);
                if (!fewer.equals(one.kept()) && differs(one.with(fewer), tier)) {
                    one = one.with(fewer);
                }
            }
        }
        report(one, tier, "");
    }

    private void report(Case one, Tiers tier, String why) throws IOException, InterruptedException {
        System.out.println("difference in sequence " + one.number() + ", "
                + tier.name().toLowerCase(java.util.Locale.ROOT) + (why.isEmpty() ? "" : ": " + why));
        for (String line : one.assembly("L").split("\n")) {
            if (!line.endsWith(":")) {
                System.out.println("    " + line);
            }
        }
        Program program = Program.of(target, List.of(one));
        Ours.Result theirs = reference.run(program, target.cpu);
        Ours.Result ours = Ours.run(target.isa, tier, program);
        if (!theirs.end().isEmpty()) {
            System.out.println("  the reference ended with " + theirs.end());
        }
        if (!ours.end().isEmpty()) {
            System.out.println("  ours ended with " + ours.end());
        } else if (theirs.end().isEmpty()) {
            Records.differences(theirs.output(), ours.output(), 0).forEach(System.out::println);
            System.out.println("  before:" + inputs(one));
        }
        System.out.println("  again: ./dev difftest " + options.arch + " --seed " + options.seed + " --case "
                + one.number()
                + " --keep " + one.keptList() + " --tiers " + tier.name().toLowerCase(java.util.Locale.ROOT)
                + (options.only.isEmpty() ? "" : " --only " + options.only));
    }

    /** The registers that a short sequence names, as they are before it. */
    private String inputs(Case one) {
        var text = new StringBuilder();
        if (one.kept().cardinality() > 8) {
            return " (see the command)";
        }
        String assembly = one.assembly("L");
        for (int at = 8; at < Layout.WINDOW; at += 8) {
            if (at >= Layout.FCSR || mentions(assembly, Records.name(at))) {
                text.append(String.format(" %s=%x", Records.name(at), Records.get(one.record(), at)));
            }
        }
        return text.toString();
    }

    private static final String[] ABI = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    private static final String[] ABI_FLOATS = {
        "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
        "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10",
                "ft11",
    };

    private static boolean mentions(String assembly, String register) {
        int number = Integer.parseInt(register.substring(1));
        String abi = register.charAt(0) == 'x' ? ABI[number] : ABI_FLOATS[number];
        for (String word : assembly.split("[\\s,()]+")) {
            if (word.equals(register) || word.equals(abi)) {
                return true;
            }
        }
        return false;
    }
}
