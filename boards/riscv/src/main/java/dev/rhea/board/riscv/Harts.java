package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.CpuModel;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.system.Hart;
import dev.rhea.arch.riscv.system.Interrupt;
import dev.rhea.board.BadMachineException;
import dev.rhea.board.GlobalProperty;
import dev.rhea.board.Workbench;
import dev.rhea.engine.abi.Architecture.BadCpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.irq.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The harts of a board, and the engine that runs them. They may be of several models. */
final class Harts {
    private final Chassis chassis;
    private final Engine engine;
    private final long timebase;
    private final List<Hart> harts = new ArrayList<>();
    private final List<Riscv> models = new ArrayList<>();

    /**
     * An engine without harts.
     *
     * @param most the model whose instructions include those of all others: code is decoded once for all of them, and what a
     *     lesser hart has not (units that are always off, privilege levels) its own state refuses
     * @param timebase frequency of {@code time} in Hz
     */
    Harts(Workbench bench, Riscv most, long timebase) {
        chassis = bench.chassis();
        this.timebase = timebase;
        Engine made = new Engine(most, bench.spec().tiers());
        made.setLog(bench.spec().log());
        engine = made;
        bench.onClose(made);
        bench.setEngine(made);
        // What devices write is code as well.
        chassis.memory().setWriteObserver((host, bytes) -> {
            for (long page = host & -4096L; page < host + bytes; page += 4096) {
                if (made.hasCode(page)) {
                    made.dropCode(page, 4096);
                }
            }
        });
    }

    /** The model that {@code -cpu} names. @param initial what the board has where nothing is said */
    static Riscv model(Workbench bench, int xlen, String initial) throws BadMachineException {
        String given = bench.spec().cpu();
        String text = given == null ? initial : given;
        int comma = text.indexOf(',');
        String model = comma < 0 ? text : text.substring(0, comma);
        StringBuilder whole = new StringBuilder(model);
        try {
            CpuModel.parseSystem(xlen, model);
            for (GlobalProperty global : bench.processorGlobals(classes(model))) {
                String feature = "," + global.property() + "=" + global.value();
                check(xlen, model, global);
                whole.append(feature);
            }
            // What the user says of this machine's processors comes after what holds for all.
            return CpuModel.parseSystem(xlen, whole + text.substring(model.length()));
        } catch (BadCpu e) {
            throw new BadMachineException(String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a property that a model has not, or a value that is none, in the reference's words. */
    private static void check(int xlen, String model, GlobalProperty global) throws BadMachineException {
        String missing = refusal(xlen, model, global.property(), "on");
        if (missing == null || !missing.endsWith("' not found")) {
            missing = refusal(xlen, model, global.property(), global.value());
        }
        if (missing != null) {
            throw new BadMachineException(global.refused(missing));
        }
    }

    /** What is wrong with a feature, without what it was told as; null where nothing is. */
    private static @Nullable String refusal(int xlen, String model, String property, String value) {
        try {
            CpuModel.parseSystem(xlen, model + "," + property + "=" + value);
            return null;
        } catch (BadCpu e) {
            String told = new GlobalProperty(model + "-riscv-cpu", property, value).refused("");
            String message = String.valueOf(e.getMessage());
            return message.startsWith(told) ? message.substring(told.length()) : message;
        }
    }

    /** All that a processor of a model is, for {@code -global}. */
    private static List<String> classes(String model) {
        return List.of(model + "-riscv-cpu", "riscv-cpu", "cpu", "device");
    }

    /** 32 or 64. */
    static int xlen(Workbench bench) {
        return bench.spec().architecture().endsWith("32") ? 32 : 64;
    }

    /** Adds the next hart. */
    void add(Riscv model) {
        Hart hart = new Hart(harts.size(), chassis, engine, model, timebase);
        harts.add(hart);
        models.add(model);
        chassis.add(hart);
    }

    int count() {
        return harts.size();
    }

    List<Hart> all() {
        return List.copyOf(harts);
    }

    /** What each hart is. */
    List<Riscv> models() {
        return List.copyOf(models);
    }

    /** Whether a hart has S mode. */
    boolean hasSupervisor(int hart) {
        return Objects.requireNonNull(models.get(hart).system()).supervisor();
    }

    /** A pin of each hart. */
    List<Line> pins(Interrupt interrupt) {
        return harts.stream().map(hart -> hart.line(interrupt)).toList();
    }

    /** What external interrupts drive: of each hart M mode's pin, and S mode's where it has that. */
    List<Line> externalPins() {
        List<Line> pins = new ArrayList<>();
        for (int i = 0; i < harts.size(); i++) {
            pins.add(harts.get(i).line(Interrupt.MEI));
            if (hasSupervisor(i)) {
                pins.add(harts.get(i).line(Interrupt.SEI));
            }
        }
        return pins;
    }

    /** By which software interrupts of S mode are raised; the hart clears them. */
    List<Line> supervisorSoftware() {
        return harts.stream().map(Harts::raising).toList();
    }

    private static Line raising(Hart hart) {
        return level -> {
            if (level) {
                hart.raiseSupervisorSoftware();
            }
        };
    }
}
