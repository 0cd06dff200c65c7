/* Text: the C library's string functions and byte loops of one's own. */
#include "kernel.h"
#include <ctype.h>

static char text[200000], copy[200000];

static unsigned long kernel(void)
{
    static const char *const words[] = {"the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", "emulator", "translation"};
    size_t length = 0;
    while (length < sizeof text - 32) {
        const char *word = words[next_random() % 10];
        size_t n = strlen(word);
        memcpy(text + length, word, n);
        length += n;
        text[length++] = next_random() % 12 ? ' ' : '\n';
    }
    text[length] = 0;
    unsigned long sum = length, lines = 0, count = 0;
    for (char *p = text; (p = strstr(p, "lazy dog")); p++)
        sum++;
    for (char *p = text; (p = strchr(p, '\n')); p++)
        lines++;
    for (size_t i = 0; i < length; i++)
        copy[i] = (char)toupper((unsigned char)text[i]);
    copy[length] = 0;
    char *rest = NULL;
    for (char *word = strtok_r(copy, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
        count += strcmp(word, "FOX") == 0;
        sum = sum * 31 + (unsigned char)word[0] + strlen(word);
    }
    for (int i = 0; i < 20; i++) {
        memmove(copy + 1, text, length);
        sum += memcmp(copy + 1, text, length) == 0;
        sum += memchr(copy, 1, length) == NULL;
    }
    char number[32];
    for (int i = 0; i < 2000; i++) {
        snprintf(number, sizeof number, "%d:%x", i * 7919, i);
        sum += strtoul(number, NULL, 10);
    }
    return sum + lines + count;
}
