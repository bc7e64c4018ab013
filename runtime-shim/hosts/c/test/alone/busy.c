/* A Sim in which a call is being made takes no other, be it of another thread or of what is called for an event: busy ARTIFACT. The
 * artifact is that of events.h, which has events. */
#include <stdio.h>
#include <stdlib.h>

#include "simc.h"

#include "events.h"

static int n_refused;

static void on_event(void *user, const struct simc_fired *event)
{
    struct simc_error error;
    simc_sim *sim = user;
    (void)event;
    n_refused += simc_reset(sim, &error) == SIMC_E_BUSY && error.code == SIMC_E_BUSY;
}

int main(int argc, char **argv)
{
    static char bytes[1 << 20];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    struct simc_error error;
    simc_model *model;
    simc_sim *sim;
    size_t n, size;
    void *memory, *other;
    if (file == NULL)
        return 2;
    n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);

    /* In memory of the caller, which must be enough. */
    size = simc_model_size(n);
    memory = malloc(size);
    if (simc_model_init(memory, 100, bytes, n, m_events_engine(), &error) != NULL || error.code != SIMC_E_MEMORY)
        return fputs("too little memory is taken for a model\n", stderr), 1;
    model = simc_model_init(memory, size, bytes, n, m_events_engine(), &error);
    if (model == NULL)
        return fputs(error.message, stderr), 1;
    other = calloc(1, simc_sim_size(model));
    if (simc_sim_init(other, 100, model, &error) != NULL || error.code != SIMC_E_MEMORY)
        return fputs("too little memory is taken for a Sim\n", stderr), 1;
    sim = simc_sim_init(other, simc_sim_size(model), model, &error);
    if (sim == NULL)
        return fputs(error.message, stderr), 1;

    simc_on_event(sim, on_event, sim, &error);
    if (simc_run_to_end(sim, &error) != SIMC_E_NONE || n_refused == 0 || (size_t)n_refused != simc_events(sim))
        return fputs("a busy Sim takes a call\n", stderr), 1;
    if (simc_reset(sim, &error) != SIMC_E_NONE)
        return fputs("a Sim stays busy\n", stderr), 1;
    simc_sim_close(sim);
    if (simc_run_to_end(sim, &error) != SIMC_E_CLOSED)
        return fputs("a closed Sim runs\n", stderr), 1;
    free(other);
    free(memory);
    return 0;
}
