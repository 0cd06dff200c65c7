package dev.rhea.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.cpu.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole programs in lockstep: at each system call of each thread the translated tiers have to be where the interpreter was,
 * with the same registers, floating-point flags and number of executed instructions.
 */
class ProgramLockstepTest {
    @TempDir
    static Path folder;

    private static final Map<String, List<String>> PROGRAMS = new LinkedHashMap<>();

    private static final Map<String, CallTrace> INTERPRETED = new LinkedHashMap<>();

    private static final String BASH = """
            declare -A seen; text=; sum=0
            for ((i = 0; i < 300; i++)); do
              key=$((i * 7919 % 97)); seen[$key]=$((${seen[$key]:-0} + 1)); text+=${key}_; ((sum += key ** 2))
            done
            f() { local n=$1; ((n < 2)) && { r=1; return; }; f $((n - 1)); local a=$r; f $((n - 2)); ((r += a)); }
            f 10; [[ $text =~ (4[0-9])_ ]]; printf '%s %d %x %.3f\\n' "${BASH_REMATCH[1]}" $sum $r 2.5 "${!seen[*]}"
            case ${text//_/-} in *-13-*) echo found "${text: -20}" ;; esac; trap 'echo end' EXIT
            """;

    private static final String AWK = """
            { n[$1 % 7] += $2; s = s sprintf("%c", 97 + $1 % 26); t += sqrt($2) * sin($1) / 3 }
            END { for (i = 0; i < 7; i++) print i, n[i]; print substr(s, 5, 30), toupper(s) ~ /XYZ/, t, exp(1), length(s) }
            """;

    @BeforeAll
    static void prepare() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            lines.append(i * 7919 % 1000)
                    .append(' ')
                    .append(i * 31 % 17)
                    .append(" line ")
                    .append(i)
                    .append('\n');
        }
        String data = Files.writeString(folder.resolve("data"), lines).toString();
        String busybox = GuestPrograms.busybox().toString();
        PROGRAMS.put("sha256sum", List.of(busybox, "sha256sum", data));
        PROGRAMS.put("sort", List.of(busybox, "sort", "-k2n", "-k1r", data));
        PROGRAMS.put("awk", List.of(busybox, "awk", AWK, data));
        PROGRAMS.put("gzip", List.of(busybox, "gzip", "-c", data));
        PROGRAMS.put(
                "pipeline",
                List.of(busybox, "ash", "-c", "for i in 1 2 3; do echo $i c b a | tr ' ' '\\n' | sort | md5sum; done"));
        PROGRAMS.put("bash", List.of(GuestPrograms.bash().toString(), "-c", BASH));
        for (String name : List.of("fenv", "faults", "frames")) {
            PROGRAMS.put(
                    name, List.of(GuestPrograms.compiled(name, folder, "-O2").toString()));
        }
    }

    private static Stream<Arguments> programsInTranslatedTiers() {
        return Stream.of("sha256sum", "sort", "awk", "gzip", "pipeline", "bash", "fenv", "faults", "frames")
                .flatMap(name -> Stream.of(Engine.Tiers.NATIVE, Engine.Tiers.REGIONS, Engine.Tiers.DEFAULT)
                        // Translating all that bash executes once takes long; the smaller programs go through every
                        // tier.
                        .filter(tiers -> tiers != Engine.Tiers.REGIONS || !name.equals("bash"))
                        .map(tiers -> Arguments.of(name, tiers)));
    }

    private static CallTrace run(String name, Engine.Tiers tiers) throws LoadFailure, InterruptedException {
        Architecture.Guest guest = GuestPrograms.riscv64();
        CallTrace trace = new CallTrace(guest.linux());
        List<byte[]> words = new ArrayList<>();
        for (String word : Objects.requireNonNull(PROGRAMS.get(name))) {
            words.add(GuestPrograms.bytes(word));
        }
        try (UserMode linux = new UserMode(guest, GuestPrograms.settings(tiers))) {
            linux.observeCalls(trace);
            linux.runDetached(words.getFirst(), words, List.of(GuestPrograms.bytes("PATH=/bin")));
        }
        return name.equals("pipeline") ? trace.withoutFirst() : trace;
    }

    @ParameterizedTest(name = "{0} is at each system call where the interpreter was, tiers {1}")
    @MethodSource("programsInTranslatedTiers")
    void isAtEachSystemCallWhereTheInterpreterWas(String name, Engine.Tiers tiers)
            throws LoadFailure, InterruptedException {
        CallTrace expected = INTERPRETED.get(name);
        if (expected == null) {
            expected = run(name, Engine.Tiers.INTERPRETER);
            INTERPRETED.put(name, expected);
            assertThat(expected.length()).isGreaterThan(5);
        }
        CallTrace trace = run(name, tiers);
        assertThat(expected.differenceTo(
                        trace, GuestPrograms.riscv64().isa().globals().all()))
                .as("interpreter and %s", tiers)
                .isNull();
    }
}
