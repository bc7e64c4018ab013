#include "json.h"

#include <stdlib.h>
#include <string.h>

static const char *at;

static void *make(size_t n)
{
    void *memory = calloc(1, n);
    if (memory == NULL)
        abort();
    return memory;
}

static void skip(void)
{
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
        at++;
}

static char *put_letter(char *out, unsigned letter)
{
    if (letter < 0x80) {
        *out++ = (char)letter;
    } else if (letter < 0x800) {
        *out++ = (char)(0xc0 | letter >> 6);
        *out++ = (char)(0x80 | (letter & 0x3f));
    } else {
        *out++ = (char)(0xe0 | letter >> 12);
        *out++ = (char)(0x80 | (letter >> 6 & 0x3f));
        *out++ = (char)(0x80 | (letter & 0x3f));
    }
    return out;
}

static char *string(void)
{
    const char *end = ++at;
    char *text, *out;
    while (*end != '"')
        end += *end == '\\' ? 2 : 1;
    text = out = make((size_t)(end - at) + 1);
    for (; at < end; at++) {
        static const char escapes[] = "nrtbf", meant[] = "\n\r\t\b\f";
        const char *found;
        if (*at != '\\') {
            *out++ = *at;
            continue;
        }
        at++;
        found = strchr(escapes, *at);
        if (*at == 'u') {
            char digits[5] = {0};
            memcpy(digits, at + 1, 4);
            out = put_letter(out, (unsigned)strtoul(digits, NULL, 16));
            at += 4;
        } else {
            *out++ = found != NULL ? meant[found - escapes] : *at;
        }
    }
    at++;
    return text;
}

static struct json *value(void)
{
    struct json *json = make(sizeof *json), **last = &json->child;
    skip();
    json->type = *at;
    if (*at == '"') {
        json->text = string();
    } else if (*at == '{' || *at == '[') {
        const char close = *at == '{' ? '}' : ']';
        at++;
        for (skip(); *at != close; skip()) {
            char *name = NULL;
            if (close == '}') {
                name = string();
                skip();
                at++;
            }
            *last = value();
            (*last)->name = name;
            last = &(*last)->next;
            skip();
            if (*at == ',')
                at++;
        }
        at++;
    } else {
        const char *from = at;
        at += strcspn(at, ",]} \n");
        json->type = 'w';
        json->text = make((size_t)(at - from) + 1);
        memcpy(json->text, from, (size_t)(at - from));
    }
    return json;
}

struct json *json_parse(const char *text)
{
    at = text;
    return value();
}

struct json *json_get(const struct json *object, const char *name)
{
    struct json *it;
    if (object == NULL || object->type != '{')
        return NULL;
    for (it = object->child; it != NULL && strcmp(it->name, name) != 0; it = it->next)
        ;
    return it;
}

const char *json_text(const struct json *object, const char *name)
{
    struct json *it = json_get(object, name);
    return it == NULL || it->type != '"' ? NULL : it->text;
}

int json_count(const struct json *list)
{
    const struct json *it;
    int n = 0;
    for (it = list->child; it != NULL; it = it->next)
        n++;
    return n;
}
