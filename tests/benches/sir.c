/* The SIR model by hand. */
#include "bench.h"

enum { STEPS = 480, EVERY = 4, ROWS = STEPS / EVERY + 1, WIDTH = 17 };

typedef struct {
    double start, stop, dt, population, infectious, contact_rate, infectivity, duration;
} Params;

#define DEFAULTS {0.0, 120.0, 0.25, 10000.0, 10.0, 8.0, 0.05, 7.0}

static __attribute__((noinline)) void run(const Params *p, double *row) {
    double susceptible = p->population - p->infectious, infectious = p->infectious, recovered = 0.0;
    for (long i = 0; i <= STEPS; i++) {
        double share = infectious / p->population;
        double infection = p->contact_rate * p->infectivity * susceptible * share;
        double recovery = infectious / p->duration;
        if (i % EVERY == 0) {
            row[0] = p->start + (double)i * p->dt;
            row[1] = p->dt;
            row[2] = p->start;
            row[3] = p->stop;
            row[4] = susceptible;
            row[5] = infectious;
            row[6] = recovered;
            row[7] = infection;
            row[8] = recovery;
            row[9] = share;
            row[10] = p->contact_rate * p->infectivity * p->duration * susceptible / p->population;
            row[11] = susceptible + infectious + recovered;
            row[12] = p->population;
            row[13] = p->infectious;
            row[14] = p->contact_rate;
            row[15] = p->infectivity;
            row[16] = p->duration;
            row += WIDTH;
        }
        susceptible += p->dt * -infection;
        infectious += p->dt * (infection - recovery);
        recovered += p->dt * recovery;
    }
}

BENCH_MAIN(Params, ROWS, WIDTH, run)
