/* straddle [TURNS]: loops over several fields of one structure, first inside of a page, then at a page's end for so long that
 * code which checks all its fields at once has to be made anew, then moving on through memory that ends in a fault. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, PAGES = 8 };

struct fields {
    uint64_t a;
    uint32_t b, c;
    uint16_t d, e;
    uint8_t f[4];
    uint64_t g;
    double h;
};

__attribute__((noinline)) static uint64_t turn(volatile struct fields *at, size_t step, long turns)
{
    uint64_t sum = 0;
    for (long i = 0; i < turns; i++) {
        at->a += at->b + (uint64_t)i;
        at->c ^= (uint32_t)at->a;
        at->d = (uint16_t)(at->d + at->e);
        at->f[i & 3] ^= (uint8_t)at->c;
        at->g = at->g * 31 + at->d;
        at->h = at->h * 0.5 + (double)at->b;
        sum += at->g ^ at->a;
        at = (volatile struct fields *)((volatile char *)at + step);
    }
    return sum;
}

static sigjmp_buf back;
static char *fault_at;

static void fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    fault_at = info->si_addr;
    siglongjmp(back, signal);
}

static uint64_t content(const char *memory)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < PAGES * PAGE; i++)
        hash = (hash ^ (unsigned char)memory[i]) * 1099511628211u;
    return hash;
}

int main(int count, char **words)
{
    long turns = count > 1 ? atol(words[1]) : 300000;
    char *memory = mmap(NULL, (PAGES + 1) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(memory + PAGES * PAGE, PAGE, PROT_NONE);
    for (int i = 0; i < PAGES * PAGE; i += 8)
        memcpy(memory + i, &(uint64_t){(uint64_t)i * 0x9e3779b97f4a7c15u >> 12}, 8);
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);

    printf("inside %016lx\n", turn((void *)(memory + 512), 0, 20000));
    printf("inside, moving %016lx\n", turn((void *)(memory + 512), 40, 80));
    printf("at the end of a page %016lx\n", turn((void *)(memory + PAGE - 16), 0, turns));
    printf("inside again %016lx\n", turn((void *)(memory + 512), 0, 20000));
    for (int round = 0; round < 50; round++)
        turn((void *)(memory + round % 8), 24, PAGES * PAGE / 24 - 2);
    printf("memory %016lx\n", content(memory));
    /* Into the page without rights: what lies before it is done, and nothing else. */
    for (int back_by = 8; back_by <= 40; back_by += 8) {
        int signal = sigsetjmp(back, 1);
        if (!signal)
            turn((void *)(memory + PAGES * PAGE - back_by), 0, 3);
        printf("signal %d at %ld beyond, memory %016lx\n", signal, (long)(fault_at - memory - PAGES * PAGE), content(memory));
    }
    /* A page that can be read only: the first store faults. */
    mprotect(memory + PAGE, PAGE, PROT_READ);
    if (!sigsetjmp(back, 1))
        turn((void *)(memory + PAGE - 16), 0, 3);
    printf("the store faults at %ld, memory %016lx\n", (long)(fault_at - memory - PAGE), content(memory));
    mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE);
    printf("and goes on %016lx\n", turn((void *)(memory + PAGE - 16), 0, 20000));
    return 0;
}
