/* Double precision with square roots and divisions: five bodies, symplectic steps. */
#include "kernel.h"
#include <math.h>

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static unsigned long kernel(void)
{
    struct body b[5];
    for (int i = 0; i < 5; i++) {
        double t = i + 1;
        b[i] = (struct body){t * 1.5, t * t * 0.1, 0.3 / t, 0.1 * t, 0.5 / t, 0.01 * t, i ? 0.001 * t : 39.5};
    }
    for (int step = 0; step < 20000; step++) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                double dx = b[i].x - b[j].x, dy = b[i].y - b[j].y, dz = b[i].z - b[j].z;
                double d2 = dx * dx + dy * dy + dz * dz, mag = 0.001 / (d2 * sqrt(d2));
                b[i].vx -= dx * b[j].mass * mag, b[i].vy -= dy * b[j].mass * mag, b[i].vz -= dz * b[j].mass * mag;
                b[j].vx += dx * b[i].mass * mag, b[j].vy += dy * b[i].mass * mag, b[j].vz += dz * b[i].mass * mag;
            }
        for (int i = 0; i < 5; i++)
            b[i].x += 0.001 * b[i].vx, b[i].y += 0.001 * b[i].vy, b[i].z += 0.001 * b[i].vz;
    }
    unsigned long bits;
    memcpy(&bits, &b[2].x, 8);
    return bits;
}
