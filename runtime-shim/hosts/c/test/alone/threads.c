/* Threads share a model: threads ARTIFACT. `engine_of_another` is its code. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "simc.h"

#define THREADS 8

const struct simc_engine *engine_of_another(void);

static const simc_model *shared;

static void *run(void *last)
{
    struct simc_error error;
    int i;
    for (i = 0; i < 20; i++) {
        simc_sim *sim = simc_sim_new(shared, &error);
        if (sim == NULL || simc_run_to_end(sim, &error) != SIMC_E_NONE || simc_values(sim, "Infectious", last, 1, &error) != SIMC_E_NONE)
            fprintf(stderr, "%s\n", error.message);
        simc_sim_free(sim);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static char bytes[1 << 20];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    struct simc_error error;
    pthread_t threads[THREADS];
    double last[THREADS] = {0};
    simc_model *model;
    size_t n, i;
    if (file == NULL)
        return 2;
    n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    model = simc_model_new(bytes, n, engine_of_another(), &error);
    if (model == NULL)
        return fprintf(stderr, "%s\n", error.message), 1;
    shared = model;
    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, run, &last[i]) != 0)
            return 2;
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    simc_model_free(model);
    for (i = 0; i < THREADS; i++)
        if (last[i] == 0 || memcmp(&last[i], &last[0], sizeof last[i]) != 0)
            return fputs("threads have other results\n", stderr), 1;
    return 0;
}
