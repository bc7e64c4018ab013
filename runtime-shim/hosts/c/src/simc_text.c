/* Results as text, byte for byte as `simc run` writes them, and SHA-256. */
#include "simc_sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The digits and the exponent of the value of a "%.*e", whatever the decimal point of the locale is. */
static int digits_of(double size, int n, char *digits)
{
    char text[64];
    int at = 0;
    const char *c;
    snprintf(text, sizeof text, "%.*e", n - 1, size);
    for (c = text; *c != '\0' && *c != 'e'; c++)
        if (*c >= '0' && *c <= '9')
            digits[at++] = *c;
    digits[at] = '\0';
    return *c == 'e' ? atoi(c + 1) : 0;
}

/* Whether digits with an exponent read back. */
static int reads_back(double size, const char *digits, int exponent)
{
    char text[64];
    snprintf(text, sizeof text, "%.47se%d", digits, exponent - (int)strlen(digits) + 1);
    return strtod(text, NULL) == size;
}

/* The decimal with fewest digits that reads back; of two that are equally near, the one away from zero. */
static int shortest(double size, char *digits)
{
    char exact[64], upper[64];
    int n, exponent = 0, least = size < 2.2250738585072014e-308 ? 1 : 15, i;
    for (n = least; n <= 17; n++) {
        exponent = digits_of(size, n, digits);
        if (reads_back(size, digits, exponent) || n == 17)
            break;
        /* The neighbour above, where the nearest one does not read back. */
        if (digits[n - 1] != '9') {
            memcpy(upper, digits, (size_t)n + 1);
            upper[n - 1]++;
            if (reads_back(size, upper, exponent)) {
                memcpy(digits, upper, (size_t)n + 1);
                break;
            }
        }
    }
    if (digits_of(size, n + 30, exact) == exponent && memcmp(exact, digits, (size_t)n) == 0) {
        int is_tie = exact[n] == '5' && strspn(exact + n + 1, "0") == strlen(exact + n + 1);
        memcpy(upper, digits, (size_t)n + 1);
        upper[n - 1]++;
        if (is_tie && reads_back(size, upper, exponent))
            memcpy(digits, upper, (size_t)n + 1);
    }
    for (i = (int)strlen(digits); i > 1 && digits[i - 1] == '0'; i--)
        digits[i - 1] = '\0';
    return exponent;
}

size_t simc_number(double value, char buffer[40])
{
    char digits[64], *out = buffer;
    double size = value < 0 ? -value : value;
    uint64_t word;
    int exponent, n, i;
    memcpy(&word, &value, sizeof word);
    if (value != value)
        return strlen(strcpy(buffer, "NaN"));
    if (word >> 63 != 0)
        *out++ = '-';
    if (size - size != 0)
        return (size_t)(out - buffer) + strlen(strcpy(out, "inf"));
    if (size == 0)
        return (size_t)(out - buffer) + strlen(strcpy(out, "0"));
    exponent = shortest(size, digits);
    n = (int)strlen(digits);
    if (!(size >= 1e-5 && size < 1e16)) {
        *out++ = digits[0];
        if (n > 1)
            out += sprintf(out, ".%.16s", digits + 1);
        out += sprintf(out, "e%d", exponent);
    } else if (exponent < 0) {
        out += sprintf(out, "0.");
        for (i = -1; i > exponent; i--)
            *out++ = '0';
        out += sprintf(out, "%.17s", digits);
    } else {
        for (i = 0; i <= exponent; i++)
            *out++ = i < n ? digits[i] : '0';
        if (n > exponent + 1)
            out += sprintf(out, ".%.17s", digits + exponent + 1);
        *out = '\0';
    }
    return (size_t)(out - buffer);
}

/* A row that is being written. */
struct line {
    const simc_sim *sim;
    simc_writer *writer;
    void *user;
    const double *row; /* NULL for titles */
    int n;
};

static void write_field(void *user, const char *title, uint32_t slot)
{
    struct line *line = user;
    char number[40];
    if (line->n++ > 0)
        line->writer(line->user, ",", 1);
    if (line->row != NULL) {
        size_t n = simc_number(line->row[slot], number);
        line->writer(line->user, number, n);
    } else if (strpbrk(title, ",\"\r\n") == NULL) {
        line->writer(line->user, title, strlen(title));
    } else {
        line->writer(line->user, "\"", 1);
        for (; *title != '\0'; title++)
            line->writer(line->user, *title == '"' ? "\"\"" : title, *title == '"' ? 2 : 1);
        line->writer(line->user, "\"", 1);
    }
}

enum simc_code simc_csv(simc_sim *sim, const char *const *names, size_t n, simc_writer *writer, void *user, struct simc_error *error)
{
    struct line line;
    enum simc_code code = simc_enter(sim, error);
    size_t row;
    if (code != SIMC_E_NONE)
        return code;
    line.sim = sim;
    line.writer = writer;
    line.user = user;
    line.row = NULL;
    line.n = 0;
    code = simc_columns(sim->model, names, n, write_field, &line, error);
    if (code == SIMC_E_NONE)
        writer(user, "\n", 1);
    for (row = 0; code == SIMC_E_NONE && row < simc_rows(sim); row++) {
        line.row = simc_row(sim, row);
        line.n = 0;
        code = simc_columns(sim->model, names, n, write_field, &line, error);
        writer(user, "\n", 1);
    }
    return simc_leave(sim, code);
}

static uint32_t rotated(uint32_t word, int by)
{
    return word >> by | word << (32 - by);
}

static void sha256_block(uint32_t state[8], const unsigned char *block)
{
    static const uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
        0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
        0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
        0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    };
    uint32_t w[64], v[8];
    int i;
    for (i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (; i < 64; i++) {
        uint32_t a = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(v, state, sizeof v);
    for (i = 0; i < 64; i++) {
        uint32_t a = v[7] + (rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
        uint32_t b = (rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += a;
        v[0] = a + b;
    }
    for (i = 0; i < 8; i++)
        state[i] += v[i];
}

static void sha256(uint32_t state[8], const unsigned char *at, size_t n)
{
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char last[128] = {0};
    size_t left = n, end;
    int i;
    memcpy(state, first, sizeof first);
    for (; left >= 64; left -= 64, at += 64)
        sha256_block(state, at);
    if (left > 0)
        memcpy(last, at, left);
    last[left] = 0x80;
    end = left < 56 ? 64 : 128;
    for (i = 0; i < 8; i++)
        last[end - 1 - (size_t)i] = (unsigned char)((uint64_t)n * 8 >> (8 * i));
    sha256_block(state, last);
    if (end == 128)
        sha256_block(state, last + 64);
}

uint64_t simc_layout_digest(const unsigned char *layout, size_t n)
{
    uint32_t state[8];
    uint64_t digest = 1;
    int i;
    sha256(state, layout, n);
    for (i = 6; i >= 0; i--)
        digest = digest << 8 | (state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
    return digest;
}

void simc_sha256(const void *bytes, size_t n, char hex[65])
{
    uint32_t state[8];
    int i;
    sha256(state, bytes, n);
    for (i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08lx", (unsigned long)state[i]);
}

enum simc_code simc_expect(const void *artifact, size_t n, const char *sha256, struct simc_error *error)
{
    char own[65];
    size_t i;
    simc_sha256(artifact, n, own);
    for (i = 0; i < 64; i++) {
        char c = sha256[i] >= 'A' && sha256[i] <= 'F' ? (char)(sha256[i] + 32) : sha256[i];
        if (c != own[i])
            return simc_fail(error, SIMC_E_WRONG_ARTIFACT, "the artifact has the SHA-256 %s", own);
    }
    return sha256[64] == '\0' ? SIMC_E_NONE : simc_fail(error, SIMC_E_WRONG_ARTIFACT, "the artifact has the SHA-256 %s", own);
}
