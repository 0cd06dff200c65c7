/* Arithmetic of all kinds on 32-bit registers, hot enough to be translated: sums of what it comes to. */
#include "bare.h"

static uint32_t state = 1;

static uint32_t next(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint64_t mixed(uint64_t sum, uint64_t value)
{
    return (sum ^ value) * 0x9e3779b97f4a7c15u + (sum >> 29);
}

static uint64_t integers(int turns)
{
    uint64_t sum = 0;
    for (int i = 0; i < turns; i++) {
        uint32_t a = next(), b = next() | 1;
        int32_t c = (int32_t)a, d = (int32_t)b;
        sum = mixed(sum, a + b) + (a - b) + (a & b) + (a | b) + (a ^ b);
        sum = mixed(sum, a << (b & 31)) + (a >> (b & 31)) + (uint32_t)(c >> (b & 31));
        sum = mixed(sum, (uint64_t)a * b) + (uint64_t)((int64_t)c * d) + (uint64_t)((int64_t)c * b >> 32);
        sum = mixed(sum, a / b) + a % b + (uint32_t)(c / d) + (uint32_t)(c % d);
        sum = mixed(sum, (c < d) | (a < b) << 1 | (c >= d) << 2) + (uint8_t)a + (uint32_t)(int8_t)b + (uint32_t)(int16_t)a;
    }
    return sum;
}

static uint64_t memory(int turns)
{
    static uint8_t bytes[8192];
    uint64_t sum = 0;
    for (int i = 0; i < turns; i++) {
        uint32_t at = next() % (sizeof bytes - 8);
        uint64_t value;
        *(uint32_t *)(bytes + (at & ~3u)) += next();
        *(uint16_t *)(bytes + (at & ~1u)) ^= (uint16_t)i;
        bytes[at] += 3;
        memcpy(&value, bytes + at, 8);
        sum = mixed(sum, value);
    }
    return sum;
}

static uint64_t bits(double d)
{
    uint64_t u;
    __builtin_memcpy(&u, &d, 8);
    return u;
}

static uint64_t floats(int turns)
{
    uint64_t sum = 0;
    double x = 1;
    float y = 1;
    for (int i = 0; i < turns; i++) {
        double a = (double)(int32_t)next(), b = (double)(next() >> 3) + 0.25;
        float c = (float)a, e = (float)next();
        double root;
        __asm__("fsqrt.d %0, %1" : "=f"(root) : "f"(b));
        x = x / 3 + a / b;
        y = y / 3 + c * e / 1e20f;
        sum = mixed(sum, bits(x)) + bits(root) + bits(__builtin_fma(a, b, x)) + bits((double)y);
        sum = mixed(sum, (uint32_t)(int32_t)(x * 1000)) + (uint32_t)(b / 7) + (a < b) + (uint64_t)(x == a) + (c > e);
    }
    return sum;
}

/* On rv32 the address is 32 bits wide and wraps: base and offset add up past the end of what is mapped and around. */
static uint64_t wrapping(int turns)
{
    static uint32_t words[64];
    uint64_t sum = 0;
    for (int i = 0; i < turns; i++) {
        uint32_t base = (uint32_t)words + 0xfffff900u + (uint32_t)(i % 60) * 4, value;
        __asm__ volatile("lw %0, 1792(%1)\n" : "=r"(value) : "r"(base) : "memory");
        words[i % 64] += value + (uint32_t)i;
        sum = mixed(sum, value);
    }
    return sum;
}

static uint64_t atomics(int turns)
{
    static uint32_t words[4];
    uint64_t sum = 0;
    for (int i = 0; i < turns; i++) {
        uint32_t *at = &words[i % 4], old = *at;
        sum += __atomic_fetch_add(at, next(), __ATOMIC_SEQ_CST);
        sum += __atomic_fetch_xor(at, next(), __ATOMIC_RELAXED) ^ __atomic_exchange_n(&words[(i + 1) % 4], (uint32_t)i, __ATOMIC_ACQUIRE);
        sum = mixed(sum, __atomic_compare_exchange_n(at, &old, (uint32_t)i * 3, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) + old);
        uint32_t least;
        __asm__ volatile("amominu.w %0, %2, (%1)" : "=r"(least) : "r"(at), "r"(next()) : "memory");
        sum += least;
    }
    return sum;
}

static int main(int count, char **words)
{
    (void)words;
    int turns = count > 1 ? 100 : 20000;
    say("integers %X\n", integers(turns));
    say("memory %X\n", memory(turns));
    say("floats %X\n", floats(turns));
    say("wrapping %X\n", wrapping(turns));
    say("atomics %X\n", atomics(turns));
    unsigned long flags, cycles;
    __asm__ volatile("csrr %0, fflags" : "=r"(flags));
    __asm__ volatile("1: rdtimeh %0\nrdtime t0\nrdtimeh t1\nbne %0, t1, 1b" : "=r"(cycles) : : "t0", "t1");
    say("flags %x\n", flags);
    return 7;
}
