/* The teacup model by hand. */
#include "bench.h"

enum { STEPS = 240, ROWS = STEPS + 1, WIDTH = 8 };

typedef struct {
    double start, stop, dt, initial, room, tau;
} Params;

#define DEFAULTS {0.0, 30.0, 0.125, 180.0, 70.0, 10.0}

static __attribute__((noinline)) void run(const Params *p, double *row) {
    double temperature = p->initial;
    for (long i = 0; i <= STEPS; i++, row += WIDTH) {
        double loss = (temperature - p->room) / p->tau;
        row[0] = p->start + (double)i * p->dt;
        row[1] = p->dt;
        row[2] = p->start;
        row[3] = p->stop;
        row[4] = temperature;
        row[5] = loss;
        row[6] = p->room;
        row[7] = p->tau;
        temperature += p->dt * -loss;
    }
}

BENCH_MAIN(Params, ROWS, WIDTH, run)
