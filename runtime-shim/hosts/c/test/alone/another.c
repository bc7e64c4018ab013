/* The engine of another artifact of the same size is refused: another ARTIFACT ANOTHER. `engine_of_another` is the code of the second one;
 * sir_bound.h binds the first. */
#include <stdio.h>
#include <string.h>

#include "simc.h"

#include "sir_bound.h"

const struct simc_engine *engine_of_another(void);

static size_t read_all(const char *path, void *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t n = file == NULL ? 0 : fread(bytes, 1, size, file);
    if (file != NULL)
        fclose(file);
    return n;
}

static int is_refused(simc_model *model, const struct simc_error *error)
{
    return model == NULL && error->code == SIMC_E_WRONG_ARTIFACT && strcmp(error->message, "engine of another artifact") == 0;
}

int main(int argc, char **argv)
{
    static char one[1 << 20], another[1 << 20];
    const struct simc_engine *engine = engine_of_another();
    struct simc_error error;
    simc_model *model;
    size_t n_one, n_another;
    if (argc != 3)
        return 2;
    n_one = read_all(argv[1], one, sizeof one);
    n_another = read_all(argv[2], another, sizeof another);
    if (engine->n_slots != SIR_N_SLOTS || engine->n_rows != SIR_N_ROWS)
        return fputs("the two artifacts differ in their sizes\n", stderr), 1;
    if (!is_refused(simc_model_new(one, n_one, engine, &error), &error) || !is_refused(sir_describe(engine, &error), &error))
        return fputs("the engine of another artifact is taken\n", stderr), 1;
    model = simc_model_new(another, n_another, engine, &error);
    if (model == NULL)
        return fprintf(stderr, "its own engine is refused: %s\n", error.message), 1;
    simc_model_free(model);
    return 0;
}
