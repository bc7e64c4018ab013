/* What every benchmark program shares: it runs its model as often as its argument says, keeps every row of the last run,
 * and prints the seconds that all runs took and the last row. Parameters come through memory, as a host would set them. */
#ifndef BENCH_H
#define BENCH_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Linear interpolation over n evenly spaced points, clamped at both ends. */
static inline double lookup_even(const double *y, int n, double min, double step, double x) {
    double at = (x - min) * (1.0 / step);
    if (!(at > 0.0)) return y[0];
    if (at >= n - 1) return y[n - 1];
    int i = (int)at;
    return y[i] + (at - i) * (y[i + 1] - y[i]);
}

/* Linear interpolation over n points with ascending x, clamped at both ends. */
static inline double lookup(const double *x, const double *y, int n, double at) {
    if (at <= x[0]) return y[0];
    for (int i = 1; i < n; i++) {
        if (at < x[i]) return y[i - 1] + (at - x[i - 1]) * (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
    }
    return y[n - 1];
}

/* So long a program runs before it is timed: its memory is there then, and the processor awake. */
#define WARM_UP 0.05

/* Runs `run(params, rows)` and reports. */
#define BENCH_MAIN(PARAMS, ROWS, WIDTH, RUN)                                      \
    int main(int argc, char **argv) {                                             \
        long repetitions = argc > 1 ? atol(argv[1]) : 1;                          \
        static double rows[(ROWS) * (WIDTH)];                                     \
        PARAMS params = DEFAULTS;                                                 \
        double start = seconds();                                                 \
        while (seconds() - start < WARM_UP) RUN(&params, rows);                   \
        start = seconds();                                                        \
        for (long i = 0; i < repetitions; i++) {                                  \
            RUN(&params, rows);                                                   \
            __asm__ volatile("" ::"g"(rows), "g"(&params) : "memory");            \
        }                                                                         \
        printf("%.9f\n", seconds() - start);                                      \
        for (int i = 0; i < (WIDTH); i++) {                                       \
            printf("%.17g ", rows[((ROWS) - 1) * (WIDTH) + i]);                   \
        }                                                                         \
        printf("\n");                                                             \
        return 0;                                                                 \
    }

#endif
