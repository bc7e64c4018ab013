/* What the machine can do at most: nanoseconds from one independent division to the next, and bytes that it stores in a nanosecond. */
#include "bench.h"

#include <string.h>

/* Keeps a number in a register that nobody may look into: divisions stay one at a time. */
#ifdef __x86_64__
#define KEEP(number) __asm__ volatile("" : "+x"(number))
#else
#define KEEP(number) __asm__ volatile("" : "+w"(number))
#endif

enum { DIVISIONS = 1 << 16, BYTES = 1 << 21, ROUNDS = 50 };

static char block[BYTES];

int main(void) {
    double numbers[8] = {1.5, 1.25, 1.125, 1.75, 1.375, 1.625, 1.875, 1.0625}, best[2] = {1e9, 1e9};
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds();
        for (int i = 0; i < DIVISIONS / 8; i++) {
            for (int k = 0; k < 8; k++) {
                numbers[k] = 3.0 / numbers[k];
                KEEP(numbers[k]);
            }
        }
        double middle = seconds();
        memset(block, round, BYTES);
        __asm__ volatile("" ::"g"(block) : "memory");
        double end = seconds();
        best[0] = middle - start < best[0] ? middle - start : best[0];
        best[1] = end - middle < best[1] ? end - middle : best[1];
    }
    printf("%.9f\n%.9g\n", 1e9 * best[0] / DIVISIONS, BYTES / (1e9 * best[1]));
    return 0;
}
