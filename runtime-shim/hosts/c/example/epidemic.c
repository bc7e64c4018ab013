/* Courses of an epidemic, and what moves its peak:
 *
 *     simc build tests/models/sir.xmile --target native -o sir.o
 *     simc build tests/models/sir.xmile -o sir.wasm
 *     simc bind sir.wasm --lang c -o sir_bound.h
 *     cc -I. -Iinclude example/epidemic.c src/simc_*.c sir.o -lm -o epidemic */
#include <math.h>
#include <stdio.h>

#include "simc.h"

#include "sir.h"
#include "sir_bound.h"

static double peak(const simc_sim *sim)
{
    double greatest = 0;
    size_t row;
    for (row = 0; row < simc_rows(sim); row++)
        if (simc_at(sim, row, SIR_INFECTIOUS) > greatest)
            greatest = simc_at(sim, row, SIR_INFECTIOUS);
    return greatest;
}

int main(void)
{
    static const char *const params[] = {"Contact Rate"}, *const outputs[] = {"Recovered"};
    static const double rates[] = {2, 4, 6, 8};
    const double at_the_end = HUGE_VAL;
    struct simc_error error;
    simc_model *model = sir_describe(sir_engine(), &error);
    simc_sim *sim = model == NULL ? NULL : simc_sim_new(model, &error);
    sir_params record = sir_defaults();
    struct simc_batch batch = {0};
    double recovered[4], day;
    size_t run;
    if (sim == NULL) {
        fprintf(stderr, "%s: %s\n", simc_code_word(error.code), error.message);
        return 1;
    }

    /* A run with another contact rate, by the record and by name. */
    record.contact_rate = 6;
    sir_set_params(sim, &record, &error);
    simc_run_to_end(sim, &error);
    printf("a peak of %.0f\n", peak(sim));
    simc_clear(sim, &error);
    simc_reset(sim, &error);
    simc_set(sim, "contact rate", 7, &error);
    simc_run_to_end(sim, &error);
    printf("a peak of %.0f\n", peak(sim));

    /* A run that is steered: contacts fall when a tenth is infectious. */
    simc_clear(sim, &error);
    simc_reset(sim, &error);
    for (day = SIR_START; day <= SIR_STOP; day++) {
        simc_run_to(sim, day, &error);
        if (simc_value_at(sim, SIR_INFECTIOUS) > 1000)
            simc_set_slot(sim, SIR_CONTACT_RATE, 3, &error);
    }
    printf("with fewer contacts from then on %.0f\n", peak(sim));

    /* Many runs, and the last value of each. */
    batch.n_runs = 4;
    batch.params = params;
    batch.n_params = 1;
    batch.samples = rates;
    batch.outputs = outputs;
    batch.n_outputs = 1;
    batch.at = &at_the_end;
    batch.n_at = 1;
    if (simc_run_batch(sim, &batch, recovered, &error) != SIMC_E_NONE)
        fprintf(stderr, "%s\n", error.message);
    for (run = 0; run < 4; run++)
        printf("contact rate %.0f: %.0f had it\n", rates[run], recovered[run]);

    /* Mistakes are told by a code for programs and a sentence for people. */
    if (simc_set(sim, "contact rat", 6, &error) != SIMC_E_NONE)
        printf("%s: %s\n", simc_code_word(error.code), error.message);
    simc_sim_free(sim);
    simc_model_free(model);
    return 0;
}
