/* Calls and returns: recursion, and functions through pointers. */
#include "kernel.h"

__attribute__((noinline)) static unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

__attribute__((noinline)) static unsigned ackermann(unsigned m, unsigned n)
{
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

typedef unsigned long operation(unsigned long, unsigned long);
static unsigned long plus(unsigned long a, unsigned long b) { return a + b; }
static unsigned long minus(unsigned long a, unsigned long b) { return a - b; }
static unsigned long times(unsigned long a, unsigned long b) { return a * (b | 1); }
static unsigned long mixed(unsigned long a, unsigned long b) { return (a ^ b) << 1 | (a ^ b) >> 63; }
static operation *volatile const table[] = {plus, minus, times, mixed};

static unsigned long kernel(void)
{
    unsigned long x = 1;
    for (int i = 0; i < 300000; i++)
        x = table[(x >> 5 ^ i) & 3](x, i);
    return x + fib(24) + ackermann(2, 150);
}
