/* What a call has given, and how it differs from what is expected. */
#ifndef FOUND_H
#define FOUND_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "simc.h"

/* A text that grows. */
struct text {
    char *at;
    size_t n, room;
};

static void add_bytes(struct text *text, const char *bytes, size_t n)
{
    if (text->n + n + 1 > text->room) {
        text->room = 2 * (text->n + n + 1);
        text->at = realloc(text->at, text->room);
        if (text->at == NULL)
            abort();
    }
    memcpy(text->at + text->n, bytes, n);
    text->n += n;
    text->at[text->n] = '\0';
}

static void add(struct text *text, const char *format, ...)
{
    char part[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(part, sizeof part, format, list);
    va_end(list);
    add_bytes(text, part, strlen(part));
}

static void write_value(void *user, const char *bytes, size_t n)
{
    add_bytes(user, bytes, n);
}

/* What a call has given: names and values. */
#define MAX_FIELDS 16
static struct {
    const char *name;
    struct text value;
} found[MAX_FIELDS];
static int n_found;

static struct text *field(const char *name)
{
    struct text *value = &found[n_found].value;
    found[n_found++].name = name;
    value->n = 0;
    add_bytes(value, "", 0);
    return value;
}

static void found_text(const char *name, const char *text)
{
    add(field(name), "\"%s\"", text);
}

static void found_number(const char *name, unsigned long number)
{
    add(field(name), "%lu", number);
}

static void put_text(struct text *out, struct simc_text text)
{
    add_bytes(out, "\"", 1);
    add_bytes(out, text.at == NULL ? "" : text.at, text.n);
    add_bytes(out, "\"", 1);
}

static void found_text_or_null(const char *name, struct simc_text text)
{
    if (text.at == NULL)
        add(field(name), "null");
    else
        put_text(field(name), text);
}

static unsigned long long bits(double value)
{
    unsigned long long word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static void put_bits(struct text *out, double value)
{
    add(out, "\"%016llx\"", bits(value));
}

static void found_digest(const char *name, const void *bytes, size_t n)
{
    char hex[65];
    simc_sha256(bytes, n, hex);
    found_text(name, hex);
}

/* Texts of both are raw: escapes are resolved in what is expected. */
static void put_json(struct text *out, const struct json *json)
{
    const struct json *it;
    if (json->type == '"') {
        add_bytes(out, "\"", 1);
        add_bytes(out, json->text, strlen(json->text));
        add_bytes(out, "\"", 1);
    } else if (json->type == 'w') {
        add(out, "%s", json->text);
    } else {
        add_bytes(out, &json->type, 1);
        for (it = json->child; it != NULL; it = it->next) {
            if (json->type == '{')
                add(out, "\"%s\":", it->name);
            put_json(out, it);
            if (it->next != NULL)
                add_bytes(out, ",", 1);
        }
        add_bytes(out, json->type == '{' ? "}" : "]", 1);
    }
}

/* What is expected and not found; what is not mentioned does not matter. */
static int differs(const struct json *wanted, const char *prefix, char *what, size_t n)
{
    const struct json *it;
    for (it = wanted->child; it != NULL; it = it->next) {
        struct text text = {NULL, 0, 0};
        char name[64];
        int i = 0;
        snprintf(name, sizeof name, "%s%s", prefix, it->name);
        if (it->type == '{') {
            strcat(name, ".");
            if (differs(it, name, what, n))
                return 1;
            continue;
        }
        put_json(&text, it);
        while (i < n_found && strcmp(found[i].name, name) != 0)
            i++;
        if (i == n_found) {
            snprintf(what, n, "there is no %s", name);
            return 1;
        }
        if (strcmp(found[i].value.at, text.at) != 0) {
            snprintf(what, n, "%s: %.300s instead of %.300s", name, found[i].value.at, text.at);
            return 1;
        }
        free(text.at);
    }
    return 0;
}

#endif
