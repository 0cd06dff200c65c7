/* Quicksort by hand, heapsort, and the C library's qsort with a comparison function. */
#include "kernel.h"

enum { N = 30000 };
static int32_t a[N];

static void quicksort(int32_t *v, int lo, int hi)
{
    while (lo < hi) {
        int32_t pivot = v[(lo + hi) / 2];
        int i = lo, j = hi;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                int32_t t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        if (j - lo < hi - i) {
            quicksort(v, lo, j);
            lo = i;
        } else {
            quicksort(v, i, hi);
            hi = j;
        }
    }
}

static void sift(int32_t *v, int root, int n)
{
    for (int child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && v[child] < v[child + 1])
            child++;
        if (v[root] >= v[child])
            return;
        int32_t t = v[root];
        v[root] = v[child];
        v[child] = t;
    }
}

static int compare(const void *x, const void *y)
{
    int32_t p = *(const int32_t *)x, q = *(const int32_t *)y;
    return (p > q) - (p < q);
}

static unsigned long kernel(void)
{
    unsigned long sum = 0;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < N; i++)
            a[i] = (int32_t)next_random();
        if (round == 0)
            quicksort(a, 0, N - 1);
        else if (round == 1) {
            for (int i = N / 2; i-- > 0;)
                sift(a, i, N);
            for (int n = N - 1; n > 0; n--) {
                int32_t t = a[0];
                a[0] = a[n];
                a[n] = t;
                sift(a, 0, n);
            }
        } else
            qsort(a, N, sizeof *a, compare);
        for (int i = 1; i < N; i++)
            if (a[i - 1] > a[i])
                abort();
        sum = sum * 31 + (uint32_t)a[N / 3];
    }
    return sum;
}
