/* An interpreter inside the guest: a stack machine that computes primes, dispatched by a switch. */
#include "kernel.h"

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, MOD, LESS, JUMP, JUMP_ZERO, COUNT, HALT };

/* for (n = 2; n < 3000; n++) { for (d = 2; d * d <= n && n % d; d++); count if d * d > n; } */
static const int primes[] = {
    /*  0 */ PUSH, 2, STORE, 0,
    /*  4 */ LOAD, 0, PUSH, 3000, LESS, JUMP_ZERO, 53,
    /* 11 */ PUSH, 2, STORE, 1,
    /* 15 */ LOAD, 0, LOAD, 1, LOAD, 1, MUL, LESS, JUMP_ZERO, 28,
    /* 25 */ COUNT, JUMP, 44,
    /* 28 */ LOAD, 0, LOAD, 1, MOD, JUMP_ZERO, 44,
    /* 35 */ LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, 15,
    /* 44 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 4,
    /* 53 */ HALT,
};

static unsigned long run(const int *code)
{
    long stack[16], variable[4] = {0};
    unsigned long count = 0, executed = 0;
    int sp = 0, pc = 0;
    for (;;) {
        executed++;
        switch (code[pc++]) {
        case PUSH: stack[sp++] = code[pc++]; break;
        case LOAD: stack[sp++] = variable[code[pc++]]; break;
        case STORE: variable[code[pc++]] = stack[--sp]; break;
        case ADD: sp--; stack[sp - 1] += stack[sp]; break;
        case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
        case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
        case MOD: sp--; stack[sp - 1] %= stack[sp]; break;
        case LESS: sp--; stack[sp - 1] = stack[sp - 1] < stack[sp]; break;
        case JUMP: pc = code[pc]; break;
        case JUMP_ZERO: pc = stack[--sp] ? pc + 1 : code[pc]; break;
        case COUNT: count++; break;
        case HALT: return count * 1000003 + executed;
        }
    }
}

static unsigned long kernel(void)
{
    return run(primes);
}
