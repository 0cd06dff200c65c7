/* crowd [ROUNDS]: processes and threads that come and go: fork and exec in loops, threads made and joined, and families of
 * threads that are killed while each of them waits for something else. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int never[2];
static sem_t *begun;

static void *in_futex(void *unused)
{
    sem_t never_posted;
    sem_init(&never_posted, 0, 0);
    sem_post(begun);
    sem_wait(&never_posted);
    return unused;
}

static void *in_read(void *unused)
{
    char byte;
    sem_post(begun);
    return read(never[0], &byte, 1) ? unused : NULL;
}

static void *in_poll(void *unused)
{
    struct pollfd wanted = {never[0], POLLIN, 0};
    sem_post(begun);
    poll(&wanted, 1, -1);
    return unused;
}

static void *in_epoll(void *unused)
{
    struct epoll_event event = {.events = EPOLLIN};
    int set = epoll_create1(0);
    epoll_ctl(set, EPOLL_CTL_ADD, never[0], &event);
    sem_post(begun);
    epoll_wait(set, &event, 1, -1);
    return unused;
}

static void *in_sleep(void *unused)
{
    sem_post(begun);
    for (;;)
        sleep(1000);
    return unused;
}

static void *in_accept(void *unused)
{
    struct sockaddr_un any = {.sun_family = AF_UNIX};
    int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(listening, (struct sockaddr *)&any, sizeof any.sun_family);
    listen(listening, 1);
    sem_post(begun);
    accept(listening, NULL, NULL);
    return unused;
}

static void *in_sigwait(void *unused)
{
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sem_post(begun);
    sigwait(&set, &got);
    return unused;
}

static void *in_flock(void *unused)
{
    char name[64];
    snprintf(name, sizeof name, "crowd-lock-%d", getpid());
    int one = open(name, O_CREAT | O_RDWR, 0600), other = open(name, O_RDWR);
    unlink(name);
    flock(one, LOCK_EX);
    sem_post(begun);
    flock(other, LOCK_EX);
    return unused;
}

static void *in_wait(void *unused)
{
    pid_t child = fork();
    if (child == 0) {
        for (;;)
            pause();
    }
    int status;
    sem_post(begun);
    waitpid(child, &status, 0);
    return unused;
}

static void *in_vfork(void *unused)
{
    sem_post(begun);
    if (vfork() == 0) {
        for (;;)
            sleep(1000);
    }
    return unused;
}

static void *in_loop(void *unused)
{
    volatile int turns = 0;
    sem_post(begun);
    for (;;)
        turns++;
    return unused;
}

static void *(*const waits[])(void *) = {in_futex, in_read, in_poll, in_epoll, in_sleep, in_accept, in_sigwait, in_flock, in_wait, in_loop, in_vfork};
enum { WAITS = sizeof waits / sizeof *waits };

/* What is killed: a process of its own group, so that children its threads made go with it. */
static void family(int members)
{
    pthread_t thread;
    setpgid(0, 0);
    for (int i = 0; i < members; i++)
        pthread_create(&thread, NULL, waits[i], NULL);
    pthread_join(thread, NULL);
}

/* Whoever waits in vfork cannot be stopped, so its process does not stop. */
static int killed(int signal)
{
    int members = signal == SIGSTOP ? WAITS - 1 : WAITS;
    pid_t child = fork();
    if (child == 0) {
        family(members);
        _exit(1);
    }
    int status;
    for (int i = 0; i < members; i++)
        sem_wait(begun);
    if (signal == SIGSTOP) {
        kill(-child, SIGSTOP);
        waitpid(child, &status, WUNTRACED);
        signal = SIGKILL;
    }
    kill(-child, signal);
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

static void *add(void *sum)
{
    __atomic_fetch_add((int *)sum, 1, __ATOMIC_SEQ_CST);
    return sum;
}

static int threads(void)
{
    int sum = 0;
    pthread_t all[12];
    for (int turn = 0; turn < 5; turn++) {
        for (int i = 0; i < 12; i++)
            pthread_create(&all[i], NULL, add, &sum);
        for (int i = 0; i < 12; i++)
            pthread_join(all[i], NULL);
    }
    return sum;
}

/* Threads of which one executes a program or ends the process: the others go with it. */
static int ends_of_threads(char *self, int executes)
{
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, in_futex, NULL);
        pthread_create(&thread, NULL, in_sleep, NULL);
        pthread_create(&thread, NULL, in_loop, NULL);
        for (int i = 0; i < 3; i++)
            sem_wait(begun);
        if (executes)
            execl(self, self, "leaf", NULL);
        _exit(7);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

static int executed(char *self)
{
    int count = 0, status;
    for (int i = 0; i < 15; i++) {
        pid_t child = i % 2 ? vfork() : fork();
        if (child == 0) {
            execl(self, self, "leaf", NULL);
            _exit(1);
        }
        waitpid(child, &status, 0);
        count += WIFEXITED(status) && WEXITSTATUS(status) == 7;
    }
    return count;
}

int main(int count, char **words)
{
    if (count > 1 && !strcmp(words[1], "leaf"))
        return 7;
    int rounds = count > 1 ? atoi(words[1]) : 1;
    static const int signals[] = {SIGKILL, SIGTERM, SIGSTOP, SIGUSR1};
    begun = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(begun, 1, 0);
    if (pipe(never))
        return 1;
    for (int round = 0; round < rounds; round++) {
        printf("%d programs executed\n", executed(words[0]));
        printf("%d threads joined\n", threads());
        printf("threads end with their process: %d %d\n", ends_of_threads(words[0], 0), ends_of_threads(words[0], 1));
        for (int i = 0; i < 4; i++)
            printf("killed by %d: %d\n", signals[i], killed(signals[i]));
        fflush(stdout);
    }
    /* A daemon, of which nobody hears: it ends by itself, after us. */
    if (fork() == 0) {
        struct itimerval soon = {{0, 0}, {0, 100000}};
        setitimer(ITIMER_REAL, &soon, NULL);
        for (;;)
            pause();
    }
    return 0;
}
