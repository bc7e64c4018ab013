/* Cohorts of people in regions by hand: what `generate::regions` writes, for REGIONS and COHORTS of the compiler's command line.
 * Loops are fused as far as one would by hand. Prints the seconds that all runs took, then the numbers without dimensions of the last
 * row. */
#include "bench.h"

#include <string.h>

enum { R = REGIONS, C = COHORTS, STEPS = 20, EVERY = 10, ROWS = STEPS / EVERY + 1, POINTS = 6 };

typedef struct {
    double start, stop, dt;
    double years, capacity, normal_size;
    double y_fertility[POINTS], y_mortality[POINTS], y_crowding[POINTS], y_care[POINTS];
} Params;

#define DEFAULTS \
    {0.0, 5.0, 0.25, 5.0, 4000.0, 250.0, \
     {0.0, 0.05, 0.3, 0.2, 0.02, 0.0}, \
     {0.02, 0.01, 0.01, 0.02, 0.08, 0.3}, \
     {0.9, 0.95, 1.0, 1.1, 1.4, 2.0}, \
     {0.8, 0.9, 1.0, 1.05, 1.2, 1.5}}

/* A row of the results, in the order in which the model states its variables. */
typedef struct {
    double time, dt, start, stop;
    double population[R][C];
    double ageing[R][C], arriving[R][C], care[R][C], dying[R][C], emigrating[R][C], immigrating[R][C], share[R][C];
    double total[R], crowding[R], effect_of_crowding[R], births[R], emigrants[R], immigrants[R];
    double moving[R][R];
    double world_population, world_deaths, largest;
    double fertility[C], mortality[C], weight[C], age_share[C];
    double rate[R][R];
    double years, capacity, normal_size;
} Row;

static Row now, rows[ROWS];

/* What follows from constants alone. */
static void prepare(const Params *p) {
    double sum = 0.0;
    for (int c = 0; c < C; c++) {
        now.fertility[c] = lookup_even(p->y_fertility, POINTS, 0.0, 0.2, (double)(c + 1) / C);
        now.mortality[c] = lookup_even(p->y_mortality, POINTS, 0.0, 0.2, (double)(c + 1) / C);
        now.weight[c] = 1.0 / (1.0 + (double)(c + 1));
        sum += now.weight[c];
    }
    for (int c = 0; c < C; c++) now.age_share[c] = now.weight[c] / sum;
    for (int r = 0; r < R; r++)
        for (int d = 0; d < R; d++) now.rate[r][d] = 0.01 / (1.0 + fabs((double)(r + 1) - (double)(d + 1)));
}

static inline __attribute__((always_inline)) void step(const Params *p, Row *row, int is_saved) {
    double world = 0.0, deaths = 0.0, largest = -INFINITY;
    for (int r = 0; r < R; r++) {
        double total = 0.0, newborn = 0.0;
        for (int c = 0; c < C; c++) {
            total += now.population[r][c];
            newborn += now.population[r][c] * now.fertility[c];
        }
        double crowding = total / p->capacity;
        double effect = lookup_even(p->y_crowding, POINTS, 0.0, 0.5, crowding);
        now.total[r] = total;
        now.effect_of_crowding[r] = effect;
        now.births[r] = newborn / effect;
        world += total;
        if (is_saved) {
            row->total[r] = total;
            row->crowding[r] = crowding;
            row->effect_of_crowding[r] = effect;
            row->births[r] = now.births[r];
        }
        double emigrants = 0.0;
        for (int d = 0; d < R; d++) {
            double moving = total * now.rate[r][d];
            now.moving[r][d] = moving;
            emigrants += moving;
            if (is_saved) row->moving[r][d] = moving;
        }
        now.emigrants[r] = emigrants;
    }
    for (int r = 0; r < R; r++) {
        double immigrants = 0.0, before = 0.0, quota = now.emigrants[r] / now.total[r];
        for (int o = 0; o < R; o++) immigrants += now.moving[o][r];
        if (is_saved) {
            row->emigrants[r] = now.emigrants[r];
            row->immigrants[r] = immigrants;
        }
        for (int c = 0; c < C; c++) {
            double people = now.population[r][c];
            double ageing = people / p->years;
            double arriving = c == 0 ? now.births[r] : before;
            double care = lookup_even(p->y_care, POINTS, 0.0, 0.4, people / p->normal_size);
            double dying = people * now.mortality[c] * now.effect_of_crowding[r] * care;
            double emigrating = people * quota;
            double immigrating = immigrants * now.age_share[c];
            deaths += dying;
            if (is_saved) {
                double share = people / now.total[r];
                row->population[r][c] = people;
                row->ageing[r][c] = ageing;
                row->arriving[r][c] = arriving;
                row->care[r][c] = care;
                row->dying[r][c] = dying;
                row->emigrating[r][c] = emigrating;
                row->immigrating[r][c] = immigrating;
                row->share[r][c] = share;
                largest = largest > share ? largest : share;
            }
            before = ageing;
            now.population[r][c] = people + p->dt * (arriving + immigrating - ageing - dying - emigrating);
        }
    }
    if (is_saved) {
        row->world_population = world;
        row->world_deaths = deaths;
        row->largest = largest;
    }
}

static __attribute__((noinline)) void run(const Params *p) {
    prepare(p);
    for (int r = 0; r < R; r++)
        for (int c = 0; c < C; c++) now.population[r][c] = 1000.0 / (double)(c + 1) + 10.0 * (double)(r + 1) / R;
    for (int i = 0; i <= STEPS; i++) {
        Row *row = &rows[i / EVERY];
        if (i % EVERY == 0) {
            row->time = p->start + (double)i * p->dt;
            row->dt = p->dt;
            row->start = p->start;
            row->stop = p->stop;
            memcpy(row->fertility, now.fertility, sizeof now.fertility);
            memcpy(row->mortality, now.mortality, sizeof now.mortality);
            memcpy(row->weight, now.weight, sizeof now.weight);
            memcpy(row->age_share, now.age_share, sizeof now.age_share);
            memcpy(row->rate, now.rate, sizeof now.rate);
            row->years = p->years;
            row->capacity = p->capacity;
            row->normal_size = p->normal_size;
            step(p, row, 1);
        } else {
            step(p, row, 0);
        }
    }
}

int main(int argc, char **argv) {
    long repetitions = argc > 1 ? atol(argv[1]) : 1;
    Params params = DEFAULTS;
    double start = seconds();
    for (long i = 0; i < repetitions; i++) {
        run(&params);
        __asm__ volatile("" ::"g"(rows), "g"(&params) : "memory");
    }
    printf("%.9f\n", seconds() - start);
    const Row *last = &rows[ROWS - 1];
    printf("%.17g %.17g %.17g\n", last->world_population, last->world_deaths, last->largest);
    return 0;
}
