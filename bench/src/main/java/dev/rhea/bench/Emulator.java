package dev.rhea.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that runs riscv64 programs.
 *
 * @param name for the table
 * @param command the words before its options
 * @param executes whether a guest's exec of a guest program works; otherwise the guest must name the emulator itself
 */
record Emulator(String name, List<String> command, boolean executes) {
    List<String> running(List<String> words) {
        List<String> all = new ArrayList<>(command);
        all.addAll(words);
        return all;
    }
}
