/* The predator and prey model by hand. */
#include "bench.h"

enum { STEPS = 960, EVERY = 16, ROWS = STEPS / EVERY + 1, WIDTH = 16 };

typedef struct {
    double start, stop, dt, hares, lynxes, hare_births, lynx_births, area;
    double caught[11], deaths[11];
} Params;

#define DEFAULTS                                                                                     \
    {0.0, 60.0, 0.0625, 50000.0, 1100.0, 1.25, 0.25, 1000.0,                                         \
     {0, 50, 95, 130, 155, 170, 180, 186, 190, 192, 193},                                            \
     {0.94, 0.66, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.07, 0.05}}

static __attribute__((noinline)) void run(const Params *p, double *row) {
    double hares = p->hares, lynxes = p->lynxes;
    for (long i = 0; i <= STEPS; i++) {
        double density = hares / p->area;
        double caught = lookup_even(p->caught, 11, 0.0, 50.0, density);
        double death_fraction = lookup_even(p->deaths, 11, 0.0, 10.0, density);
        double hare_births = hares * p->hare_births, hare_deaths = lynxes * caught;
        double lynx_births = lynxes * p->lynx_births, lynx_deaths = lynxes * death_fraction;
        if (i % EVERY == 0) {
            row[0] = p->start + (double)i * p->dt;
            row[1] = p->dt;
            row[2] = p->start;
            row[3] = p->stop;
            row[4] = hares;
            row[5] = lynxes;
            row[6] = hare_births;
            row[7] = hare_deaths;
            row[8] = lynx_births;
            row[9] = lynx_deaths;
            row[10] = density;
            row[11] = caught;
            row[12] = death_fraction;
            row[13] = p->hare_births;
            row[14] = p->lynx_births;
            row[15] = p->area;
            row += WIDTH;
        }
        hares += p->dt * (hare_births - hare_deaths);
        lynxes += p->dt * (lynx_births - lynx_deaths);
    }
}

BENCH_MAIN(Params, ROWS, WIDTH, run)
