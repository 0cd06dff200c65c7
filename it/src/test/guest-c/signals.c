/* Signals: delivery, masks, siginfo, alternate stacks, restarts, timers. Every line printed is deterministic. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t seen, depth, deepest, total, order[16], count;
static volatile siginfo_t last;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    seen = signal;
    memcpy((void *)&last, info, sizeof last);
    if (count < 16)
        order[count++] = signal;
}

static void install(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    sigemptyset(&action.sa_mask);
    if (sigaction(signal, &action, NULL))
        perror("sigaction");
}

static void nested(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    if (++depth > deepest)
        deepest = depth;
    if (total++ < 3)
        raise(signal);
    depth--;
}

static char *alternate;
static volatile int on_alternate;

static void where(int signal, siginfo_t *info, void *context)
{
    char here;
    (void)signal, (void)info;
    stack_t now;
    sigaltstack(NULL, &now);
    on_alternate = &here >= alternate && &here < alternate + 65536;
    printf("in handler: flags %d, saved flags %d\n", now.ss_flags, ((ucontext_t *)context)->uc_stack.ss_flags);
}

static void *blocker(void *pipe_end)
{
    usleep(100000);
    kill(getpid(), SIGUSR1);
    usleep(100000);
    if (write(*(int *)pipe_end, "x", 1) != 1)
        perror("write");
    return NULL;
}

static void restart(int flags)
{
    int ends[2];
    char c = 0;
    pthread_t thread;
    sigset_t usr1;
    if (pipe(ends))
        perror("pipe");
    install(SIGUSR1, note, flags);
    /* The helper blocks the signal, so that this thread gets it while it reads. */
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, NULL);
    pthread_create(&thread, NULL, blocker, &ends[1]);
    pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
    seen = 0;
    errno = 0;
    ssize_t n = read(ends[0], &c, 1);
    printf("read with%s SA_RESTART: %zd %s, signal %d\n", flags ? "" : "out", n, n < 0 ? strerror(errno) : "ok", seen);
    pthread_join(thread, NULL);
}

int main(void)
{
    sigset_t set, old, pending;
    setvbuf(stdout, NULL, _IOLBF, 0);

    install(SIGUSR1, note, 0);
    raise(SIGUSR1);
    printf("raise: %d code %d own pid %d\n", seen, last.si_code, last.si_pid == getpid());
    kill(getpid(), SIGUSR1);
    printf("kill: code %d\n", last.si_code);
    union sigval value = {.sival_ptr = (void *)0x123456789abcL};
    install(SIGRTMIN + 3, note, 0);
    sigqueue(getpid(), SIGRTMIN + 3, value);
    printf("sigqueue: %d code %d value %p\n", seen - SIGRTMIN, last.si_code, last.si_value.sival_ptr);

    /* Blocked signals stay pending; standard ones once, real-time ones queued; lower numbers first. */
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    install(SIGUSR2, note, 0);
    install(SIGRTMIN + 1, note, 0);
    count = 0;
    for (int i = 0; i < 3; i++) {
        value.sival_int = i;
        sigqueue(getpid(), SIGRTMIN + 3, value);
        sigqueue(getpid(), SIGRTMIN + 1, value);
        kill(getpid(), SIGUSR2);
    }
    sigpending(&pending);
    printf("pending: usr1 %d usr2 %d rt1 %d rt3 %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2),
           sigismember(&pending, SIGRTMIN + 1), sigismember(&pending, SIGRTMIN + 3));
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 3);
    siginfo_t info;
    int got = sigwaitinfo(&set, &info);
    printf("sigwaitinfo: rt%d value %d\n", got - SIGRTMIN, info.si_value.sival_int);
    struct timespec brief = {0, 1000000};
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    got = sigtimedwait(&set, &info, &brief);
    printf("sigtimedwait: %d %s\n", got, strerror(errno));
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("delivered %d:", count);
    int by_signal[3] = {0};
    for (int i = 0; i < count; i++)
        by_signal[order[i] == SIGUSR2 ? 0 : order[i] == SIGRTMIN + 1 ? 1 : 2]++;
    printf(" usr2 %d rt1 %d rt3 %d\n", by_signal[0], by_signal[1], by_signal[2]);

    install(SIGUSR1, nested, SA_NODEFER);
    raise(SIGUSR1);
    printf("SA_NODEFER: deepest %d of %d\n", deepest, total);
    depth = deepest = total = 0;
    install(SIGUSR1, nested, 0);
    raise(SIGUSR1);
    printf("deferred: deepest %d of %d\n", deepest, total);

    struct sigaction now;
    install(SIGUSR2, note, SA_RESETHAND);
    raise(SIGUSR2);
    sigaction(SIGUSR2, NULL, &now);
    printf("SA_RESETHAND: default again %d\n", now.sa_handler == SIG_DFL);

    alternate = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t stack = {.ss_sp = alternate, .ss_size = 65536};
    sigaltstack(&stack, NULL);
    install(SIGUSR1, where, SA_ONSTACK);
    raise(SIGUSR1);
    printf("SA_ONSTACK: on it %d\n", on_alternate);
    install(SIGUSR1, where, 0);
    raise(SIGUSR1);
    printf("without: on it %d\n", on_alternate);

    restart(0);
    restart(SA_RESTART);

    install(SIGALRM, note, 0);
    struct itimerval timer = {{0, 0}, {0, 20000}};
    sigprocmask(SIG_SETMASK, NULL, &old);
    sigaddset(&old, SIGALRM);
    sigprocmask(SIG_BLOCK, &old, NULL);
    seen = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    sigdelset(&old, SIGALRM);
    int rc = sigsuspend(&old);
    printf("sigsuspend: %d %s after %d\n", rc, strerror(errno), seen);
    sigprocmask(SIG_SETMASK, &old, NULL);

    /* A signal while the processor is busy, not in a system call. */
    seen = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
    volatile unsigned long spins = 0;
    while (!seen)
        spins++;
    printf("busy loop left\n");

    install(SIGCHLD, note, SA_RESTART);
    pid_t child = fork();
    if (!child)
        _exit(42);
    int status;
    waitpid(child, &status, 0);
    printf("SIGCHLD: %d code %d status %d right pid %d\n", last.si_signo == SIGCHLD, last.si_code, last.si_status, last.si_pid == child);
    child = fork();
    if (!child) {
        signal(SIGTERM, SIG_DFL);
        kill(getpid(), SIGTERM);
        _exit(1);
    }
    waitpid(child, &status, 0);
    printf("child killed: %d by %d, SIGCHLD code %d\n", WIFSIGNALED(status), WTERMSIG(status), last.si_code);
    signal(SIGCHLD, SIG_DFL);
    child = fork();
    if (!child) {
        for (;;)
            pause();
    }
    kill(child, SIGSTOP);
    waitpid(child, &status, WUNTRACED);
    printf("stopped: %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status) == SIGSTOP);
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    printf("continued: %d\n", WIFCONTINUED(status));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    printf("killed: %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));

    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    if (pipe(ends))
        perror("pipe");
    close(ends[0]);
    rc = write(ends[1], "x", 1);
    printf("broken pipe: %d %s\n", rc, strerror(errno));
    signal(SIGINT, SIG_IGN);
    raise(SIGINT);
    printf("ignored\n");
    fflush(stdout);
    abort();
}
