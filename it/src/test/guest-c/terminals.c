/* Pseudo-terminals of the guest's own: sessions, foreground groups, keys that send signals, hangups. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master, slave;
static int report[2];

static void line(const char *what, long value)
{
    dprintf(report[1], "%s %ld%s%s\n", what, value, value < 0 ? " " : "", value < 0 ? strerror(errno) : "");
}

static volatile sig_atomic_t got;

static void note(int signal)
{
    got = signal;
}

static void await(int signal)
{
    sigset_t none;
    sigemptyset(&none);
    while (got != signal)
        sigsuspend(&none);
    line("got", got);
    got = 0;
}

/* All signals that matter are blocked but in await. */
static void prepare(void)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGWINCH, SIGTTOU, SIGTTIN, SIGCONT};
    sigset_t set;
    sigemptyset(&set);
    struct sigaction action = {.sa_handler = note};
    for (int i = 0; i < 8; i++) {
        sigaddset(&set, signals[i]);
        sigaction(signals[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void tell(int to)
{
    if (write(to, "x", 1) != 1)
        _exit(9);
}

static void hear(int from)
{
    char byte;
    if (read(from, &byte, 1) != 1)
        _exit(8);
}

static int go[2], went[2];

static void session(void)
{
    prepare();
    line("setsid is the leader", setsid() == getpid());
    line("without a terminal", open("/dev/tty", O_RDWR));
    line("tcgetpgrp without", tcgetpgrp(slave));
    line("TIOCSCTTY", ioctl(slave, TIOCSCTTY, 0));
    line("again", ioctl(slave, TIOCSCTTY, 0));
    line("foreground is own", tcgetpgrp(slave) == getpgrp());
    line("session is own", tcgetsid(slave) == getpid());
    int tty = open("/dev/tty", O_RDWR);
    line("/dev/tty", tty >= 0);
    line("it is the slave", strcmp(ttyname(slave), "") && write(tty, "hello\n", 6) == 6);
    tell(went[1]);
    await(SIGINT);
    tell(went[1]);
    await(SIGQUIT);
    tell(went[1]);
    await(SIGTSTP);
    tell(went[1]);
    await(SIGWINCH);
    struct winsize size;
    ioctl(tty, TIOCGWINSZ, &size);
    line("rows", size.ws_row);
    tell(went[1]);
    await(SIGINT);

    /* A job in the background. */
    int end[2];
    if (pipe(end))
        _exit(1);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tell(end[1]);
        signal(SIGTTIN, SIG_DFL);
        signal(SIGCONT, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        sigset_t all;
        sigemptyset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        char byte;
        _exit(read(tty, &byte, 1) != 0);
    }
    setpgid(job, job);
    hear(end[0]);
    int status;
    waitpid(job, &status, WUNTRACED);
    line("the job stopped by SIGTTIN", WIFSTOPPED(status) && WSTOPSIG(status) == SIGTTIN);
    line("a group that is not there", tcsetpgrp(tty, 3999999));
    line("a group of another session", tcsetpgrp(tty, getppid()));
    line("tcsetpgrp", tcsetpgrp(tty, job));
    line("foreground is the job", tcgetpgrp(tty) == job);
    kill(job, SIGCONT);
    tell(went[1]);
    /* ^C went to the job, not to us. */
    waitpid(job, &status, 0);
    line("the job ended by", WTERMSIG(status));
    line("not we", got);
    /* From the background it needs SIGTTOU to be blocked. */
    line("tcsetpgrp back", tcsetpgrp(tty, getpgrp()));

    /* Who is in the foreground hears of the leader's end. */
    job = fork();
    if (job == 0) {
        signal(SIGHUP, note);
        tell(end[1]);
        await(SIGHUP);
        line("the session's terminal is gone", open("/dev/tty", O_RDWR));
        tell(went[1]);
        _exit(0);
    }
    hear(end[0]);
    _exit(3);
}

static void hangup(void)
{
    prepare();
    setsid();
    /* The first terminal that a leader opens is its. */
    slave = open(ptsname(master), O_RDWR);
    line("opened as the session's", tcgetpgrp(slave) == getpgrp());
    close(master);
    tell(went[1]);
    await(SIGHUP);
    char byte;
    line("at its end", read(slave, &byte, 1));
    _exit(4);
}

static void type(const char *keys, size_t n)
{
    if (write(master, keys, n) != (ssize_t)n)
        printf("cannot type\n");
    hear(went[0]);
}

int main(void)
{
    struct winsize size = {24, 80, 0, 0};
    char text[4096];
    if (pipe(report) || pipe(go) || pipe(went))
        return 1;
    if (openpty(&master, &slave, NULL, NULL, &size))
        return 2;
    pid_t child = fork();
    if (child == 0)
        session();
    hear(went[0]);
    printf("the master knows the foreground: %d\n", tcgetpgrp(master) == child);
    int foreground = tcgetpgrp(slave);
    printf("the slave is no terminal of ours: %d %s\n", foreground, strerror(errno));
    type("\x03", 1);
    type("a\x1c" "b", 3);
    type("\x1a", 1);
    size.ws_row = 50;
    ioctl(master, TIOCSWINSZ, &size);
    hear(went[0]);
    /* ^V takes the meaning of one ^C away, and without ISIG it has none. */
    struct termios raw;
    tcgetattr(slave, &raw);
    raw.c_lflag &= ~(tcflag_t)ISIG;
    tcsetattr(slave, TCSANOW, &raw);
    if (write(master, "\x03", 1) != 1)
        return 3;
    raw.c_lflag |= ISIG;
    tcsetattr(slave, TCSANOW, &raw);
    if (write(master, "\x16\x03", 2) != 2)
        return 3;
    type("\x03", 1);
    /* To the job, not to the session's leader. */
    int status;
    if (write(master, "\x03", 1) != 1)
        return 3;
    waitpid(child, &status, 0);
    hear(went[0]);
    printf("the session ended with %d\n", WEXITSTATUS(status));
    close(master);
    close(slave);

    master = posix_openpt(O_RDWR | O_NOCTTY);
    grantpt(master);
    unlockpt(master);
    child = fork();
    if (child == 0)
        hangup();
    hear(went[0]);
    close(master);
    waitpid(child, &status, 0);
    printf("the other ended with %d\n", WEXITSTATUS(status));
    close(report[1]);
    ssize_t n = read(report[0], text, sizeof text);
    fflush(stdout);
    return write(1, text, (size_t)n) == n ? 0 : 1;
}
