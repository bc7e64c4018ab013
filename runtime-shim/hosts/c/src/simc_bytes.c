/* Numbers in the bytes of an artifact, the least byte first. */
#include "simc_private.h"

#include <string.h>

double simc_read_f64(const unsigned char *at)
{
    uint64_t word = 0;
    double value;
    int i;
    for (i = 7; i >= 0; i--)
        word = word << 8 | at[i];
    memcpy(&value, &word, sizeof value);
    return value;
}
