package dev.rhea.bench;

import java.util.List;
import java.util.Map;

/**
 * A whole run of a real program.
 *
 * @param name for the table
 * @param words options, program and arguments
 * @param environment for the guest; RUN is added by the benchmark
 */
record Program(String name, List<String> words, Map<String, String> environment) {}
