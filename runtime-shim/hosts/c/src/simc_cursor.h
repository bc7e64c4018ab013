/* A cursor over bytes that may be hostile, and the memory that what is read of them takes. */
#ifndef SIMC_CURSOR_H
#define SIMC_CURSOR_H

#include "simc_private.h"

#include <string.h>

/* A cursor: the first thing that does not fit is kept as an error, and everything after that reads as 0. */
struct cursor {
    const unsigned char *bytes;
    size_t at, end;
    struct simc_error *error;
    enum simc_code *code;
};

/* Memory that is handed out from its beginning on. */
struct arena {
    char *at;
    size_t left;
};

static int is_bad(const struct cursor *c)
{
    return *c->code != SIMC_E_NONE;
}

static void fail_at(struct cursor *c, size_t byte, const char *what)
{
    if (!is_bad(c))
        *c->code = simc_bad(c->error, byte, what);
}

static void fail(struct cursor *c, const char *what)
{
    fail_at(c, c->at, what);
}

static const unsigned char *take(struct cursor *c, uint64_t n)
{
    static const unsigned char nothing[32];
    const unsigned char *from = c->bytes + c->at;
    if (is_bad(c))
        return n <= sizeof nothing ? nothing : NULL;
    if (n > c->end - c->at) {
        fail(c, "it ends too early");
        return n <= sizeof nothing ? nothing : NULL;
    }
    c->at += (size_t)n;
    return from;
}

static unsigned u8(struct cursor *c)
{
    return *take(c, 1);
}

static uint32_t u32(struct cursor *c)
{
    const unsigned char *b = take(c, 4);
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t u64(struct cursor *c)
{
    uint64_t low = u32(c);
    /* A number of which the first half fits and the second does not is cut at its beginning. */
    return low | (uint64_t)u32(c) << 32;
}

static uint64_t whole_u64(struct cursor *c)
{
    if (!is_bad(c) && c->end - c->at < 8) {
        fail(c, "it ends too early");
        return 0;
    }
    return u64(c);
}

static double f64(struct cursor *c)
{
    return simc_read_f64(take(c, 8));
}

/* How many bytes from the beginning are whole letters of UTF-8. */
static size_t valid_up_to(const unsigned char *b, size_t n)
{
    size_t at = 0, i;
    while (at < n) {
        unsigned first = b[at], low, high;
        size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
        if (length == 0 || length > n - at)
            return at;
        low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (length > 1 && (b[at + 1] < low || b[at + 1] > high))
            return at;
        for (i = 2; i < length; i++)
            if ((b[at + i] & 0xc0) != 0x80)
                return at;
        at += length;
    }
    return at;
}

static struct simc_text text_of(struct cursor *c, uint64_t n)
{
    struct simc_text text = {NULL, 0};
    size_t from = c->at, valid;
    const unsigned char *bytes = take(c, n);
    if (is_bad(c))
        return text;
    valid = valid_up_to(bytes, (size_t)n);
    if (valid < n) {
        fail_at(c, from + valid, "a text is not UTF-8");
        return text;
    }
    text.at = (const char *)bytes;
    text.n = (size_t)n;
    return text;
}

static struct simc_text str(struct cursor *c)
{
    return text_of(c, u32(c));
}

static uint64_t leb(struct cursor *c)
{
    uint64_t value = 0;
    int shift;
    for (shift = 0; shift < 35; shift += 7) {
        unsigned next = u8(c);
        value |= (uint64_t)(next & 0x7f) << shift;
        if (next < 0x80 && value <= 0xffffffffu)
            return value;
    }
    fail(c, "a length is no number of 32 bits");
    return 0;
}

static unsigned one_of(struct cursor *c, unsigned n, const char *what)
{
    unsigned number = u8(c);
    if (number < n)
        return number;
    fail(c, what);
    return 0;
}

static unsigned flags(struct cursor *c, unsigned known)
{
    unsigned flags = u8(c);
    if ((flags & ~known) != 0)
        fail(c, "a flag is unknown");
    return flags & known;
}

/* Room for one more item behind those of a list; items of a list are handed out one after the other. */
static void *give(struct cursor *c, struct arena *arena, size_t bytes)
{
    void *memory = arena->at;
    if (is_bad(c))
        return NULL;
    bytes = (bytes + 7) / 8 * 8;
    if (bytes > arena->left) {
        *c->code = simc_fail(c->error, SIMC_E_MEMORY, "the memory for the model is too small");
        return NULL;
    }
    arena->at += bytes;
    arena->left -= bytes;
    return memset(memory, 0, bytes);
}

/* Room for a list, whose items have at least so many bytes each in the artifact: a count that lies is found before it costs memory. */
static void *give_list(struct cursor *c, struct arena *arena, uint32_t n, size_t least, size_t bytes)
{
    if (!is_bad(c) && n > (c->end - c->at) / least) {
        /* The items that are there are read for the place at which they end. */
        n = (uint32_t)((c->end - c->at) / least) + 1;
    }
    return give(c, arena, (size_t)n * bytes);
}

#endif
