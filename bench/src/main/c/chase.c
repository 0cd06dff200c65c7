/* Pointers: a shuffled list of 8 MB, and a binary search tree that grows and is searched. */
#include "kernel.h"

struct node {
    struct node *next;
    long value;
};

struct leaf {
    struct leaf *left, *right;
    uint32_t key;
};

enum { NODES = 1 << 19, LEAVES = 1 << 14 };
static struct node *nodes;
static struct leaf leaves[LEAVES];

static unsigned long kernel(void)
{
    if (!nodes) {
        /* Once: a single cycle through all nodes (Sattolo). */
        nodes = malloc(NODES * sizeof *nodes);
        uint32_t *order = malloc(NODES * sizeof *order);
        for (uint32_t i = 0; i < NODES; i++)
            order[i] = i;
        for (uint32_t i = NODES - 1; i > 0; i--) {
            uint32_t j = (uint32_t)(next_random() % i), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        for (uint32_t i = 0; i < NODES; i++) {
            nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
            nodes[order[i]].value = order[i];
        }
        free(order);
        random_state = 88172645463325252u;
    }
    unsigned long sum = 0;
    struct node *n = nodes;
    for (int i = 0; i < 300000; i++) {
        sum = sum * 3 + (unsigned long)n->value;
        n = n->next;
    }
    struct leaf *root = NULL;
    for (int i = 0; i < LEAVES; i++) {
        uint32_t key = (uint32_t)next_random();
        struct leaf **at = &root;
        while (*at)
            at = key < (*at)->key ? &(*at)->left : &(*at)->right;
        leaves[i] = (struct leaf){NULL, NULL, key};
        *at = &leaves[i];
    }
    for (int i = 0; i < 40000; i++) {
        uint32_t key = (uint32_t)next_random();
        for (struct leaf *l = root; l; l = key < l->key ? l->left : l->right)
            sum += l->key;
    }
    return sum;
}
