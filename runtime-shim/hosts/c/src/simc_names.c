/* Names: when two of them are one, and what a misspelt one may have meant. The rules are those of equations. */
#include "simc_private.h"

#include <string.h>

#include "simc_lower.h"

int simc_text_is(struct simc_text a, struct simc_text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

struct simc_text simc_text_of(const char *text)
{
    struct simc_text it;
    it.at = text;
    it.n = text == NULL ? 0 : strlen(text);
    return it;
}

static uint32_t lower(uint32_t letter)
{
    size_t low = 0, high = sizeof simc_lower / sizeof *simc_lower;
    if (letter < 128)
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (simc_lower[middle].last < letter)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof simc_lower / sizeof *simc_lower && simc_lower[low].first <= letter && (letter - simc_lower[low].first) % simc_lower[low].step == 0)
        letter = (uint32_t)((int32_t)letter + simc_lower[low].delta);
    /* A final sigma is a sigma. */
    return letter == 0x3c2 ? 0x3c3 : letter;
}

/* The letter at a place, and how many bytes it has; bytes that are no UTF-8 are letters by themselves. */
static uint32_t letter_at(const char *at, const char *end, size_t *n)
{
    const unsigned char *b = (const unsigned char *)at;
    size_t left = (size_t)(end - at), length, i;
    uint32_t letter;
    *n = 1;
    if (b[0] < 0x80)
        return b[0];
    length = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : b[0] >= 0xc2 ? 2 : 1;
    if (length == 1 || length > left)
        return 0x110000u + b[0];
    letter = b[0] & (0x7fu >> length);
    for (i = 1; i < length; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0x110000u + b[0];
        letter = letter << 6 | (b[i] & 0x3f);
    }
    *n = length;
    return letter;
}

static int is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029
        || c == 0x202f || c == 0x205f || c == 0x3000;
}

struct simc_text simc_trim(struct simc_text text)
{
    size_t n;
    while (text.n > 0 && is_space(letter_at(text.at, text.at + text.n, &n))) {
        text.at += n;
        text.n -= n;
    }
    while (text.n > 0) {
        size_t back = 1;
        while (back < text.n && back < 4 && ((unsigned char)text.at[text.n - back] & 0xc0) == 0x80)
            back++;
        if (!is_space(letter_at(text.at + text.n - back, text.at + text.n, &n)) || n != back)
            break;
        text.n -= back;
    }
    return text;
}

/* Goes over the letters of a key. */
struct key {
    const char *at, *end;
    uint32_t held[2]; /* letters that come next, the last one first */
    int n_held, is_written, is_escaped, is_separated, has_begun;
};

static struct key key_of(struct simc_text name, int is_written)
{
    struct key key;
    if (is_written) {
        name = simc_trim(name);
        if (name.n >= 2 && name.at[0] == '"' && name.at[name.n - 1] == '"') {
            name.at++;
            name.n -= 2;
        }
    }
    memset(&key, 0, sizeof key);
    key.at = name.at;
    key.end = name.at + name.n;
    key.is_written = is_written;
    return key;
}

/* The next letter of a key, 0 at its end. */
static uint32_t key_next(struct key *key)
{
    if (key->n_held > 0)
        return key->held[--key->n_held];
    while (key->at < key->end) {
        size_t n;
        uint32_t letter = letter_at(key->at, key->end, &n);
        key->at += n;
        if (key->is_escaped) {
            /* Of an escape that means nothing the backslash stands, and what follows it. */
            key->is_escaped = 0;
        } else if (key->is_written && letter == '\\' && key->at < key->end) {
            const char escape = *key->at;
            if (escape == 'n' || escape == '"' || escape == '\\') {
                letter = escape == 'n' ? '\n' : (uint32_t)escape;
                key->at++;
            } else {
                key->is_escaped = 1;
            }
        }
        if (letter == ' ' || letter == '_' || letter == '\n' || letter == '\r' || letter == '\t' || letter == 0xa0) {
            key->is_separated = 1;
            continue;
        }
        if (letter == 0x130) {
            /* The only letter whose small form is two. */
            key->held[0] = 0x307;
            key->n_held = 1;
            letter = 'i';
        } else {
            letter = lower(letter);
        }
        if (key->is_separated && key->has_begun) {
            key->held[key->n_held++] = letter;
            letter = '_';
        }
        key->is_separated = 0;
        key->has_begun = 1;
        return letter;
    }
    if (key->is_separated && !key->has_begun) {
        key->has_begun = 1;
        return '_';
    }
    return 0;
}

uint64_t simc_key_digest(struct simc_text name, int is_written)
{
    struct key key = key_of(name, is_written);
    uint64_t digest = 0xcbf29ce484222325u;
    uint32_t letter;
    while ((letter = key_next(&key)) != 0)
        digest = (digest ^ letter) * 0x100000001b3u;
    return digest;
}

int simc_key_is(struct simc_text written, struct simc_text name)
{
    struct key a = key_of(written, 1), b = key_of(name, 0);
    uint32_t letter;
    do {
        letter = key_next(&a);
        if (letter != key_next(&b))
            return 0;
    } while (letter != 0);
    return 1;
}

/* What has been seen of a text whose parts stand between separators outside of double quotes. */
struct quoting {
    int is_quoted, is_escaped;
};

static int is_separator(struct quoting *state, char c, char separator)
{
    if (c == '"' && !state->is_escaped)
        state->is_quoted = !state->is_quoted;
    state->is_escaped = c == '\\' && !state->is_escaped;
    return c == separator && !state->is_quoted;
}

int simc_split(struct simc_text written, struct simc_text *base, struct simc_text *subscripts)
{
    struct simc_text text = simc_trim(written);
    struct quoting state = {0, 0};
    size_t at, last = 0;
    for (at = 0; at < text.n; at++)
        if (is_separator(&state, text.at[at], '['))
            last = at + 1;
    if (last == 0 || text.at[text.n - 1] != ']' || last > text.n - 1)
        return 0;
    base->at = text.at;
    base->n = last - 1;
    *base = simc_trim(*base);
    subscripts->at = text.at + last;
    subscripts->n = text.n - 1 - last;
    return 1;
}

int simc_next_subscript(struct simc_text subscripts, size_t *at, struct simc_text *subscript)
{
    struct quoting state = {0, 0};
    size_t end = *at;
    if (*at > subscripts.n)
        return 0;
    while (end < subscripts.n && !is_separator(&state, subscripts.at[end], ','))
        end++;
    subscript->at = subscripts.at + *at;
    subscript->n = end - *at;
    *subscript = simc_trim(*subscript);
    *at = end + 1;
    return 1;
}

enum { LONGEST_NAME = 80, MOST_TOLERATED = 4, BUDGET = 1000000 };

/* The letters of a key, at most so many; their number, or one more when there are more. */
static size_t letters(struct simc_text name, uint32_t *out, size_t most)
{
    struct key key = key_of(name, 0);
    size_t n = 0;
    uint32_t letter;
    while ((letter = key_next(&key)) != 0) {
        if (n == most)
            return most + 1;
        out[n++] = letter;
    }
    return n;
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that make one text the other. */
static size_t edit_distance(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t rows[3][LONGEST_NAME + MOST_TOLERATED + 1], i, j;
    size_t *before = rows[0], *row = rows[1], *next = rows[2], *spare;
    for (j = 0; j <= n_b; j++)
        row[j] = j;
    for (i = 1; i <= n_a; i++) {
        next[0] = i;
        for (j = 1; j <= n_b; j++) {
            size_t cell = least_of(least_of(row[j], next[j - 1]) + 1, row[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cell = least_of(cell, before[j - 2] + 1);
            next[j] = cell;
        }
        spare = before;
        before = row;
        row = next;
        next = spare;
    }
    return row[n_b];
}

struct simc_text simc_suggest(struct simc_text name, struct simc_text (*candidate)(const void *of, size_t i), const void *of, size_t n)
{
    uint32_t wanted[LONGEST_NAME], other[LONGEST_NAME + MOST_TOLERATED];
    size_t n_wanted = letters(name, wanted, LONGEST_NAME), i, tolerated, least, spent = 0;
    struct simc_text best = {NULL, 0};
    if (n_wanted > LONGEST_NAME)
        return best;
    tolerated = n_wanted < 2 ? 0 : n_wanted < 5 ? 1 : least_of(n_wanted / 3, MOST_TOLERATED);
    least = tolerated + 1;
    for (i = 0; i < n && ++spent <= BUDGET; i++) {
        struct simc_text written = candidate(of, i);
        size_t n_other, distance;
        if (written.n > 16 * (n_wanted + tolerated))
            continue;
        n_other = letters(written, other, n_wanted + tolerated);
        if (n_other > n_wanted + tolerated || n_other + tolerated < n_wanted)
            continue;
        spent += (n_wanted + 1) * (n_other + 1);
        distance = edit_distance(wanted, n_wanted, other, n_other);
        if (distance < least) {
            least = distance;
            best = written;
        }
    }
    return best;
}
