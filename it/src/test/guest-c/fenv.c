/* The floating-point environment: rounding modes, flags, NaNs, conversions at their limits. RISC-V's results. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
static const char *const names[] = {"near", "zero", "down", "up"};

static uint64_t bits(double x)
{
    uint64_t u;
    memcpy(&u, &x, 8);
    return u;
}

static uint32_t bitsf(float x)
{
    uint32_t u;
    memcpy(&u, &x, 4);
    return u;
}

static const char *flags(void)
{
    static char text[8];
    int f = fetestexcept(FE_ALL_EXCEPT), n = 0;
    if (f & FE_INVALID)
        text[n++] = 'V';
    if (f & FE_DIVBYZERO)
        text[n++] = 'Z';
    if (f & FE_OVERFLOW)
        text[n++] = 'O';
    if (f & FE_UNDERFLOW)
        text[n++] = 'U';
    if (f & FE_INEXACT)
        text[n++] = 'X';
    text[n] = 0;
    return text;
}

#define EACH(label, type, show, expression)                                                                                       \
    do {                                                                                                                          \
        printf("%-28s", label);                                                                                                   \
        for (int m = 0; m < 4; m++) {                                                                                             \
            fesetround(modes[m]);                                                                                                 \
            feclearexcept(FE_ALL_EXCEPT);                                                                                         \
            volatile type r = (expression);                                                                                       \
            printf(" %llx:%s", (unsigned long long)show(r), flags());                                                             \
        }                                                                                                                         \
        fesetround(FE_TONEAREST);                                                                                                 \
        puts("");                                                                                                                 \
    } while (0)

#define SAME(x) (x)

static volatile double values[] = {0.0, -0.0, 1.0, -1.0, 0.1, 3.0, 1e308, -1e308, DBL_MIN, 4.9e-324, 1e-310, INFINITY, -INFINITY, NAN, 2.5, -2.5, 9.3e18, -9.3e18, 1.8446744073709552e19, 4294967295.5, -0.75};
static volatile float singles[] = {0.0f, -0.0f, 1.0f, 0.1f, 3.0f, FLT_MAX, -FLT_MAX, FLT_MIN, 1e-45f, INFINITY, NAN, 16777217.0f, 2147483648.0f, -1.5f};

int main(void)
{
    char label[64];
    int n = sizeof values / sizeof *values, k = sizeof singles / sizeof *singles;
    uint64_t hash = 0;
    for (int i = 0; i < n; i++) {
        double x = values[i];
        snprintf(label, sizeof label, "sqrt %a", x);
        EACH(label, double, bits, sqrt(x));
        snprintf(label, sizeof label, "to int %a", x);
        EACH(label, long, SAME, (int)x);
        snprintf(label, sizeof label, "to unsigned %a", x);
        EACH(label, unsigned, SAME, (unsigned)x);
        snprintf(label, sizeof label, "to long %a", x);
        EACH(label, long, SAME, (long)x);
        snprintf(label, sizeof label, "to unsigned long %a", x);
        EACH(label, unsigned long, SAME, (unsigned long)x);
        snprintf(label, sizeof label, "lrint %a", x);
        EACH(label, long, SAME, lrint(x));
        snprintf(label, sizeof label, "to float %a", x);
        EACH(label, float, bitsf, (float)x);
    }
    EACH("1/3", double, bits, values[2] / values[5]);
    EACH("1/0", double, bits, values[2] / values[0]);
    EACH("0/0", double, bits, values[0] / values[0]);
    EACH("huge * huge", double, bits, values[6] * values[6]);
    EACH("-huge * huge", double, bits, values[6] * values[7]);
    EACH("tiny * tiny", double, bits, values[8] * values[8]);
    EACH("tiny / 3", double, bits, values[8] / values[5]);
    EACH("inf - inf", double, bits, values[11] - values[11]);
    EACH("x - x", double, bits, values[4] - values[4]);
    EACH("fma", double, bits, fma(values[4], values[5], -0.30000000000000004));
    EACH("fma inf*0", double, bits, fma(values[11], values[0], values[13]));
    EACH("float 1/3", float, bitsf, singles[2] / singles[4]);
    EACH("float max*max", float, bitsf, singles[5] * singles[5]);
    EACH("float tiny/3", float, bitsf, singles[8] / singles[4]);
    EACH("long to double", double, bits, (double)*(volatile long *)&(long){0x7fffffffffffffffL});
    EACH("unsigned long to float", float, bitsf, (float)*(volatile unsigned long *)&(unsigned long){0xffffff7fffffffffUL});

    /* All pairs, four modes: a hash of results and flags, per operation. */
    const char *operation[] = {"add", "sub", "mul", "div", "min", "max", "less", "lessequal", "equal"};
    for (int op = 0; op < 9; op++)
        for (int m = 0; m < 4; m++) {
            hash = 14695981039346656037u;
            fesetround(modes[m]);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) {
                    double a = values[i], b = values[j];
                    feclearexcept(FE_ALL_EXCEPT);
                    double r = op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : op == 3 ? a / b : op == 4 ? fmin(a, b) : op == 5 ? fmax(a, b) : op == 6 ? a < b : op == 7 ? a <= b : a == b;
                    hash = (hash ^ bits(r)) * 1099511628211u;
                    hash = (hash ^ (unsigned)fetestexcept(FE_ALL_EXCEPT)) * 1099511628211u;
                }
            for (int i = 0; i < k; i++)
                for (int j = 0; j < k; j++) {
                    float a = singles[i], b = singles[j];
                    feclearexcept(FE_ALL_EXCEPT);
                    float r = op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : op == 3 ? a / b : op == 4 ? fminf(a, b) : op == 5 ? fmaxf(a, b) : op == 6 ? a < b : op == 7 ? a <= b : a == b;
                    hash = (hash ^ bitsf(r)) * 1099511628211u;
                    hash = (hash ^ (unsigned)fetestexcept(FE_ALL_EXCEPT)) * 1099511628211u;
                }
            fesetround(FE_TONEAREST);
            printf("%s %s %016lx\n", operation[op], names[m], hash);
        }

    /* Flags are sticky and part of the environment. */
    fenv_t environment;
    feclearexcept(FE_ALL_EXCEPT);
    volatile double unused = values[2] / values[5];
    feholdexcept(&environment);
    unused = values[2] / values[0];
    printf("held: %s", flags());
    feupdateenv(&environment);
    printf(", after: %s\n", flags());
    fesetenv(FE_DFL_ENV);
    printf("default: '%s' %d\n", flags(), fegetround() == FE_TONEAREST);
    (void)unused;
    return 0;
}
