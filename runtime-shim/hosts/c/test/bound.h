/* A program that runs bindings and native code of one artifact: bound ARTIFACT ANOTHER. IT_NATIVE and IT_BOUND name its headers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simc.h"

#include IT_NATIVE
#include IT_BOUND

static void *read_all(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);
    if (file == NULL || bytes == NULL)
        exit(2);
    *n = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* The rows of a run, which end early where a conveyor or queue fails. */
static double *rows_of(simc_sim *sim, const it_params *params, size_t *n)
{
    struct simc_error error;
    double *rows;
    size_t row;
    enum simc_code code = simc_clear(sim, &error);
    if (code == SIMC_E_NONE)
        code = simc_reset(sim, &error);
    if (code == SIMC_E_NONE && params != NULL)
        code = it_set_params(sim, params, &error);
    if (code == SIMC_E_NONE)
        code = simc_run_to_end(sim, &error);
    if (code != SIMC_E_NONE && code != SIMC_E_TRANSPORT) {
        fprintf(stderr, "%s: %s\n", simc_code_word(code), error.message);
        exit(1);
    }
    *n = simc_rows(sim) * IT_N_SLOTS;
    rows = malloc((*n + 1) * sizeof *rows);
    for (row = 0; row < simc_rows(sim); row++)
        memcpy(rows + row * IT_N_SLOTS, simc_row(sim, row), IT_N_SLOTS * sizeof *rows);
    return rows;
}

int main(int argc, char **argv)
{
    struct simc_error error;
    size_t n, n_other, n_bound, n_usual;
    void *artifact, *other;
    double *bound, *usual;
    simc_model *model, *described;
    simc_sim *sim;
    it_params params = it_defaults();
    if (argc != 3)
        return 2;
    artifact = read_all(argv[1], &n);
    other = read_all(argv[2], &n_other);
    if (it_load(other, n_other, it_engine(), &error) != NULL || error.code != SIMC_E_WRONG_ARTIFACT)
        return fputs("another artifact is loaded\n", stderr), 1;
    model = it_load(artifact, n, it_engine(), &error);
    described = it_describe(it_engine(), &error);
    if (model == NULL || described == NULL)
        return fputs(error.message, stderr), 1;
    sim = simc_sim_new(described, &error);
    if (sim == NULL)
        return fputs(error.message, stderr), 1;
    bound = rows_of(sim, &params, &n_bound);
    usual = rows_of(sim, NULL, &n_usual);
    if (n_bound != n_usual || memcmp(bound, usual, n_bound * sizeof *bound) != 0)
        return fputs("the defaults give other results\n", stderr), 1;
    simc_sim_free(sim);
    simc_model_free(described);
    simc_model_free(model);
    free(bound);
    free(usual);
    free(artifact);
    free(other);
    return 0;
}
