package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.SystemOptions;
import dev.rhea.engine.abi.Architecture.BadCpu;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** Which translation schemes a model has: smaller ones come with a larger one, and the largest is what users choose. */
final class SatpModes {
    private final int xlen;
    private final CpuModel model;
    private final TreeMap<Integer, Boolean> said = new TreeMap<>();

    SatpModes(int xlen, CpuModel model) {
        this.xlen = xlen;
        this.model = model;
    }

    /** The names of all schemes, from the smallest on, whether a model has them or not. */
    static List<String> names(int xlen) {
        return xlen == 32 ? List.of("sv32") : List.of("sv39", "sv48", "sv57", "sv64");
    }

    /** Switches a scheme. @param at index in {@link #names} */
    void set(int at, boolean value) {
        said.put(at, value);
    }

    /** The mode of {@code satp} for a scheme. */
    private int mode(int at) {
        return xlen == 32 ? SystemOptions.SV32 : SystemOptions.SV39 + at;
    }

    /** What the hardware can do; a bare model can do all. */
    private int capability() {
        int widest = xlen == 32 ? SystemOptions.SV32 : SystemOptions.SV57;
        return model.kind() == CpuModel.Choice.BARE ? widest : model.maxMode();
    }

    /** The largest mode. @throws BadCpu where what was said cannot be */
    int largest() throws BadCpu {
        List<Integer> on = new ArrayList<>();
        said.forEach((at, value) -> {
            if (value) {
                on.add(at);
            }
        });
        if (!on.isEmpty()) {
            int top = Collections.max(on);
            if (mode(top) > capability()) {
                throw new BadCpu("satp_mode " + name(top) + " is higher than hw max capability " + capabilityName());
            }
            for (int at = 0; at < top; at++) {
                if (Boolean.FALSE.equals(said.get(at))) {
                    throw new BadCpu("cannot disable " + name(at) + " satp mode if " + name(top) + " is enabled");
                }
            }
            return mode(top);
        }
        int largest = model.maxMode();
        for (int at : said.keySet()) { // none but those that are off
            if (mode(at) <= largest) {
                return at == 0 ? SystemOptions.BARE : mode(at - 1);
            }
        }
        return largest;
    }

    private String name(int at) {
        return names(xlen).get(at);
    }

    private String capabilityName() {
        int at = capability() - mode(0);
        return at < 0 ? "none" : name(at);
    }
}
