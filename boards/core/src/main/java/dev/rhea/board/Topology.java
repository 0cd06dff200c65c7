package dev.rhea.board;

/**
 * Processors and how they are arranged: {@code -smp}.
 *
 * @param cpus at the start, from 1 on
 * @param maxCpus {@code sockets * cores * threads}, at least {@code cpus}
 */
public record Topology(int cpus, int maxCpus, int sockets, int cores, int threads) {
    public Topology {
        if (cpus < 1 || maxCpus < cpus || sockets < 1 || cores < 1 || threads < 1) {
            throw new IllegalArgumentException("a machine has at least one processor, and not more than its maximum");
        }
        if ((long) sockets * cores * threads != maxCpus) {
            throw new IllegalArgumentException("sockets times cores times threads is the maximum of processors");
        }
    }

    /** So many cores in one socket. */
    public static Topology of(int cpus) {
        return new Topology(cpus, cpus, 1, cpus, 1);
    }
}
