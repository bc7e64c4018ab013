/* Runs a model that CMake has compiled to native code. */
#include <stdio.h>

#include "epidemic.h"

int main(void)
{
    epidemic *city = epidemic_new();
    double peak = 0;
    size_t row;

    if (city == NULL)
        return 1;
    epidemic_set(city, EPIDEMIC_CONTACT_RATE, 6);
    if (epidemic_run(city) != SIMC_OK) {
        fprintf(stderr, "%s\n", epidemic_message(city));
        epidemic_free(city);
        return 1;
    }
    for (row = 0; row < epidemic_rows(city); row++)
        if (epidemic_at(city, row, EPIDEMIC_INFECTIOUS) > peak)
            peak = epidemic_at(city, row, EPIDEMIC_INFECTIOUS);
    printf("at most %.3f infectious\n", peak);
    epidemic_free(city);
    return 0;
}
