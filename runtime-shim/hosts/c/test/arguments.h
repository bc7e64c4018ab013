/* What calls are given: numbers by their bits, parameters, names. Memory is never given back. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "simc.h"

static const char NESTED[] = "has no form in C: an array of numbers is flat, and holds nothing else";

/* Why a call cannot be made, and whether it is one that must fail. */
static const char *exception;
static int expects_error;

static double number_of(const struct json *json)
{
    unsigned long long word;
    double value;
    char *end;
    if (json == NULL || json->type != '"') {
        exception = NESTED;
        return 0;
    }
    word = strtoull(json->text, &end, 16);
    if (*end != '\0' || *json->text == '\0')
        exception = NESTED;
    memcpy(&value, &word, sizeof value);
    return value;
}

static size_t count_all(const struct json *list)
{
    const struct json *it;
    size_t n = 0;
    for (it = list->child; it != NULL; it = it->next)
        n += it->type == '[' ? count_all(it) : 1;
    return n;
}

static void flatten(const struct json *list, double *numbers, size_t *n)
{
    const struct json *it;
    for (it = list->child; it != NULL; it = it->next) {
        if (it->type == '[')
            flatten(it, numbers, n);
        else
            numbers[(*n)++] = number_of(it);
    }
}

/* The numbers of a list. Lists within lists are one array in C, row-major; whether they have the right shape it does not know. */
static double *numbers_of(const struct json *list, size_t *n)
{
    double *numbers = calloc(count_all(list) + 1, sizeof *numbers);
    *n = 0;
    if (numbers == NULL)
        abort();
    if (list->child != NULL && list->child->type == '[' && expects_error)
        exception = NESTED;
    else
        flatten(list, numbers, n);
    return numbers;
}

static struct simc_param *params_of(const struct json *json, size_t *n);

static struct simc_param param_of(const char *name, const struct json *value)
{
    struct simc_param param;
    memset(&param, 0, sizeof param);
    param.name = name;
    if (value->type == '{') {
        param.elements = params_of(value, &param.n_elements);
    } else if (value->type == '[') {
        param.values = numbers_of(value, &param.n);
    } else {
        double *one = malloc(sizeof *one);
        if (one == NULL)
            abort();
        *one = number_of(value);
        param.values = one;
        param.n = 1;
    }
    return param;
}

static struct simc_param *params_of(const struct json *json, size_t *n)
{
    struct simc_param *params;
    const struct json *it;
    *n = 0;
    if (json == NULL || json->child == NULL)
        return NULL;
    params = calloc((size_t)json_count(json), sizeof *params);
    for (it = json->child; it != NULL && params != NULL; it = it->next)
        params[(*n)++] = json->type == '{' ? param_of(it->name, it) : param_of(it->child->text, it->child->next);
    return params;
}

static const char **names_of(const struct json *json, size_t *n)
{
    const struct json *it;
    const char **names;
    *n = 0;
    if (json == NULL || json->type != '[')
        return NULL;
    names = calloc((size_t)json_count(json) + 1, sizeof *names);
    for (it = json->child; it != NULL && names != NULL; it = it->next)
        names[(*n)++] = it->text;
    return names;
}

#endif
