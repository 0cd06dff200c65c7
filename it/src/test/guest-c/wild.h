/* What programs have in common whose children do random things: random numbers, and an end for each child. */
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <unistd.h>

static uint64_t state;
static volatile pid_t running;

/* A child that jumps back to where its timer is set may set it for ever: then its parent ends it. */
static void stop(int signal)
{
    (void)signal;
    if (running > 0)
        kill(running, SIGKILL);
}

static void limit(long microseconds)
{
    struct itimerval timer = {{0, 0}, {microseconds / 1000000, microseconds % 1000000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
