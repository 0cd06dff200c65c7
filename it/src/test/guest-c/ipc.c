/* System V's segments, semaphores and queues, POSIX's queues, other processes' memory, and calls about scheduling and clocks. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void line(const char *what, long value)
{
    int error = errno;
    if (value == -1)
        printf("%s: %s\n", what, strerror(error));
    else
        printf("%s: %ld\n", what, value);
    fflush(stdout);
}

union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

static int ended(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void note(int signal)
{
    (void)signal;
}

static void segments(void)
{
    int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0640);
    line("shmget", id >= 0);
    volatile int *at = shmat(id, NULL, 0);
    line("shmat", at != (void *)-1);
    at[0] = 41;
    at[2499] = 7;
    pid_t child = fork();
    if (child == 0) {
        at[0]++;
        volatile int *again = shmat(id, NULL, SHM_RDONLY);
        struct shmid_ds status;
        shmctl(id, IPC_STAT, &status);
        _exit(again[0] == 42 && again != at && status.shm_nattch == 3 ? (int)status.shm_segsz / 1000 : 1);
    }
    line("the child sees and changes it", ended(child));
    line("so do we", at[0]);
    struct shmid_ds status;
    line("IPC_STAT", shmctl(id, IPC_STAT, &status));
    printf("size %zu mode %o attached %d own %d last %d times %d\n", (size_t)status.shm_segsz, status.shm_perm.mode, (int)status.shm_nattch,
        status.shm_cpid == getpid(), status.shm_lpid == child, status.shm_atime > 0 && status.shm_ctime > 0);
    line("at an odd address", (long)shmat(id, (char *)at + 100, 0));
    line("where something is", (long)shmat(id, (void *)at, 0));
    line("SHM_REMAP", shmat(id, (void *)at, SHM_REMAP) == at);
    line("IPC_RMID", shmctl(id, IPC_RMID, NULL));
    line("still there", at[2499]);
    shmctl(id, IPC_STAT, &status);
    printf("marked %o\n", status.shm_perm.mode);
    line("shmdt", shmdt((void *)at));
    line("shmdt again", shmdt((void *)at));
    line("shmctl then", shmctl(id, IPC_STAT, &status));
    int first = shmget(0x52484541, 4096, IPC_CREAT | IPC_EXCL | 0600);
    line("with a key, once more, exclusively", shmget(0x52484541, 4096, IPC_CREAT | IPC_EXCL | 0600));
    line("the same", shmget(0x52484541, 100, 0) == first);
    line("larger", shmget(0x52484541, 8192, 0));
    line("another key", shmget(0x52484542, 4096, 0));
    line("of size 0", shmget(IPC_PRIVATE, 0, IPC_CREAT));
    shmctl(first, IPC_RMID, NULL);
    line("gone", shmget(0x52484541, 4096, 0));
}

static void semaphores(void)
{
    int id = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
    unsigned short values[3] = {1, 0, 5};
    union semun all = {.array = values};
    line("SETALL", semctl(id, 0, SETALL, all));
    line("GETVAL", semctl(id, 2, GETVAL));
    struct sembuf take[] = {{0, -1, 0}, {2, -3, 0}}, nowait = {0, -1, IPC_NOWAIT}, zero = {1, 0, 0};
    line("two at once", semop(id, take, 2));
    line("IPC_NOWAIT", semop(id, &nowait, 1));
    line("is zero", semop(id, &zero, 1));
    struct sembuf both[] = {{2, -1, 0}, {0, -1, IPC_NOWAIT}};
    line("all or nothing", semop(id, both, 2));
    line("nothing", semctl(id, 2, GETVAL));
    pid_t child = fork();
    if (child == 0) {
        struct sembuf steps[] = {{0, -2, 0}};
        int result = semop(id, steps, 1);
        _exit(result == 0 ? 12 : 13);
    }
    while (semctl(id, 0, GETNCNT) == 0)
        sched_yield();
    line("one waits", semctl(id, 0, GETNCNT));
    struct sembuf give = {0, 1, 0};
    semop(id, &give, 1);
    line("and still", semctl(id, 0, GETNCNT));
    semop(id, &give, 1);
    line("until there are two", ended(child));
    line("GETPID", semctl(id, 0, GETPID) == child);
    child = fork();
    if (child == 0) {
        struct sembuf undone[] = {{2, -2, SEM_UNDO}, {1, 3, SEM_UNDO}};
        semop(id, undone, 2);
        _exit(semctl(id, 2, GETVAL) * 10 + semctl(id, 1, GETVAL));
    }
    line("taken with SEM_UNDO", ended(child));
    line("given back", semctl(id, 2, GETVAL) * 10 + semctl(id, 1, GETVAL));
    struct timespec soon = {0, 2000000};
    struct sembuf more = {2, -30, 0};
    line("semtimedop", semtimedop(id, &more, 1, &soon));
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    line("a signal cuts it short", semop(id, &more, 1));
    line("too many", semctl(id, 0, SETVAL, (union semun){.val = 40000}));
    struct sembuf over = {2, 32767, 0}, outside = {3, 1, 0};
    line("too large", semop(id, &over, 1));
    line("no such", semop(id, &outside, 1));
    struct semid_ds status;
    line("IPC_STAT", semctl(id, 0, IPC_STAT, (union semun){.buf = &status}));
    printf("%d of them, used %d\n", (int)status.sem_nsems, status.sem_otime > 0);
    child = fork();
    if (child == 0)
        _exit(semop(id, &more, 1) == -1 ? errno : 0);
    while (semctl(id, 2, GETNCNT) == 0)
        sched_yield();
    line("IPC_RMID", semctl(id, 0, IPC_RMID));
    line("wakes with EIDRM", ended(child) == EIDRM);
    line("after that", semop(id, &give, 1));
}

struct message {
    long type;
    char text[64];
};

static void queues(void)
{
    int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    struct message m = {3, "three"};
    line("msgsnd", msgsnd(id, &m, 6, 0));
    strcpy(m.text, "one");
    m.type = 1;
    msgsnd(id, &m, 4, 0);
    strcpy(m.text, "two");
    m.type = 2;
    msgsnd(id, &m, 4, 0);
    struct msqid_ds status;
    line("IPC_STAT", msgctl(id, IPC_STAT, &status));
    printf("%d messages, %d bytes of %d, by us %d\n", (int)status.msg_qnum, (int)status.msg_cbytes, (int)status.msg_qbytes, status.msg_lspid == getpid());
    line("too small", msgrcv(id, &m, 2, 0, 0));
    line("cut", msgrcv(id, &m, 2, 2, MSG_NOERROR));
    printf("type %ld, %.2s\n", m.type, m.text);
    line("the lowest", msgrcv(id, &m, sizeof m.text, -3, 0));
    printf("type %ld, %s\n", m.type, m.text);
    line("none of it", msgrcv(id, &m, sizeof m.text, 1, IPC_NOWAIT));
    line("all but 1", msgrcv(id, &m, sizeof m.text, 1, MSG_EXCEPT));
    printf("type %ld, %s\n", m.type, m.text);
    m.type = 0;
    line("type 0", msgsnd(id, &m, 1, 0));
    pid_t child = fork();
    if (child == 0)
        _exit(msgrcv(id, &m, sizeof m.text, 0, 0) == 5 && !strcmp(m.text, "late") ? 21 : 22);
    m.type = 9;
    strcpy(m.text, "late");
    msgsnd(id, &m, 5, 0);
    line("the child got it", ended(child));
    static struct {
        long type;
        char text[8192];
    } large = {1, ""};
    line("large", msgsnd(id, &large, sizeof large.text, 0));
    line("large too", msgsnd(id, &large, sizeof large.text, 0));
    line("full", msgsnd(id, &large, 1, IPC_NOWAIT));
    line("too large", msgsnd(id, &large, sizeof large.text + 1, 0));
    child = fork();
    if (child == 0)
        _exit(msgsnd(id, &large, 1, 0) == 0 ? 31 : 32);
    msgrcv(id, &large, sizeof large.text, 0, 0);
    line("room", ended(child));
    line("IPC_RMID", msgctl(id, IPC_RMID, NULL));
    line("after that", msgrcv(id, &m, 1, 0, 0));
}

static void posix(void)
{
    char name[64], text[64];
    snprintf(name, sizeof name, "/rhea-test-%d", getpid());
    struct mq_attr shape = {0, 2, 32, 0, {0}}, seen;
    mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &shape);
    line("mq_open", queue >= 0);
    line("once more", mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &shape));
    line("mq_send", mq_send(queue, "low", 4, 1));
    line("mq_send", mq_send(queue, "high", 5, 9));
    mq_getattr(queue, &seen);
    printf("flags %ld, %ld of %ld messages of %ld\n", seen.mq_flags, seen.mq_curmsgs, seen.mq_maxmsg, seen.mq_msgsize);
    struct timespec past = {1, 0};
    line("full", mq_timedsend(queue, "x", 1, 0, &past));
    unsigned priority;
    line("too small", mq_receive(queue, text, 8, &priority));
    line("mq_receive", mq_receive(queue, text, sizeof text, &priority));
    printf("%s %u\n", text, priority);
    mq_receive(queue, text, sizeof text, &priority);
    printf("%s %u\n", text, priority);
    struct mq_attr nonblocking = {.mq_flags = O_NONBLOCK};
    line("mq_setattr", mq_setattr(queue, &nonblocking, &seen));
    line("empty", mq_receive(queue, text, sizeof text, NULL));
    nonblocking.mq_flags = 0;
    mq_setattr(queue, &nonblocking, &seen);
    line("was", seen.mq_flags == O_NONBLOCK);
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 3000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    line("in vain", mq_timedreceive(queue, text, sizeof text, NULL, &at));
    pid_t child = fork();
    if (child == 0)
        _exit(mq_receive(queue, text, sizeof text, NULL) == 6 ? 41 : 42);
    mq_send(queue, "child", 6, 0);
    line("the child got it", ended(child));
    struct pollfd wanted = {queue, POLLIN | POLLOUT, 0};
    poll(&wanted, 1, 0);
    printf("ready %x\n", wanted.revents);
    line("mq_unlink", mq_unlink(name));
    line("again", mq_unlink(name));
    line("mq_close", mq_close(queue));
}

static void memory(void)
{
    char *place = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), text[32] = {0};
    munmap(place + 4096, 4096);
    int go[2], went[2];
    char byte;
    if (pipe(go) || pipe(went))
        return;
    pid_t child = fork();
    if (child == 0) {
        strcpy(place, "of the child");
        strcpy(place + 4090, "12345");
        if (write(went[1], "x", 1) != 1 || read(go[0], &byte, 1) != 1)
            _exit(1);
        _exit(strcmp(place, "by the parent") == 0 ? 51 : 52);
    }
    strcpy(place, "of the parent");
    if (read(went[0], &byte, 1) != 1)
        return;
    struct iovec here[] = {{text, 3}, {text + 3, 10}}, there[] = {{place, 13}};
    line("process_vm_readv", process_vm_readv(child, here, 2, there, 1, 0));
    printf("%s, own %s\n", text, place);
    struct iovec beyond[] = {{place + 4090, 20}}, room = {text, 20};
    line("to the end of its memory", process_vm_readv(child, &room, 1, beyond, 1, 0));
    struct iovec nowhere = {place + 4096, 5};
    line("beyond", process_vm_readv(child, &room, 1, &nowhere, 1, 0));
    struct iovec from = {"by the parent", 14};
    there[0].iov_len = 14;
    line("process_vm_writev", process_vm_writev(child, &from, 1, there, 1, 0));
    line("flags", process_vm_readv(child, here, 2, there, 1, 1));
    if (write(go[1], "x", 1) != 1)
        return;
    line("the child sees it", ended(child));
    line("when it is gone", process_vm_readv(child, here, 2, there, 1, 0));
}

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t util_min, util_max;
};

static void scheduling(void)
{
    struct attributes a = {0};
    setpriority(PRIO_PROCESS, 0, 3);
    line("sched_getattr", syscall(SYS_sched_getattr, 0, &a, 48, 0));
    printf("size %u policy %u nice %d priority %u\n", a.size, a.policy, a.nice, a.priority);
    line("too small", syscall(SYS_sched_getattr, 0, &a, 40, 0));
    a.size = 48;
    a.nice = 5;
    line("sched_setattr", syscall(SYS_sched_setattr, 0, &a, 0));
    line("nice", getpriority(PRIO_PROCESS, 0));
    a.policy = 77;
    line("no such policy", syscall(SYS_sched_setattr, 0, &a, 0));
    a.size = 8;
    line("too short", syscall(SYS_sched_setattr, 0, &a, 0));
    line("no such thread", syscall(SYS_sched_getattr, 3999999, &a, 48, 0));
    struct timex t = {0};
    line("clock_adjtime", clock_adjtime(CLOCK_REALTIME, &t) >= 0);
    line("tells a tick", t.tick > 0 && t.time.tv_sec > 1577836800);
    line("of no clock", clock_adjtime(77, &t));
}

int main(void)
{
    segments();
    semaphores();
    queues();
    posix();
    memory();
    scheduling();
    return 0;
}
