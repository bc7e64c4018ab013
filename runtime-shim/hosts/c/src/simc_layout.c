/* What an artifact says about itself: the section simc.layout, whose bytes may be hostile. */
#include "simc_cursor.h"

#include <stdlib.h>
#include <string.h>

#define MAX_MEMORY 4294967296.0

static const uint32_t *read_dimensions(struct cursor *c, struct arena *arena, const simc_model *model, size_t *n)
{
    uint32_t count = u32(c), i;
    uint32_t *list = give_list(c, arena, count, 4, sizeof *list);
    for (i = 0; i < count && !is_bad(c); i++) {
        list[i] = u32(c);
        if (list[i] >= model->n_dimensions)
            fail(c, "there is no such dimension");
    }
    *n = is_bad(c) ? 0 : count;
    return list;
}

static double product_of(const simc_model *model, const uint32_t *dimensions, size_t n)
{
    double product = 1;
    size_t i;
    for (i = 0; i < n; i++)
        product *= (double)model->dimensions[dimensions[i]].n;
    return product;
}

static void read_dimension(struct cursor *c, struct arena *arena, struct simc_dimension *dimension)
{
    uint32_t count, i;
    struct simc_text *elements;
    dimension->name = str(c);
    count = u32(c);
    elements = give_list(c, arena, count, 4, sizeof *elements);
    for (i = 0; i < count && !is_bad(c); i++)
        elements[i] = str(c);
    dimension->elements = elements;
    dimension->n = is_bad(c) ? 0 : count;
}

static void read_variable(struct cursor *c, struct arena *arena, const simc_model *model, struct simc_info *it)
{
    unsigned known;
    uint64_t slot;
    double size;
    it->name = str(c);
    it->sort = (enum simc_sort)one_of(c, 6, "there is no such kind");
    known = flags(c, 31);
    if ((known & 17) == 17)
        fail(c, "it is settable as a whole and in part");
    slot = whole_u64(c);
    it->dimensions = read_dimensions(c, arena, model, &it->n_dimensions);
    size = product_of(model, it->dimensions, it->n_dimensions);
    if (!((double)slot + size <= model->n_slots))
        fail(c, "a slot is outside of the row");
    if (is_bad(c))
        return;
    it->slot = (uint32_t)slot;
    it->size = (uint32_t)size;
    it->settable = (known & 17) != 0;
    it->is_partial = (known & 16) != 0;
    it->defaults = c->bytes + c->at;
    if ((known & 1) != 0) {
        if (it->size > (c->end - c->at) / 8) {
            c->at += (c->end - c->at) / 8 * 8;
            fail(c, "it ends too early");
        } else {
            take(c, 8 * (uint64_t)it->size);
        }
    } else if (it->is_partial) {
        uint32_t count = u32(c), i;
        for (i = 0; i < count && !is_bad(c); i++) {
            uint32_t first = u32(c), n = u32(c);
            if ((uint64_t)first + n > it->size)
                fail(c, "an element is outside of its array");
            else if (n > (c->end - c->at) / 8) {
                c->at += (c->end - c->at) / 8 * 8;
                fail(c, "it ends too early");
            } else
                take(c, 8 * (uint64_t)n);
        }
    }
    if ((known & 2) != 0)
        it->units = str(c);
    if ((known & 4) != 0)
        it->documentation = str(c);
    if ((known & 8) != 0) {
        it->has_range = 1;
        it->least = f64(c);
        it->greatest = f64(c);
    }
}

static void read_threshold(struct cursor *c, struct arena *arena, simc_model *model, struct simc_threshold *it)
{
    uint32_t count, i;
    struct simc_action *actions;
    it->variable = str(c);
    it->dimensions = read_dimensions(c, arena, model, &it->n_dimensions);
    u32(c);
    it->n = u32(c);
    it->value = f64(c);
    it->direction = (unsigned char)one_of(c, 2, "there is no such direction");
    it->repeat = (unsigned char)one_of(c, 3, "there is no such repetition");
    u32(c);
    count = u32(c);
    actions = give_list(c, arena, count, 5, sizeof *actions);
    for (i = 0; i < count && !is_bad(c); i++) {
        actions[i].kind = (unsigned char)one_of(c, 3, "there is no such action");
        actions[i].message = str(c);
    }
    it->actions = actions;
    it->n_actions = is_bad(c) ? 0 : count;
    model->events_per_step += (uint64_t)it->n * it->n_actions;
    model->lives_once = model->lives_once || it->repeat == 2;
}

static void read_time(struct cursor *c, struct simc_time *time, size_t rows)
{
    static const char *const methods[] = {"euler", "rk2", "rk4", "midpoint"};
    time->start = f64(c);
    time->stop = f64(c);
    time->dt = f64(c);
    time->steps = whole_u64(c);
    time->save_every = whole_u64(c);
    time->method = methods[one_of(c, 4, "there is no such method")];
    if (flags(c, 1) == 1)
        time->units = str(c);
    time->rows = rows;
}

static void skip_strs(struct cursor *c)
{
    uint32_t count = u32(c), i;
    for (i = 0; i < count && !is_bad(c); i++)
        str(c);
}

static void skip_control(struct cursor *c)
{
    unsigned known;
    one_of(c, 5, "there is no such kind of control");
    known = flags(c, 7);
    skip_strs(c);
    take(c, ((known & 1) != 0 ? 16u : 0u) + ((known & 2) != 0 ? 8u : 0u));
    if ((known & 4) != 0)
        str(c);
}

static void read_table(struct cursor *c, struct simc_table *table)
{
    uint32_t count, i;
    table->name = str(c);
    one_of(c, 3, "there is no such kind");
    table->capacity = u32(c);
    count = u32(c);
    for (i = 0; i < count && !is_bad(c); i++)
        f64(c), f64(c);
}

/* What is read of a record by its tag; items of lists have at least so many bytes. */
static void read_record(struct cursor *c, struct arena *arena, simc_model *model, uint32_t tag)
{
    uint32_t count, i;
    if (tag == 1) {
        uint32_t version = u32(c);
        if (!is_bad(c) && version != 2)
            *c->code = simc_fail(c->error, SIMC_E_UNSUPPORTED, "the artifact has format version %lu, and this host reads version 2", (unsigned long)version);
        if ((u32(c) & ~1u) != 0)
            fail(c, "a flag is unknown");
        return;
    }
    if (tag == 2) {
        model->producer = str(c);
        model->name = str(c);
        take(c, 32);
        return;
    }
    if (tag == 3) {
        read_time(c, &model->time, model->n_rows);
        return;
    }
    if (tag == 48) {
        double offset = (double)whole_u64(c);
        if (!(8 * (double)whole_u64(c) + offset <= MAX_MEMORY))
            fail(c, "its place for inputs does not fit a memory");
    }
    count = u32(c);
    if (tag == 4)
        model->dimensions = give_list(c, arena, count, 8, sizeof *model->dimensions);
    if (tag == 5)
        model->variables = give_list(c, arena, count, 18, sizeof *model->variables);
    if (tag == 42)
        model->transports = give_list(c, arena, count, 9, sizeof *model->transports);
    if (tag == 48)
        model->tables = give_list(c, arena, count, 13, sizeof *model->tables);
    if (tag == 49)
        model->thresholds = give_list(c, arena, count, 34, sizeof *model->thresholds);
    for (i = 0; i < count && !is_bad(c); i++) {
        switch (tag) {
        case 4:
            read_dimension(c, arena, &model->dimensions[i]);
            model->n_dimensions = i + 1;
            break;
        case 5:
            read_variable(c, arena, model, &model->variables[i]);
            model->n_variables = i + 1;
            break;
        case 6:
            str(c), whole_u64(c), whole_u64(c);
            break;
        case 40:
            str(c);
            if (flags(c, 1) == 1)
                str(c);
            skip_strs(c);
            break;
        case 42:
            model->transports[i].name = str(c);
            one_of(c, 2, "there is no such kind");
            model->transports[i].dimensions = read_dimensions(c, arena, model, &model->transports[i].n_dimensions);
            model->n_transports = i + 1;
            break;
        case 43:
            if (u32(c) >= model->n_variables)
                fail(c, "there is no such variable");
            if (u32(c) >= model->n_variables)
                fail(c, "there is no such variable");
            one_of(c, 3, "there is no such sign");
            flags(c, 1);
            break;
        case 44:
            skip_control(c);
            break;
        case 46:
            str(c);
            take(c, 32);
            break;
        case 48:
            read_table(c, &model->tables[i]);
            model->n_tables = i + 1;
            break;
        default:
            read_threshold(c, arena, model, &model->thresholds[i]);
            model->n_thresholds = i + 1;
        }
    }
}

static void read_records(struct cursor *c, struct arena *arena, simc_model *model)
{
    unsigned char seen[64] = {0};
    static const unsigned char known[] = {1, 2, 3, 4, 5, 6, 40, 42, 43, 44, 46, 48, 49};
    while (!is_bad(c) && c->at < c->end) {
        size_t start = c->at;
        uint32_t tag = u32(c), length = u32(c);
        struct cursor record = *c;
        int is_late;
        take(c, length);
        if (is_bad(c))
            return;
        record.end = c->at;
        if (tag != 1 && !seen[1]) {
            fail_at(c, start, "its first record is not the format");
            return;
        }
        if (tag >= sizeof seen || memchr(known, (int)tag, sizeof known) == NULL)
            continue;
        is_late = (tag == 4 && (seen[5] || seen[42] || seen[49])) || (tag == 5 && seen[43]);
        if (seen[tag] || is_late) {
            fail_at(c, start, "a record stands where it must not");
            return;
        }
        seen[tag] = 1;
        read_record(&record, arena, model, tag);
        if (!is_bad(&record) && record.at != record.end)
            fail(&record, "a record is longer than what it holds");
    }
}

/* Finds the only section of a name. */
static struct cursor find_section(struct cursor *c)
{
    struct cursor found = *c;
    int n_found = 0;
    if (c->end < 8 || memcmp(c->bytes, "\0asm\1\0\0\0", 8) != 0) {
        fail_at(c, 0, "it is no WebAssembly module");
        return found;
    }
    c->at = 8;
    while (!is_bad(c) && c->at < c->end) {
        unsigned id = u8(c);
        uint64_t length = leb(c);
        struct cursor section = *c;
        struct simc_text name;
        take(c, length);
        if (is_bad(c) || id != 0)
            continue;
        section.end = c->at;
        name = text_of(&section, leb(&section));
        if (is_bad(c) || !simc_text_is(name, simc_text_of("simc.layout")))
            continue;
        if (n_found++ > 0)
            fail_at(c, section.at, "there are two sections simc.layout");
        found = section;
    }
    if (n_found == 0)
        fail_at(c, c->end, "it has no section simc.layout");
    return found;
}

/* The first entry of a slot: entries are in the order of slots. */
static struct simc_text entry_of(const simc_model *model, uint32_t slot)
{
    struct simc_text none = {NULL, 0};
    size_t low = 0, high = model->n_entries;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (model->entries[middle].slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low < model->n_entries && model->entries[low].slot == slot ? model->entries[low].name : none;
}

static void finish(struct cursor *c, struct arena *arena, simc_model *model)
{
    size_t i, bracket;
    int is_axis = model->time.method != NULL && model->n_variables >= 4;
    for (i = 0; is_axis && i < 4; i++)
        is_axis = model->variables[i].sort == SIMC_SORT_TIME && model->variables[i].slot == i && model->variables[i].size == 1;
    if (!is_axis || !(model->time.start - model->time.start == 0 && model->time.dt > 0 && model->time.save_every > 0)) {
        fail_at(c, c->end, "it does not tell of its variables and its time");
        return;
    }
    model->keys = give(c, arena, model->n_variables * sizeof *model->keys);
    for (i = 0; i < model->n_variables && !is_bad(c); i++) {
        struct simc_info *it = &model->variables[i];
        struct simc_text name = entry_of(model, it->slot);
        it->canonical = name.at != NULL ? name : it->name;
        bracket = it->canonical.n;
        if (it->n_dimensions > 0 && bracket > 0 && it->canonical.at[bracket - 1] == ']') {
            while (bracket > 0 && it->canonical.at[bracket - 1] != '[')
                bracket--;
            if (bracket > 0)
                it->canonical.n = bracket - 1;
        }
        model->keys[i] = simc_key_digest(it->name, 0);
    }
}

/* The engine is of this artifact, whose section is given, and has what its model needs. */
static void check_engine(struct cursor *c, const simc_model *model, const unsigned char *layout, size_t n)
{
    const struct simc_engine *engine = model->engine;
    if (is_bad(c) || engine == NULL)
        return;
    if (engine->digest != simc_layout_digest(layout, n) || engine->n_slots != model->n_slots || engine->n_rows != model->n_rows)
        *c->code = simc_fail(c->error, SIMC_E_WRONG_ARTIFACT, "engine of another artifact");
    else if (model->n_thresholds > 0 && engine->event_count == NULL)
        *c->code = simc_fail(c->error, SIMC_E_UNSUPPORTED, "the engine has no events and the model has: with wasm2c, write SIMC_WASM2C_EVENTS");
}

static simc_model *read_layout(struct cursor *c, struct arena *arena, const struct simc_engine *engine)
{
    const unsigned char *layout = c->bytes + c->at;
    size_t n = c->end - c->at;
    simc_model *model = give(c, arena, sizeof *model);
    uint64_t n_slots = whole_u64(c), n_rows = whole_u64(c), results = whole_u64(c);
    uint32_t count, i;
    if (!((double)n_slots * (double)n_rows * 8 + (double)results <= MAX_MEMORY && (double)n_slots * 8 <= MAX_MEMORY && (double)n_rows <= MAX_MEMORY - 1))
        fail(c, "its results do not fit a memory");
    if (is_bad(c))
        return NULL;
    model->n_slots = (uint32_t)n_slots;
    model->n_rows = (uint32_t)n_rows;
    model->results = results;
    model->engine = engine;
    count = u32(c);
    model->entries = give_list(c, arena, count, 12, sizeof *model->entries);
    for (i = 0; i < count && !is_bad(c); i++) {
        uint64_t slot;
        model->entries[i].name = str(c);
        slot = whole_u64(c);
        if (slot >= n_slots)
            fail(c, "a slot is outside of the row");
        model->entries[i].slot = (uint32_t)slot;
        model->n_entries = i + 1;
    }
    read_records(c, arena, model);
    if (!is_bad(c))
        finish(c, arena, model);
    check_engine(c, model, layout, n);
    return is_bad(c) ? NULL : model;
}

size_t simc_model_size(size_t n)
{
    /* Nothing takes more than ten times as many bytes as it has in the artifact. */
    return n > (size_t)-1 / 16 - 4096 ? (size_t)-1 : 16 * n + 4096;
}

/* A cursor over the layout in bytes. */
static struct cursor begin(const void *bytes, size_t n, int is_layout, struct simc_error *error, enum simc_code *code)
{
    struct cursor c;
    c.bytes = bytes;
    c.at = 0;
    c.end = n;
    c.error = error;
    c.code = code;
    *code = SIMC_E_NONE;
    if (error != NULL)
        memset(error, 0, sizeof *error);
    return is_layout ? c : find_section(&c);
}

static simc_model *make(void *memory, size_t size, struct cursor *c, const struct simc_engine *engine)
{
    struct arena arena;
    arena.at = memory;
    arena.left = size;
    return is_bad(c) ? NULL : read_layout(c, &arena, engine);
}

simc_model *simc_model_init(void *memory, size_t size, const void *artifact, size_t n, const struct simc_engine *engine, struct simc_error *error)
{
    enum simc_code code;
    struct cursor c = begin(artifact, n, 0, error, &code);
    return make(memory, size, &c, engine);
}

static simc_model *make_new(const void *bytes, size_t n, int is_layout, const struct simc_engine *engine, struct simc_error *error)
{
    enum simc_code code;
    struct cursor c = begin(bytes, n, is_layout, error, &code);
    size_t size = simc_model_size(c.end - c.at);
    void *memory = is_bad(&c) ? NULL : malloc(size);
    simc_model *model;
    if (memory == NULL) {
        if (!is_bad(&c))
            simc_fail(error, SIMC_E_MEMORY, "there is no memory");
        return NULL;
    }
    model = make(memory, size, &c, engine);
    if (model == NULL)
        free(memory);
    else
        model->owns = 1;
    return model;
}

simc_model *simc_model_new(const void *artifact, size_t n, const struct simc_engine *engine, struct simc_error *error)
{
    return make_new(artifact, n, 0, engine, error);
}

simc_model *simc_model_new_layout(const void *layout, size_t n, const struct simc_engine *engine, struct simc_error *error)
{
    return make_new(layout, n, 1, engine, error);
}

void simc_model_free(simc_model *model)
{
    /* The model is the first thing in its memory. */
    if (model != NULL && model->owns)
        free(model);
}
