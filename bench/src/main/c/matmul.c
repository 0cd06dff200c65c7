/* Double and single precision matrix products: loads, fused multiply-adds, strides. */
#include "kernel.h"

enum { N = 96 };
static double a[N][N], b[N][N], c[N][N];
static float s[N][N], t[N][N], u[N][N];

static unsigned long kernel(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (i * 31 + j * 17) % 101 / 7.0, b[i][j] = (i * 13 + j * 29) % 97 / 3.0;
            s[i][j] = (float)a[i][j], t[i][j] = (float)b[i][j];
        }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            float small = 0;
            for (int k = 0; k < N; k++) {
                sum += a[i][k] * b[k][j];
                small += s[i][k] * t[k][j];
            }
            c[i][j] = sum, u[i][j] = small;
        }
    unsigned long bits, check = 0;
    for (int i = 0; i < N; i++) {
        memcpy(&bits, &c[i][N - 1 - i], 8);
        check = check * 31 + bits + (unsigned long)u[i][i];
    }
    return check;
}
