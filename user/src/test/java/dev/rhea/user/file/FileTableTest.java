package dev.rhea.user.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FileTableTest {
    private static Description open() {
        return new Description(Host.open("/dev/null", Linux.O_RDWR), Description.Kind.FILE, false);
    }

    private static boolean isOpenOnHost(int hostFd) {
        return Syscall.call(SyscallNumber.FCNTL, hostFd, Linux.F_GETFD, 0) >= 0;
    }

    private static void assertFails(int errno, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number).isEqualTo(errno));
    }

    @Test
    void theLowestFreeDescriptorIsGiven() {
        FileTable table = new FileTable();
        for (int i = 0; i < 200; i++) {
            assertThat(table.install(open(), false)).isEqualTo(i);
        }
        table.close(7);
        table.close(3);
        assertThat(table.install(open(), false)).isEqualTo(3);
        assertThat(table.install(open(), false)).isEqualTo(7);
        assertThat(table.install(open(), false)).isEqualTo(200);
        assertThat(table.install(open(), false, 300)).isEqualTo(300);
        assertThat(table.install(open(), false)).isEqualTo(201);
        table.close();
    }

    @Test
    void aFullTableAnswersEmfileAndClosesWhatItWasGiven() {
        FileTable table = new FileTable();
        table.setLimit(2);
        table.install(open(), false);
        table.install(open(), false);
        Description third = open();
        assertFails(Errno.EMFILE, () -> table.install(third, false));
        assertThat(isOpenOnHost(third.hostFd())).isFalse();
        assertFails(Errno.EINVAL, () -> table.install(open(), false, 2));
        assertFails(Errno.EBADF, () -> table.installAt(2, open(), false));
        table.close();
    }

    @Test
    void whatIsNotOpenAnswersEbadf() {
        FileTable table = new FileTable();
        for (int fd : new int[] {-1, 0, 63, 64, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertFails(Errno.EBADF, () -> table.acquire(fd));
            assertFails(Errno.EBADF, () -> table.close(fd));
            assertFails(Errno.EBADF, () -> table.isCloseOnExec(fd));
        }
    }

    @Test
    void theHostsDescriptorLivesAsLongAsAnyReference() {
        FileTable table = new FileTable();
        Description d = open();
        int fd = table.install(d, false);
        FileTable child = table.copy();
        Description inUse = table.acquire(fd);
        table.close(fd);
        child.close();
        assertThat(isOpenOnHost(d.hostFd())).isTrue();
        inUse.release();
        assertThat(isOpenOnHost(d.hostFd())).isFalse();
    }

    @Test
    void closeOnExecIsPerDescriptorAndForgottenAtClose() {
        FileTable table = new FileTable();
        int kept = table.install(open(), false);
        int gone = table.install(open(), true);
        table.installAt(100, table.acquire(gone), false);
        table.closeOnExec();
        assertThat(table.isOpen(kept)).isTrue();
        assertThat(table.isOpen(gone)).isFalse();
        assertThat(table.isOpen(100)).isTrue();
        assertThat(table.install(open(), false)).isEqualTo(gone);
        assertThat(table.isCloseOnExec(gone)).isFalse();
        table.close();
    }

    @Test
    void closeRangeTakesBothEndsAndTheWholeUnsignedRange() {
        FileTable table = new FileTable();
        for (int i = 0; i < 5; i++) {
            table.install(open(), false);
        }
        table.closeRange(1, 2, true);
        assertThat(table.isCloseOnExec(2)).isTrue();
        assertThat(table.isCloseOnExec(3)).isFalse();
        table.closeRange(1, 2, false);
        assertThat(table.nextOpen(1)).isEqualTo(3);
        table.closeRange(3, -1, false);
        assertThat(table.nextOpen(1)).isEqualTo(-1);
        table.close();
    }

    @Test
    void descriptorsThatThreadsTakeAndCloseAtOnceNeverLeadToAStrangersFile() throws InterruptedException {
        FileTable table = new FileTable();
        table.install(open(), false);
        AtomicInteger wrong = new AtomicInteger();
        Thread[] users = new Thread[3];
        for (int i = 0; i < users.length; i++) {
            users[i] = new Thread(() -> {
                for (int k = 0; k < 3000; k++) {
                    try {
                        Description d = table.acquire(0);
                        if (!isOpenOnHost(d.hostFd())) {
                            wrong.incrementAndGet();
                        }
                        d.release();
                    } catch (Errno e) {
                        // closed at this moment
                    }
                }
            });
            users[i].start();
        }
        for (int k = 0; k < 3000; k++) {
            table.installAt(0, open(), false);
        }
        for (Thread user : users) {
            user.join();
        }
        assertThat(wrong).hasValue(0);
        table.close();
    }
}
