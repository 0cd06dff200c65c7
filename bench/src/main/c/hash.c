/* Hash tables and checksums: FNV-1a into an open-addressing table, table-driven CRC-32, a 64-bit multiply mix. */
#include "kernel.h"

enum { SLOTS = 1 << 15 };
static uint64_t keys[SLOTS];
static uint32_t counts[SLOTS], crc_table[256];
static unsigned char text[1 << 16];

static unsigned long kernel(void)
{
    unsigned long sum = 0;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int j = 0; j < 8; j++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        crc_table[i] = c;
    }
    memset(keys, 0, sizeof keys);
    memset(counts, 0, sizeof counts);
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)next_random();
    for (int round = 0; round < 6; round++) {
        uint32_t crc = ~0u;
        for (unsigned i = 0; i < sizeof text; i++)
            crc = crc_table[(crc ^ text[i]) & 255] ^ crc >> 8;
        sum += ~crc;
    }
    for (int i = 0; i < 60000; i++) {
        uint64_t key = next_random() % 20000 + 1, h = 14695981039346656037u;
        for (int j = 0; j < 8; j++)
            h = (h ^ (key >> 8 * j & 255)) * 1099511628211u;
        unsigned slot = h >> 49;
        while (keys[slot] && keys[slot] != key)
            slot = (slot + 1) % SLOTS;
        keys[slot] = key;
        counts[slot]++;
    }
    uint64_t mix = 1;
    for (int i = 0; i < 400000; i++) {
        mix ^= mix >> 32;
        mix *= 0xd6e8feb86659fd93u;
        mix += i;
    }
    for (int i = 0; i < SLOTS; i++)
        sum += counts[i] * (unsigned long)counts[i];
    return sum ^ mix;
}
