/* Code that changes under its own feet: rewritten, remapped, reached through a second mapping, by another thread. RISC-V. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef long function(long);

/* addi a0, a0, n; ret */
static void put(uint32_t *code, int n)
{
    code[0] = 0x00050513u | (uint32_t)n << 20;
    code[1] = 0x00008067;
}

static long run(function *f, int times)
{
    long x = 0;
    for (int i = 0; i < times; i++)
        x = f(x);
    return x;
}

static uint32_t *volatile target;
static volatile int phase;

static void *other(void *unused)
{
    (void)unused;
    while (phase == 0)
        ;
    put((uint32_t *)target, 5);
    __builtin___clear_cache((char *)target, (char *)target + 8);
    phase = 2;
    return NULL;
}

int main(void)
{
    size_t page = 4096;
    uint32_t *code = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long total = 0;

    put(code, 1);
    __builtin___clear_cache((char *)code, (char *)code + 8);
    printf("cold %ld, hot %ld\n", run((function *)code, 3), run((function *)code, 300000));
    for (int i = 1; i <= 100; i++) {
        put(code, i);
        __builtin___clear_cache((char *)code, (char *)code + 8);
        total += run((function *)code, i % 10 == 0 ? 20000 : 10);
    }
    printf("rewritten: %ld\n", total);

    /* Data beside code on one page: stores to it are no change of code, and must neither fail nor be lost. */
    volatile long *data = (long *)(code + 256);
    for (int i = 0; i < 20000; i++)
        *data += ((function *)code)(i);
    printf("beside: %ld\n", *data);

    /* The same memory, writable here and executable there. */
    int fd = memfd_create("code", 0);
    if (ftruncate(fd, page))
        return 1;
    uint32_t *writable = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    function *executable = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    total = 0;
    for (int i = 1; i <= 20; i++) {
        put(writable, i);
        __builtin___clear_cache((char *)executable, (char *)executable + 8);
        total += run(executable, i == 10 ? 100000 : 100);
    }
    printf("two mappings: %ld\n", total);

    /* Written by the kernel. */
    uint32_t image[2];
    put(image, 77);
    if (pwrite(fd, image, 8, 0) != 8)
        return 1;
    __builtin___clear_cache((char *)executable, (char *)executable + 8);
    printf("by pwrite: %ld\n", executable(0));
    int ends[2];
    if (pipe(ends))
        return 1;
    put(image, 78);
    if (write(ends[1], image, 8) != 8 || read(ends[0], code, 8) != 8)
        return 1;
    __builtin___clear_cache((char *)code, (char *)code + 8);
    printf("by read: %ld\n", ((function *)code)(0));

    /* Unmapped, and something else at the same place. */
    for (int i = 0; i < 5; i++) {
        munmap(code, page);
        code = mmap(code, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        put(code, 100 + i);
        mprotect(code, page, PROT_READ | PROT_EXEC);
        __builtin___clear_cache((char *)code, (char *)code + 8);
        printf("remapped: %ld\n", run((function *)code, 5000));
    }
    mprotect(code, page, PROT_READ | PROT_WRITE | PROT_EXEC);

    /* A function that crosses from one page into the next, each half changed in turn. */
    uint32_t *across = (uint32_t *)((char *)code + page - 4);
    put(across, 3);
    __builtin___clear_cache((char *)across, (char *)across + 8);
    total = run((function *)across, 50000);
    put(across, 4);
    __builtin___clear_cache((char *)across, (char *)across + 8);
    total = total * 10 + run((function *)across, 50000);
    printf("across pages: %ld\n", total);

    /* A 4-byte instruction with two bytes on either page. */
    uint16_t *split = (uint16_t *)((char *)code + page - 2);
    uint32_t words[2];
    for (int i = 0; i < 3; i++) {
        put(words, 9 + i);
        memcpy(split, words, 8);
        __builtin___clear_cache((char *)split, (char *)split + 8);
        printf("split: %ld\n", run((function *)split, 20000));
    }

    /* Code that patches the instruction that follows: sw a1, 12(t0) by hand. */
    uint32_t patching[] = {
        0x00000297,          /* auipc t0, 0 */
        0x00b2a823,          /* sw a1, 16(t0) */
        0x0000100f,          /* fence.i */
        0x00000513,          /* li a0, 0 */
        0x00100513,          /* li a0, 1: overwritten */
        0x00008067,          /* ret */
    };
    memcpy(code, patching, sizeof patching);
    __builtin___clear_cache((char *)code, (char *)code + sizeof patching);
    total = 0;
    for (int i = 0; i < 2000; i++)
        total += ((long (*)(long, long))code)(0, 0x00000513u | (uint32_t)(i % 1000) << 20);
    printf("patches itself: %ld\n", total);

    pthread_t thread;
    put(code, 2);
    __builtin___clear_cache((char *)code, (char *)code + 8);
    target = code;
    pthread_create(&thread, NULL, other, NULL);
    total = run((function *)code, 10000);
    phase = 1;
    while (phase != 2)
        ;
    __builtin___clear_cache((char *)code, (char *)code + 8);
    total = total * 10 + run((function *)code, 3);
    pthread_join(thread, NULL);
    printf("by a thread: %ld\n", total);
    return 0;
}
