/* What names mean. */
#include "simc_private.h"

#include <string.h>

static struct simc_text variable_name(const void *of, size_t i)
{
    return ((const simc_model *)of)->variables[i].name;
}

static struct simc_text element_name(const void *of, size_t i)
{
    return ((const struct simc_dimension *)of)->elements[i];
}

/* The variable of a name without subscripts; of two with one key the later one. */
static const struct simc_info *look_up(const simc_model *model, struct simc_text name)
{
    uint64_t digest = simc_key_digest(name, 1);
    size_t i = model->n_variables;
    while (i-- > 0)
        if (model->keys[i] == digest && simc_key_is(name, model->variables[i].name))
            return &model->variables[i];
    return NULL;
}

int simc_hides_time(const simc_model *model, const struct simc_info *variable)
{
    uint64_t digest = simc_key_digest(variable->name, 0);
    size_t i;
    for (i = 0; i < 4; i++)
        if (variable->sort != SIMC_SORT_TIME && model->keys[i] == digest)
            return 1;
    return 0;
}

static enum simc_code select_all(const struct simc_info *variable, struct simc_selection *selection, struct simc_error *error)
{
    size_t i;
    selection->variable = variable;
    selection->n_dims = variable->n_dimensions;
    selection->count = variable->size;
    if (variable->n_dimensions > SIMC_MAX_DIMS)
        return simc_fail(error, SIMC_E_UNSUPPORTED, "an array has more than %d dimensions", SIMC_MAX_DIMS);
    for (i = 0; i < variable->n_dimensions; i++)
        selection->chosen[i] = -1;
    return SIMC_E_NONE;
}

/* The position of an element by its name or its number, -1 for all of them. */
static enum simc_code find_element(const struct simc_dimension *dimension, struct simc_text subscript, int64_t *position, struct simc_error *error)
{
    size_t i, digits = subscript.n > 0 && subscript.at[0] == '+';
    uint64_t number = 0;
    *position = -1;
    if (subscript.n == 1 && subscript.at[0] == '*')
        return SIMC_E_NONE;
    for (i = 0; i < dimension->n; i++) {
        if (simc_key_is(subscript, dimension->elements[i])) {
            *position = (int64_t)i;
            return SIMC_E_NONE;
        }
    }
    if (simc_key_is(subscript, dimension->name))
        return SIMC_E_NONE;
    for (i = digits; i < subscript.n && i < 11 && subscript.at[i] >= '0' && subscript.at[i] <= '9'; i++)
        number = 10 * number + (uint64_t)(subscript.at[i] - '0');
    if (i == subscript.n && number >= 1 && number <= dimension->n) {
        *position = (int64_t)number - 1;
        return SIMC_E_NONE;
    }
    return simc_unknown(error, subscript, "element", simc_suggest(subscript, element_name, dimension, dimension->n));
}

enum simc_code simc_choose(const simc_model *model, const struct simc_selection *from, struct simc_text subscripts, struct simc_selection *to, struct simc_error *error)
{
    size_t at = 0, i, open = 0, given = 0, next = 0;
    struct simc_text subscript;
    struct simc_selection result = *from;
    for (i = 0; i < from->n_dims; i++)
        open += from->chosen[i] < 0;
    while (simc_next_subscript(subscripts, &at, &subscript))
        given++;
    if (given != open) {
        char name[128];
        simc_copy_text(name, sizeof name, from->variable->name);
        simc_fail(error, SIMC_E_SHAPE, "`%s` has %lu open dimensions, not %lu", name, (unsigned long)open, (unsigned long)given);
        simc_error_variable(error, name);
        return SIMC_E_SHAPE;
    }
    at = 0;
    while (simc_next_subscript(subscripts, &at, &subscript)) {
        const struct simc_dimension *dimension;
        enum simc_code code;
        while (from->chosen[next] >= 0)
            next++;
        dimension = &model->dimensions[from->variable->dimensions[next]];
        code = find_element(dimension, subscript, &result.chosen[next], error);
        if (code != SIMC_E_NONE)
            return code;
        if (result.chosen[next] >= 0)
            result.count /= dimension->n;
        next++;
    }
    *to = result;
    return SIMC_E_NONE;
}

size_t simc_element(const simc_model *model, const struct simc_selection *selection, size_t i)
{
    size_t element = 0, unit = 1, at = selection->n_dims;
    while (at-- > 0) {
        size_t n = model->dimensions[selection->variable->dimensions[at]].n, position;
        if (selection->chosen[at] >= 0) {
            position = (size_t)selection->chosen[at];
        } else {
            position = n == 0 ? 0 : i % n;
            i = n == 0 ? 0 : i / n;
        }
        element += unit * position;
        unit *= n;
    }
    return element;
}

/* What a canonical name of the core record means: an element, or all of an array. */
static enum simc_code select_entry(const simc_model *model, const struct simc_entry *entry, struct simc_selection *selection, struct simc_error *error)
{
    size_t i, at, rest;
    for (i = 0; i < model->n_variables; i++) {
        const struct simc_info *it = &model->variables[i];
        enum simc_code code;
        if (entry->slot < it->slot || entry->slot - it->slot >= it->size)
            continue;
        code = select_all(it, selection, error);
        if (code != SIMC_E_NONE || simc_text_is(it->canonical, entry->name))
            return code;
        rest = entry->slot - it->slot;
        for (at = it->n_dimensions; at-- > 0;) {
            size_t n = model->dimensions[it->dimensions[at]].n;
            selection->chosen[at] = (int64_t)(rest % n);
            rest /= n;
        }
        selection->count = 1;
        return SIMC_E_NONE;
    }
    return simc_unknown(error, entry->name, "variable", simc_text_of(NULL));
}

enum simc_code simc_select(const simc_model *model, struct simc_text name, struct simc_selection *selection, struct simc_error *error)
{
    struct simc_text base = name, subscripts;
    const struct simc_info *variable = look_up(model, name);
    size_t i;
    int is_split;
    simc_no_error(error);
    if (variable != NULL)
        return select_all(variable, selection, error);
    is_split = simc_split(name, &base, &subscripts);
    variable = is_split ? look_up(model, base) : NULL;
    if (variable != NULL) {
        struct simc_selection all;
        enum simc_code code = select_all(variable, &all, error);
        return code != SIMC_E_NONE ? code : simc_choose(model, &all, subscripts, selection, error);
    }
    for (i = 0; i < model->n_entries; i++)
        if (simc_text_is(model->entries[i].name, name))
            return select_entry(model, &model->entries[i], selection, error);
    return simc_unknown(error, is_split ? base : name, "variable", simc_suggest(is_split ? base : name, variable_name, model, model->n_variables));
}

const struct simc_info *simc_variable_of(const simc_model *model, const char *name, struct simc_error *error)
{
    struct simc_selection selection;
    return simc_select(model, simc_text_of(name), &selection, error) == SIMC_E_NONE ? selection.variable : NULL;
}

enum simc_code simc_single(const simc_model *model, const char *name, uint32_t *slot, struct simc_error *error)
{
    struct simc_selection selection;
    enum simc_code code = simc_select(model, simc_text_of(name), &selection, error);
    if (code != SIMC_E_NONE)
        return code;
    if (selection.count != 1) {
        char example[SIMC_TITLE];
        simc_title(model, selection.variable, 0, example, sizeof example);
        simc_fail(error, SIMC_E_SHAPE, "`%.80s` is %lu elements; name one, as in `%.200s`", name, (unsigned long)selection.count, example);
        simc_copy_text(example, sizeof example, selection.variable->name);
        simc_error_variable(error, example);
        return SIMC_E_SHAPE;
    }
    *slot = selection.variable->slot + (uint32_t)simc_element(model, &selection, 0);
    return SIMC_E_NONE;
}

enum simc_code simc_slot(const simc_model *model, const char *name, uint32_t *slot, struct simc_error *error)
{
    return simc_single(model, name, slot, error);
}

enum simc_code simc_slots(const simc_model *model, const char *name, uint32_t *slots, size_t n, size_t *count, struct simc_error *error)
{
    struct simc_selection selection;
    enum simc_code code = simc_select(model, simc_text_of(name), &selection, error);
    size_t i;
    if (code != SIMC_E_NONE)
        return code;
    *count = selection.count;
    for (i = 0; i < selection.count && i < n; i++)
        slots[i] = selection.variable->slot + (uint32_t)simc_element(model, &selection, i);
    return SIMC_E_NONE;
}

int simc_default(const struct simc_info *variable, size_t element, double *value)
{
    const unsigned char *at = variable->defaults;
    uint32_t n;
    if (!variable->settable || element >= variable->size)
        return 0;
    if (!variable->is_partial) {
        *value = simc_read_f64(at + 8 * element);
        return 1;
    }
    for (n = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24, at += 4; n > 0; n--) {
        uint32_t first = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        uint32_t count = at[4] | (uint32_t)at[5] << 8 | (uint32_t)at[6] << 16 | (uint32_t)at[7] << 24;
        at += 8;
        if (element >= first && element - first < count) {
            *value = simc_read_f64(at + 8 * (element - first));
            return 1;
        }
        at += 8 * (size_t)count;
    }
    return 0;
}

static size_t put(char *buffer, size_t n, size_t at, struct simc_text text)
{
    if (at < n) {
        size_t room = n - at;
        simc_copy_text(buffer + at, room, text);
    }
    return at + text.n;
}

size_t simc_title_of(const simc_model *model, struct simc_text name, const uint32_t *dimensions, size_t n_dimensions, size_t element, char *buffer, size_t n)
{
    size_t at = put(buffer, n, 0, name), i, j;
    for (i = 0; i < n_dimensions; i++) {
        const struct simc_dimension *dimension = &model->dimensions[dimensions[i]];
        size_t unit = 1;
        for (j = i + 1; j < n_dimensions; j++)
            unit *= model->dimensions[dimensions[j]].n;
        if (dimension->n == 0 || unit == 0)
            return at;
        at = put(buffer, n, at, simc_text_of(i == 0 ? "[" : ","));
        at = put(buffer, n, at, dimension->elements[element / unit % dimension->n]);
    }
    return n_dimensions > 0 ? put(buffer, n, at, simc_text_of("]")) : at;
}

size_t simc_title(const simc_model *model, const struct simc_info *variable, size_t element, char *buffer, size_t n)
{
    return simc_title_of(model, variable->name, variable->dimensions, variable->n_dimensions, element, buffer, n);
}

enum simc_code simc_columns(const simc_model *model, const char *const *names, size_t n, simc_column *column, void *user, struct simc_error *error)
{
    char title[SIMC_TITLE];
    struct simc_selection selection;
    enum simc_code code;
    size_t i, element;
    simc_no_error(error);
    for (i = 0; names != NULL && i < n; i++) {
        code = simc_select(model, simc_text_of(names[i]), &selection, error);
        if (code != SIMC_E_NONE)
            return code;
    }
    column(user, "time", 0);
    for (i = 0; names == NULL && i < model->n_variables; i++) {
        const struct simc_info *it = &model->variables[i];
        for (element = 0; it->sort != SIMC_SORT_TIME && element < it->size; element++) {
            simc_title(model, it, element, title, sizeof title);
            column(user, title, it->slot + (uint32_t)element);
        }
    }
    for (i = 0; names != NULL && i < n; i++) {
        if (simc_select(model, simc_text_of(names[i]), &selection, error) != SIMC_E_NONE || selection.variable->slot == 0)
            continue;
        for (element = 0; element < selection.count; element++) {
            size_t which = simc_element(model, &selection, element);
            simc_title(model, selection.variable, which, title, sizeof title);
            column(user, title, selection.variable->slot + (uint32_t)which);
        }
    }
    return SIMC_E_NONE;
}

struct simc_text simc_model_name(const simc_model *model)
{
    return model->name;
}

struct simc_text simc_model_producer(const simc_model *model)
{
    return model->producer;
}

const struct simc_time *simc_model_time(const simc_model *model)
{
    return &model->time;
}

const struct simc_info *simc_model_variables(const simc_model *model, size_t *n)
{
    *n = model->n_variables;
    return model->variables;
}

const struct simc_dimension *simc_model_dimensions(const simc_model *model, size_t *n)
{
    *n = model->n_dimensions;
    return model->dimensions;
}

const struct simc_table *simc_model_tables(const simc_model *model, size_t *n)
{
    *n = model->n_tables;
    return model->tables;
}

size_t simc_model_slots(const simc_model *model)
{
    return model->n_slots;
}
