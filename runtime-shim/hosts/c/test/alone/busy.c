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

static void on_event_close(void *user, const struct simc_fired *event)
{
    (void)event;
    simc_sim_close(user);
    simc_sim_close(user);
}

static void on_event_free(void *user, const struct simc_fired *event)
{
    (void)event;
    simc_sim_free(user);
}

/* A Sim that is closed or freed in what is called during a call ends after the call. */
static int ends_in_a_call(const simc_model *model)
{
    struct simc_error error;
    simc_sim *sim = simc_sim_new(model, &error);
    if (sim == NULL)
        return 0;
    simc_on_event(sim, on_event_close, sim, &error);
    if (simc_run_to_end(sim, &error) != SIMC_E_NONE || simc_reset(sim, &error) != SIMC_E_CLOSED)
        return 0;
    simc_sim_free(sim);
    sim = simc_sim_new(model, &error);
    if (sim == NULL)
        return 0;
    simc_on_event(sim, on_event_free, sim, &error);
    return simc_run_to_end(sim, &error) == SIMC_E_NONE;
}

/* An error that was filled in says nothing after a call that succeeds. */
static int is_forgotten(const simc_model *model)
{
    struct simc_error error;
    size_t n, times;
    uint32_t slot, slots[4];
    struct simc_batch batch = {0};
#define FORGETS(call) (simc_slot(model, "nope", &slot, &error) == SIMC_E_UNKNOWN_NAME && (call) && error.code == SIMC_E_NONE && error.message[0] == '\0')
    return FORGETS(simc_slot(model, "time", &slot, &error) == SIMC_E_NONE) && FORGETS(simc_slots(model, "time", slots, 4, &n, &error) == SIMC_E_NONE) &&
           FORGETS(simc_variable_of(model, "time", &error) != NULL) && FORGETS(simc_batch_shape(model, &batch, &n, &times, &error) == SIMC_E_NONE);
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
    if (!ends_in_a_call(model))
        return fputs("a Sim does not end after the call in which it is ended\n", stderr), 1;
    if (!is_forgotten(model))
        return fputs("an error stays after a call that succeeds\n", stderr), 1;
    free(other);
    free(memory);
    return 0;
}
