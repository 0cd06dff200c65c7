/* Double precision in registers with a branch on the result. */
#include "kernel.h"

static unsigned long kernel(void)
{
    unsigned long total = 0;
    for (int py = 0; py < 80; py++)
        for (int px = 0; px < 120; px++) {
            double cx = px / 40.0 - 2.0, cy = py / 40.0 - 1.0, x = 0, y = 0;
            int n = 0;
            while (n < 200 && x * x + y * y < 4.0) {
                double next = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = next;
                n++;
            }
            total += n;
        }
    return total;
}
