/* Waiting: poll, select, epoll, and descriptors made to be waited for. Prints one line per check. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, long result) {
    if (result < 0) printf("%s: %s\n", what, strerrorname_np(errno));
    else printf("%s: %ld\n", what, result);
}
#define SAY(call) do { errno = 0; say(#call, (long) (call)); } while (0)

static volatile int caught;
static void handler(int s) { caught = s; }

static void alarm_in(long milliseconds) {
    static timer_t timer;
    static int made;
    if (!made++) timer_create(CLOCK_MONOTONIC, NULL, &timer);
    struct itimerspec t = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000000}};
    timer_settime(timer, 0, &t, NULL);
}

static void *write_later(void *fd) {
    usleep(30000);
    uint64_t one = 1;
    write(*(int *) fd, &one, 8);
    return NULL;
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    int p[2];
    pipe(p);
    struct pollfd f[4] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}, {-1, POLLIN, 7}, {1234, POLLIN, 0}};
    SAY(poll(f, 4, -1));
    printf("%x %x %x %x\n", f[0].revents, f[1].revents, f[2].revents, f[3].revents);
    SAY(poll(f, 1, 20));
    SAY(poll(NULL, 0, 5));
    SAY(poll((struct pollfd *) 8, 1, 5));
    write(p[1], "x", 1);
    SAY(poll(f, 2, -1));
    printf("%x %x\n", f[0].revents, f[1].revents);
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGALRM, &action, NULL);
    alarm_in(20);
    struct pollfd none = {p[0], POLLPRI, 0};
    SAY(poll(&none, 1, 5000));
    printf("caught %d\n", caught);
    sigset_t block, empty;
    sigemptyset(&block), sigemptyset(&empty);
    sigaddset(&block, SIGALRM);
    sigprocmask(SIG_BLOCK, &block, NULL);
    caught = 0;
    raise(SIGALRM);
    struct timespec second = {5, 0};
    SAY(ppoll(&none, 1, &second, &empty));
    printf("caught %d\n", caught);
    struct timespec wrong = {0, 2000000000};
    SAY(ppoll(&none, 1, &wrong, NULL));

    fd_set r, w, x;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_ZERO(&x);
    FD_SET(p[0], &r);
    FD_SET(p[1], &w);
    FD_SET(p[0], &x);
    SAY(select(p[1] + 1, &r, &w, &x, NULL));
    printf("%d %d %d\n", FD_ISSET(p[0], &r) != 0, FD_ISSET(p[1], &w) != 0, FD_ISSET(p[0], &x) != 0);
    FD_SET(1000, &r);
    SAY(select(1001, &r, NULL, NULL, NULL));
    SAY(select(-1, NULL, NULL, NULL, NULL));
    struct timeval little = {0, 20000};
    SAY(select(0, NULL, NULL, NULL, &little));
    printf("left %ld\n", (long) little.tv_usec);
    read(p[0], &caught, 1);
    caught = 0;
    raise(SIGALRM);
    FD_ZERO(&r);
    FD_SET(p[0], &r);
    SAY(pselect(p[0] + 1, &r, NULL, NULL, NULL, &empty));

    int e = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = {EPOLLIN, {.u64 = 0x123456789abcdef0}}, got[4];
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[1], &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, 1234, &ev));
    SAY(epoll_ctl(e, EPOLL_CTL_ADD, e, &ev));
    SAY(epoll_wait(e, got, 4, 0));
    SAY(epoll_wait(e, got, 4, 20));
    SAY(epoll_wait(e, got, 0, 20));
    SAY(epoll_wait(p[0], got, 4, 20));
    write(p[1], "y", 1);
    SAY(epoll_wait(e, got, 4, -1));
    printf("%x %llx\n", got[0].events, (unsigned long long) got[0].data.u64);
    ev.events = EPOLLIN | EPOLLET | EPOLLONESHOT;
    SAY(epoll_ctl(e, EPOLL_CTL_MOD, p[0], &ev));
    SAY(epoll_wait(e, got, 4, -1));
    SAY(epoll_wait(e, got, 4, 10));
    SAY(epoll_ctl(e, EPOLL_CTL_DEL, p[0], NULL));
    int v = eventfd(0, 0);
    ev.events = EPOLLIN, ev.data.fd = v;
    epoll_ctl(e, EPOLL_CTL_ADD, v, &ev);
    pthread_t writer;
    pthread_create(&writer, NULL, write_later, &v);
    SAY(epoll_wait(e, got, 4, 5000));
    SAY(got[0].data.fd == v);
    pthread_join(writer, NULL);
    caught = 0;
    alarm_in(20);
    uint64_t n = 0;
    SAY(read(v, &n, 8));
    SAY(epoll_pwait(e, got, 4, 5000, &empty));
    printf("caught %d\n", caught);

    SAY(read(v, &n, 4));
    n = 5;
    SAY(write(v, &n, 8));
    SAY(read(v, &n, 8));
    printf("count %d\n", (int) n);
    n = -1;
    SAY(write(v, &n, 8));
    pthread_create(&writer, NULL, write_later, &v);
    SAY(read(v, &n, 8));
    pthread_join(writer, NULL);
    int sem = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    SAY(read(sem, &n, 8));
    SAY(read(sem, &n, 8));
    SAY(read(sem, &n, 8));
    SAY(eventfd(0, 12345));

    int t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    SAY(read(t, &n, 8));
    struct itimerspec every = {{0, 10000000}, {0, 10000000}}, now;
    SAY(timerfd_settime(t, 0, &every, NULL));
    SAY(timerfd_gettime(t, &now));
    printf("interval %ld\n", now.it_interval.tv_nsec);
    struct pollfd tick = {t, POLLIN, 0};
    SAY(poll(&tick, 1, 1000));
    SAY(read(t, &n, 8));
    printf("ticks %d\n", n >= 1);
    every.it_value.tv_nsec = -1;
    SAY(timerfd_settime(t, 0, &every, NULL));
    SAY(timerfd_settime(v, 0, &now, NULL));

    sigset_t usr;
    sigemptyset(&usr);
    sigaddset(&usr, SIGUSR1), sigaddset(&usr, SIGUSR2);
    sigprocmask(SIG_BLOCK, &usr, NULL);
    int s = signalfd(-1, &usr, SFD_NONBLOCK);
    struct signalfd_siginfo info[3];
    SAY(read(s, info, sizeof info));
    struct pollfd ready = {s, POLLIN, 0};
    SAY(poll(&ready, 1, 0));
    kill(getpid(), SIGUSR1);
    union sigval value = {.sival_int = 42};
    sigqueue(getpid(), SIGUSR2, value);
    SAY(poll(&ready, 1, 1000));
    SAY(read(s, info, 10));
    SAY(read(s, info, sizeof info));
    printf("%d from me %d, %d value %d code %d\n", info[0].ssi_signo, info[0].ssi_pid == (unsigned) getpid(), info[1].ssi_signo, info[1].ssi_int, info[1].ssi_code);
    SAY(poll(&ready, 1, 0));
    fcntl(s, F_SETFL, 0);
    if (fork() == 0) {
        usleep(20000);
        kill(getppid(), SIGUSR2);
        _exit(0);
    }
    SAY(read(s, info, sizeof info));
    printf("%d\n", info[0].ssi_signo);
    wait(NULL);

    char dir[] = "/tmp/events-XXXXXX";
    if (!mkdtemp(dir) || chdir(dir)) return 1;
    int i = inotify_init1(IN_NONBLOCK);
    char events[1000];
    SAY(inotify_add_watch(i, ".", IN_CREATE | IN_DELETE));
    SAY(inotify_add_watch(i, "nothing", IN_CREATE));
    SAY(read(i, events, sizeof events));
    close(open("new", O_CREAT | O_WRONLY, 0600));
    long size = read(i, events, sizeof events);
    struct inotify_event *first = (struct inotify_event *) events;
    printf("%ld bytes: %x %s\n", size, first->mask, first->name);
    SAY(inotify_rm_watch(i, 1));
    SAY(inotify_rm_watch(i, 77));
    unlink("new");
    chdir("/");
    rmdir(dir);

    int child = fork();
    if (child == 0) {
        usleep(20000);
        _exit(9);
    }
    int pidfd = syscall(SYS_pidfd_open, child, 0);
    struct pollfd end = {pidfd, POLLIN, 0};
    SAY(poll(&end, 1, 0));
    SAY(poll(&end, 1, 5000));
    siginfo_t si;
    SAY(waitid(P_PIDFD, pidfd, &si, WEXITED));
    printf("status %d\n", si.si_status);
    SAY(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
    SAY(syscall(SYS_pidfd_open, 0x7ffffff0, 0));
    SAY(read(pidfd, events, 8));

    struct timespec res;
    SAY(clock_getres(CLOCK_MONOTONIC, &res));
    printf("resolution %ld\n", res.tv_nsec);
    SAY(clock_gettime(12345, &res));
    SAY(syscall(SYS_clock_gettime, CLOCK_REALTIME, 8));
    return 0;
}
