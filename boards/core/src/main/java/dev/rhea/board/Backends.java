package dev.rhea.board;

import dev.rhea.block.Drive;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.Chardevs;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.rng.RandomSource;
import dev.rhea.network.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is at the other end of a machine's devices, by the names that devices ask for. Whoever opened them says so here; from then
 * on the machine closes them.
 *
 * @param networkInfo what monitors say of each network
 * @param randoms sources of random numbers, and {@code threads} the names of iothreads: objects that devices name
 * @param serials what the board's serial ports are connected to, in their order; null for a port without anything
 * @param boardDrives names of drives by the place on the board that they are for: {@code sd0}
 * @param cards what the board's network cards are told, in their order
 */
public record Backends(
        Map<String, Drive> drives,
        Map<String, Port> networks,
        Map<String, String> networkInfo,
        Map<String, SharedFolder> folders,
        Map<String, RandomSource> randoms,
        Set<String> threads,
        Chardevs chardevs,
        List<@Nullable Chardev> serials,
        Map<String, String> boardDrives,
        List<NetworkCard> cards) {
    public Backends {
        drives = new LinkedHashMap<>(drives);
        networks = new LinkedHashMap<>(networks);
        networkInfo = new LinkedHashMap<>(networkInfo);
        folders = new LinkedHashMap<>(folders);
        randoms = new LinkedHashMap<>(randoms);
        threads = Set.copyOf(threads);
        boardDrives = Map.copyOf(boardDrives);
        cards = List.copyOf(cards);
    }

    /** What a serial port is connected to, by its number on the board; null for nothing. */
    public @Nullable Chardev serial(int number) {
        return number < serials.size() ? serials.get(number) : null;
    }
}
