package dev.rhea.user.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sequences of calls on a family of address spaces against a model that is too simple to be wrong: a page is a
 * protection and a few numbers, shared pages are the same object.
 */
class AddressSpaceModelTest {
    private static final long BASE = 0x1000_0000L;
    private static final int PAGES = 80;
    private static final int FILE_PAGES = 24;
    private static final int SLOTS = 4;
    private static final int PAGE = 4096;

    /** A page of the model. */
    private static final class Page {
        int prot;
        final boolean shared;

        /** What it shows, if it has not been written privately. */
        final Content source;

        Content content;

        Page(int prot, boolean shared, Content source) {
            this.prot = prot;
            this.shared = shared;
            this.source = source;
            this.content = source;
        }

        Page copy() {
            Page copy = new Page(prot, shared, source);
            copy.content = shared || content == source ? content : content.copy();
            return copy;
        }
    }

    private static final class Content {
        final long[] slots = new long[SLOTS];

        Content copy() {
            Content copy = new Content();
            System.arraycopy(slots, 0, copy.slots, 0, SLOTS);
            return copy;
        }
    }

    private static final class Pair {
        final AddressSpace space;
        final Page[] pages = new Page[PAGES];

        Pair(AddressSpace space) {
            this.space = space;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void spacesBehaveAsTheModelSays(long seed) {
        new Run(seed).run(6000);
    }

    /** Reproduces: -Drhea.seed=S with the seed from a failure. */
    @Test
    void aSeedFromTheCommandLine() {
        new Run(Long.getLong("rhea.seed", 99)).run(2000);
    }

    private static final class Run {
        final Random random;
        final long seed;
        final GuestRam ram = new GuestRam(NO_CODE, 64L << 20);
        final List<Pair> pairs = new ArrayList<>();
        final int privateFd = file();
        final int sharedFd = file();
        final Content[] privateFile = new Content[FILE_PAGES];
        final Content[] sharedFile = new Content[FILE_PAGES];

        Run(long seed) {
            this.seed = seed;
            random = new Random(seed);
        }

        void run(int steps) {
            long page = RawMemory.allocate(PAGE);
            for (int i = 0; i < FILE_PAGES; i++) {
                privateFile[i] = new Content();
                sharedFile[i] = new Content();
                for (int s = 0; s < SLOTS; s++) {
                    privateFile[i].slots[s] = random.nextLong();
                    RawMemory.putLong(page + s * 1024L, privateFile[i].slots[s]);
                }
                assertThat(Syscall.call(SyscallNumber.PWRITE64, privateFd, page, PAGE, (long) i * PAGE))
                        .isEqualTo(PAGE);
            }
            pairs.add(new Pair(new AddressSpace(ram, true, false, new byte[8])));
            for (int step = 0; step < steps; step++) {
                try {
                    step();
                } catch (RuntimeException | AssertionError e) {
                    fail("step " + step + " of seed " + seed + "; again with -Drhea.seed=" + seed, e);
                }
            }
            for (Pair pair : pairs) {
                for (int i = 0; i < PAGES; i++) {
                    read(pair, i);
                }
                pair.space.close();
            }
            RawMemory.free(page);
            // What is left is what the file cache keeps, and the trampoline.
            ram.reclaim();
            assertThat(ram.usedPages()).isEqualTo(FramePool.CLUSTER_PAGES);
            ram.close();
            Syscall.call(SyscallNumber.CLOSE, privateFd);
            Syscall.call(SyscallNumber.CLOSE, sharedFd);
        }

        void step() {
            Pair pair = pairs.get(random.nextInt(pairs.size()));
            int first = random.nextInt(PAGES);
            int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 6);
            int end = Math.min(PAGES, first + count);
            switch (random.nextInt(20)) {
                case 0, 1 -> mapAnonymous(pair, first, end, false);
                case 2 -> mapAnonymous(pair, first, end, true);
                case 3 -> mapFile(pair, first, end, false);
                case 4 -> mapFile(pair, first, end, true);
                case 5 -> {
                    assertThat(mapper(pair).unmap(address(first), (end - first) * (long) PAGE))
                            .isZero();
                    for (int i = first; i < end; i++) {
                        pair.pages[i] = null;
                    }
                }
                case 6, 7 -> protect(pair, first, end);
                case 8 -> discard(pair, first, end);
                case 9 -> fork(pair);
                case 10 -> remap(pair, first, end);
                case 11, 12, 13, 14, 15 -> write(pair, first);
                default -> read(pair, first);
            }
        }

        void mapAnonymous(Pair pair, int first, int end, boolean shared) {
            int prot = random.nextInt(8);
            int flags = (shared ? 1 : 2) | Mapper.MAP_ANONYMOUS | Mapper.MAP_FIXED;
            mapper(pair).map(address(first), (end - first) * (long) PAGE, prot, flags, null, 0, -1);
            for (int i = first; i < end; i++) {
                pair.pages[i] = new Page(prot, shared, new Content());
            }
        }

        void mapFile(Pair pair, int first, int end, boolean shared) {
            int prot = random.nextInt(8);
            int from = random.nextInt(FILE_PAGES);
            int pages = Math.min(end - first, FILE_PAGES - from);
            FileIdentity identity = FileIdentity.of(shared ? sharedFd : privateFd);
            Backing backing =
                    shared ? ram.files.openShared(sharedFd, identity, true) : ram.files.open(privateFd, identity);
            mapper(pair)
                    .map(
                            address(first),
                            pages * (long) PAGE,
                            prot,
                            (shared ? 1 : 2) | Mapper.MAP_FIXED,
                            backing,
                            from * (long) PAGE,
                            -1);
            for (int i = 0; i < pages; i++) {
                pair.pages[first + i] = new Page(prot, shared, (shared ? sharedFile : privateFile)[from + i]);
            }
        }

        void protect(Pair pair, int first, int end) {
            int prot = random.nextInt(8);
            long result = mapper(pair).protect(address(first), (end - first) * (long) PAGE, prot);
            boolean hole = false;
            for (int i = first; i < end && !hole; i++) {
                hole = pair.pages[i] == null;
                if (!hole) {
                    pair.pages[i].prot = prot;
                }
            }
            assertThat(result).isEqualTo(hole ? -12 : 0);
        }

        void discard(Pair pair, int first, int end) {
            mapper(pair).each(address(first), (end - first) * (long) PAGE, (vma, from, to) -> {
                pair.space.map.discard(from, to);
                return 0;
            });
            for (int i = first; i < end; i++) {
                Page page = pair.pages[i];
                if (page != null && !page.shared) {
                    page.content = page.source;
                }
            }
        }

        void fork(Pair pair) {
            if (pairs.size() == 4) {
                Pair gone = pairs.remove(random.nextInt(4));
                gone.space.close();
                return;
            }
            Pair child = new Pair(pair.space.fork());
            for (int i = 0; i < PAGES; i++) {
                child.pages[i] = pair.pages[i] == null ? null : pair.pages[i].copy();
            }
            pairs.add(child);
        }

        /** Moves a range within one mapping to a place below the window, which is then moved on to where there was something. */
        void remap(Pair pair, int first, int end) {
            int to = random.nextInt(PAGES);
            int count = end - first;
            if (to + count > PAGES || to < end && first < to + count) {
                return;
            }
            long result =
                    mapper(pair).remap(address(first), count * (long) PAGE, count * (long) PAGE, 3, address(to), -1);
            if (result < 0) {
                // Refused since it is more than one mapping; but what was at the target is gone if it came so far.
                assertThat(result).isEqualTo(-14);
                return;
            }
            for (int i = 0; i < count; i++) {
                pair.pages[to + i] = pair.pages[first + i];
                pair.pages[first + i] = null;
            }
        }

        void write(Pair pair, int i) {
            int slot = random.nextInt(SLOTS);
            long value = random.nextLong();
            Page page = pair.pages[i];
            boolean allowed = page != null && (page.prot & 2) != 0;
            try {
                pair.space.write(address(i) + slot * 1024L, value, 8);
                assertThat(allowed).as("write to page %d", i).isTrue();
                if (!page.shared && page.content == page.source) {
                    page.content = page.source.copy();
                }
                page.content.slots[slot] = value;
            } catch (BadAddress e) {
                assertThat(allowed).as("write to page %d", i).isFalse();
            }
        }

        void read(Pair pair, int i) {
            int slot = random.nextInt(SLOTS);
            Page page = pair.pages[i];
            boolean allowed = page != null && (page.prot & 3) != 0;
            try {
                long value = pair.space.read(address(i) + slot * 1024L, 8);
                assertThat(allowed).as("read of page %d", i).isTrue();
                assertThat(value).as("page %d slot %d", i, slot).isEqualTo(page.content.slots[slot]);
            } catch (BadAddress e) {
                assertThat(allowed).as("read of page %d", i).isFalse();
            }
        }

        static Mapper mapper(Pair pair) {
            return new Mapper(pair.space);
        }

        static long address(int page) {
            return BASE + (long) page * PAGE;
        }
    }

    static final GuestRam.DecodedCode NO_CODE = new GuestRam.DecodedCode() {
        @Override
        public boolean isIn(long page) {
            return false;
        }

        @Override
        public void drop(long page) {}
    };

    /** A file without a name, of FILE_PAGES pages of zeros. */
    static int file() {
        long name = RawMemory.allocate(16);
        RawMemory.putByte(name, (byte) 'f');
        int fd = (int) Syscall.call(SyscallNumber.MEMFD_CREATE, name, 1);
        RawMemory.free(name);
        assertThat(fd).isNotNegative();
        assertThat(Syscall.call(SyscallNumber.FTRUNCATE, fd, (long) FILE_PAGES * PAGE))
                .isZero();
        return fd;
    }
}
