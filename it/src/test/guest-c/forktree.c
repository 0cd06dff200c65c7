/* Processes: a tree of forks over shared memory, copy on write, pipes, exec, wait statuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    atomic_long nodes, leaves;
    pthread_mutex_t mutex;
    pthread_cond_t turn;
    long counter, next;
};

static struct shared *shared;
static long private_value = 1, *private_page;

static int tree(int depth)
{
    atomic_fetch_add(&shared->nodes, 1);
    if (!depth) {
        for (int i = 0; i < 100; i++) {
            pthread_mutex_lock(&shared->mutex);
            shared->counter++;
            pthread_mutex_unlock(&shared->mutex);
        }
        atomic_fetch_add(&shared->leaves, 1);
        return 1;
    }
    pid_t child[2];
    int total = 0, status;
    for (int i = 0; i < 2; i++) {
        private_value = private_value * 3 + i;
        *private_page += depth;
        child[i] = fork();
        if (!child[i])
            _exit(tree(depth - 1));
    }
    for (int i = 0; i < 2; i++) {
        if (waitpid(child[i], &status, 0) != child[i] || !WIFEXITED(status))
            printf("a child was lost\n");
        total += WEXITSTATUS(status);
    }
    return total;
}

static long *cloned_value;

static int cloned(void *argument)
{
    *cloned_value = (long)argument;
    return 5;
}

int main(int argc, char **argv)
{
    int status, ends[2];
    if (argc > 1) {
        printf("executed: %s %s, close-on-exec descriptor open %d, own variable %s\n", argv[1], argv[2], fcntl(40, F_GETFD) >= 0, getenv("OWN"));
        return 17;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    private_page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &attributes);
    pthread_condattr_t condition;
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&shared->turn, &condition);

    pid_t root = fork();
    if (!root)
        _exit(tree(4));
    waitpid(root, &status, 0);
    printf("tree: status %d nodes %ld leaves %ld counter %ld\n", WEXITSTATUS(status), (long)shared->nodes, (long)shared->leaves, shared->counter);
    printf("copy on write: own values %ld %ld\n", private_value, *private_page);

    /* Ping-pong through a condition variable in shared memory. */
    pid_t other = fork();
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&shared->mutex);
        while (shared->next % 2 != (other == 0))
            pthread_cond_wait(&shared->turn, &shared->mutex);
        shared->next++;
        pthread_cond_broadcast(&shared->turn);
        pthread_mutex_unlock(&shared->mutex);
    }
    if (!other)
        _exit(0);
    waitpid(other, &status, 0);
    printf("ping-pong: %ld\n", shared->next);

    /* A file mapped by both; a private mapping of it does not show in the file. */
    int fd = memfd_create("shared", 0);
    if (ftruncate(fd, 8192))
        perror("ftruncate");
    char *common = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *own = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    own[4096] = 'p';
    pid_t child = fork();
    if (!child) {
        strcpy(common, "written by the child");
        strcpy(own + 4096, "unseen");
        _exit(0);
    }
    waitpid(child, &status, 0);
    char from_file[32] = {0};
    if (pread(fd, from_file, 20, 0) != 20)
        perror("pread");
    printf("file: '%s' '%s' '%s' own '%c'\n", common, own, from_file, own[4096]);

    if (pipe(ends))
        perror("pipe");
    child = fork();
    if (!child) {
        close(ends[0]);
        dup2(ends[1], 1);
        close(ends[1]);
        if (fcntl(1, F_DUPFD_CLOEXEC, 40) != 40)
            perror("dup");
        setenv("OWN", "value", 1);
        execl("/proc/self/exe", argv[0], "one", "two words", NULL);
        _exit(127);
    }
    close(ends[1]);
    char text[256];
    ssize_t n, length = 0;
    while ((n = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += n;
    text[length] = 0;
    waitpid(child, &status, 0);
    printf("exec: %d \"%s\"\n", WEXITSTATUS(status), strtok(text, "\n"));

    child = vfork();
    if (!child) {
        execl("/nonexistent/program", "program", NULL);
        _exit(errno == ENOENT ? 9 : 1);
    }
    waitpid(child, &status, 0);
    printf("vfork: %d\n", WEXITSTATUS(status));

    static char stack[65536] __attribute__((aligned(16)));
    cloned_value = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    child = clone(cloned, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, (void *)77L);
    waitpid(child, &status, 0);
    printf("clone with shared memory: %d %ld\n", WEXITSTATUS(status), *cloned_value);

    int died[] = {SIGSEGV, SIGILL, SIGFPE, SIGABRT, SIGKILL, SIGTERM};
    for (unsigned i = 0; i < sizeof died / sizeof *died; i++) {
        child = fork();
        if (!child) {
            raise(died[i]);
            _exit(0);
        }
        waitpid(child, &status, 0);
        printf("%s%s", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "survived", i < 5 ? ", " : "\n");
    }
    siginfo_t info;
    child = fork();
    if (!child)
        exit(33);
    memset(&info, 0, sizeof info);
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    printf("waitid: code %d status %d pid %d\n", info.si_code, info.si_status, info.si_pid == child);
    printf("still there: %d\n", waitpid(-1, &status, WNOHANG) == child);
    int none = wait(&status);
    printf("no more: %d %s\n", none, strerror(errno));

    /* An orphan goes on and its grandparent's pipe closes when it ends. */
    if (pipe(ends))
        perror("pipe");
    child = fork();
    if (!child) {
        if (!fork()) {
            usleep(50000);
            if (write(ends[1], "orphan", 6) != 6)
                _exit(1);
            _exit(0);
        }
        _exit(0);
    }
    close(ends[1]);
    waitpid(child, &status, 0);
    n = read(ends[0], text, sizeof text);
    printf("from the orphan: %.*s, then %zd\n", (int)n, text, read(ends[0], text, sizeof text));
    return 3;
}
