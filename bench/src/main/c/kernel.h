/* A kernel is `unsigned long kernel(void)`: one repetition of some 10 to 40 ms natively slow work, returning a checksum that
 * is the same each time. main repeats it and prints thread CPU nanoseconds of every repetition, so that the steady state
 * (the median of the last half) and the way to it can be told apart. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned long kernel(void);

static uint64_t random_state = 88172645463325252u;

/* Marsaglia's xorshift64. */
static inline uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

int main(int argc, char **argv)
{
    int repetitions = argc > 1 ? atoi(argv[1]) : 60;
    unsigned long check = 0;
    for (int i = 0; i < repetitions; i++) {
        struct timespec from, to;
        random_state = 88172645463325252u;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        unsigned long result = kernel();
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        if (i && result != check) {
            printf("result changed\n");
            return 1;
        }
        check = result;
        printf("%ld\n", (to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec - from.tv_nsec);
    }
    printf("check %lx\n", check);
    return 0;
}
