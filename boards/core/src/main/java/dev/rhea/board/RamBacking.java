package dev.rhea.board;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's RAM is made of: {@code -object memory-backend-ram} or {@code memory-backend-file}.
 *
 * @param id the object's name
 * @param size bytes, a multiple of the host's page size
 * @param file what the memory shows, made or made longer where it has to be; null for memory of its own
 * @param shared whether what the guest writes goes to the file
 */
public record RamBacking(String id, long size, @Nullable Path file, boolean shared) {}
