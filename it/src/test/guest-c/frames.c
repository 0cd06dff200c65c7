/* Stack frames and structures at every place relative to a page's end: on neighbouring pages, on pages that a fork has put
 * apart, and up against a page that must not be touched. Prints one line per check. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct record { long a, b, c, d; int e, f; short g; signed char h, i; };

/* Loads and stores off one base, some only sometimes. */
static __attribute__((noinline)) long touch(struct record *r, long k)
{
    long sum = r->a + r->d + r->e + r->h;
    r->a = k; r->b = k + 1; r->c += k; r->d ^= k; r->e = (int) k; r->g = (short) k; r->i = (signed char) k;
    if (k % 3 == 0) sum += r->f++;
    return sum + r->c;
}

/* A frame whose registers are saved and read again, at a depth that moves by 16 bytes. */
static __attribute__((noinline)) long recurse(long n, long a, long b, long c)
{
    volatile long frame[6] = {n, a, b, c, a ^ b, b ^ c};
    if (n == 0) return frame[1] + frame[4];
    long deeper = recurse(n - 1, frame[2], frame[3], frame[5] + n);
    return deeper * 3 + frame[0] + frame[1] + frame[2] + frame[3];
}

static __attribute__((noinline)) long at_depth(long shift, long n)
{
    volatile signed char *room = __builtin_alloca(16 * shift + 16);
    room[0] = (signed char) shift;
    return recurse(n, shift, 2, 3) + room[0];
}

static unsigned long records(char *end, long rounds)
{
    unsigned long sum = 0;
    for (long k = 0; k < rounds; k++)
        for (long back = 0; back <= 2 * (long) sizeof(struct record); back += 8)
            sum = sum * 31 + (unsigned long) touch((struct record *) (end - back), k);
    return sum;
}

static sigjmp_buf back_here;
static volatile uintptr_t fault_at;
static void on_fault(int s, siginfo_t *info, void *context)
{
    (void) s; (void) context;
    fault_at = (uintptr_t) info->si_addr;
    siglongjmp(back_here, 1);
}

int main(void)
{
    unsigned long sum = 0;
    for (int round = 0; round < 40; round++)
        for (long shift = 0; shift < 256; shift++) sum = sum * 31 + (unsigned long) at_depth(shift, 40);
    printf("frames: %lx\n", sum);

    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("records: %lx\n", records(pages + 4096, 3000));
    fflush(stdout);
    memset(pages, 0, 3 * 4096);

    /* Copied on write one by one, in an order that puts them apart on the host. */
    if (fork() == 0) {
        pages[2 * 4096] = 1;
        pages[4096] = 0;
        char *other = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        other[0] = 1;
        pages[0] = 0;
        printf("records apart: %lx\n", records(pages + 4096, 3000));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);

    /* The first bad access of many is the one that is told of, and those before it are done. */
    munmap(pages + 4096, 4096);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    unsigned long faults = 0, wrong = 0;
    for (int round = 0; round < 200; round++)
        for (long back = 8; back < (long) sizeof(struct record); back += 8) {
            struct record *r = (struct record *) (pages + 4096 - back);
            if (sigsetjmp(back_here, 1) == 0) {
                touch(r, 7);
                wrong++;
            } else {
                faults++;
                wrong += fault_at < (uintptr_t) pages + 4096 || fault_at >= (uintptr_t) pages + 4096 + sizeof *r;
            }
        }
    printf("faults: %lu, wrong: %lu\n", faults, wrong);
    return 0;
}
