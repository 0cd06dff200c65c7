/* hostile SEED COUNT: COUNT children run random code until a signal or a timer ends them. RISC-V only. No system call is
 * among the random words, but a jump may lead to one of the C library's. */
#include "wild.h"

enum { SIZE = 4096 };

static unsigned char *code;

static void wild(void)
{
    static const uint16_t likely[] = {0x0013, 0x0033, 0x0003, 0x0023, 0x0063, 0x006f, 0x0067, 0x003b, 0x001b, 0x0053, 0x0007, 0x0027, 0x002f, 0x0017};
    for (size_t i = 0; i < SIZE / 4; i++) {
        uint32_t word = (uint32_t)next();
        /* Half of the words are given the opcode of some instruction. */
        if (next() & 1)
            word = (word & ~0x7fu) | likely[next() % (sizeof likely / sizeof *likely)];
        memcpy(code + 4 * i, &word, 4);
    }
    for (size_t i = 0; i + 4 <= SIZE; i += 2) {
        uint32_t word;
        memcpy(&word, code + i, 4);
        if (word == 0x00000073)
            code[i] = 0x13;
    }
    __builtin___clear_cache((char *)code, (char *)code + SIZE);
    uint64_t a = next(), b = next();
    ((void (*)(uint64_t, uint64_t, void *, void *))code)(a, b, code, code + SIZE);
}

static const char *verdict(const long *ends, long children)
{
    int kinds = 0;
    (void)children;
    for (int i = 0; i <= 64; i++)
        kinds += ends[i] != 0;
    return kinds > 1 ? "in several ways" : "in too few ways";
}

int main(int count, char **words)
{
    code = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return run(count, words, 30000, verdict);
}
