/* Reads an artifact with each of its bytes changed, and cut at each of them: forged ARTIFACT. Only errors may come of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simc.h"

static int n_read;

static void try(const unsigned char *bytes, size_t n)
{
    struct simc_error error;
    /* In memory of its own size, so that a sanitizer sees what is read beyond it. */
    unsigned char *own = malloc(n + (n == 0));
    simc_model *model;
    memcpy(own, bytes, n);
    model = simc_model_new(own, n, NULL, &error);
    if (model != NULL) {
        size_t n_variables, i;
        const struct simc_info *variables = simc_model_variables(model, &n_variables);
        char title[64];
        double value;
        for (i = 0; i < n_variables; i++) {
            simc_title(model, &variables[i], 0, title, sizeof title);
            simc_default(&variables[i], 0, &value);
        }
        simc_variable_of(model, "Contct Rate", &error);
        n_read++;
    } else if (error.code != SIMC_E_BAD_ARTIFACT && error.code != SIMC_E_UNSUPPORTED) {
        fprintf(stderr, "%s: %s\n", simc_code_word(error.code), error.message);
        exit(1);
    }
    simc_model_free(model);
    free(own);
}

int main(int argc, char **argv)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    unsigned char *bytes = malloc(1 << 20);
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t n, at, i;
    if (file == NULL || bytes == NULL)
        return 2;
    n = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    for (at = 0; at < n; at++) {
        try(bytes, at);
        for (i = 0; i < sizeof changes; i++) {
            bytes[at] ^= changes[i];
            try(bytes, n);
            bytes[at] ^= changes[i];
        }
    }
    printf("%lu artifacts, of which %d can be read\n", (unsigned long)(4 * n), n_read);
    free(bytes);
    return 0;
}
