/* Division, multiplication, branches: longest Collatz chain, greatest common divisors, a sieve. */
#include "kernel.h"

static unsigned char composite[200001];

static unsigned long kernel(void)
{
    unsigned long best = 0, sum = 0;
    for (unsigned long n = 1; n < 20000; n++) {
        unsigned long x = n, steps = 0;
        while (x != 1) {
            x = x & 1 ? 3 * x + 1 : x >> 1;
            steps++;
        }
        if (steps > best)
            best = steps;
    }
    for (unsigned a = 1; a < 300; a++)
        for (unsigned b = 1; b < 300; b++) {
            unsigned x = a * 7919u, y = b * 104729u;
            while (y) {
                unsigned t = x % y;
                x = y;
                y = t;
            }
            sum += x;
        }
    memset(composite, 0, sizeof composite);
    for (int i = 2; i * i <= 200000; i++)
        if (!composite[i])
            for (int j = i * i; j <= 200000; j += i)
                composite[j] = 1;
    for (int i = 2; i <= 200000; i++)
        sum += !composite[i];
    return best * 1000003 + sum;
}
