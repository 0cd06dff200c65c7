/* disk DEVICE MEGABYTES OPERATIONS: times accesses to a block device, past the guest's page cache. Prints "name value" lines:
 * megabytes (10^6 bytes) per second in pieces of 1 MiB, then 4 KiB accesses per second at random places, one at a time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIECE (1 << 20)
#define BLOCK 4096

static char *buffer;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void transfer(int file, int writing, size_t bytes, off_t at)
{
    ssize_t done = writing ? pwrite(file, buffer, bytes, at) : pread(file, buffer, bytes, at);
    if (done != (ssize_t)bytes) {
        perror(writing ? "pwrite" : "pread");
        exit(1);
    }
}

static void sequential(const char *name, int file, int writing, long megabytes)
{
    double from = now();
    for (long i = 0; i < megabytes; i++)
        transfer(file, writing, PIECE, (off_t)i * PIECE);
    printf("%s %.3f\n", name, megabytes * (double)PIECE / 1e6 / (now() - from));
}

static void random_access(const char *name, int file, int writing, long megabytes, long operations)
{
    double from = now();
    for (long i = 0; i < operations; i++)
        transfer(file, writing, BLOCK, (off_t)(next_random() % (megabytes * (PIECE / BLOCK))) * BLOCK);
    printf("%s %.3f\n", name, operations / (now() - from));
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    long megabytes = atol(argv[2]), operations = atol(argv[3]);
    int file = open(argv[1], O_RDWR | O_DIRECT);
    if (file < 0 || posix_memalign((void **)&buffer, BLOCK, PIECE)) {
        perror(argv[1]);
        return 1;
    }
    memset(buffer, 0x5a, PIECE);
    sequential("sequential-write", file, 1, megabytes);
    sequential("sequential-read", file, 0, megabytes);
    random_access("random-write", file, 1, megabytes, operations);
    random_access("random-read", file, 0, megabytes, operations);
    return 0;
}
