/* A run that a program steers: set, run to a time, look, set again. */
#include "simc_sim.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum simc_code trapped(struct simc_error *error)
{
    return simc_bad(error, 0, "its code trapped");
}

/* The Sim, then its instance. */
static size_t head_size(const struct simc_engine *engine)
{
    size_t align = engine->align > 0 ? engine->align : 16;
    return (sizeof(struct simc_sim) + align - 1) / align * align;
}

size_t simc_sim_size(const simc_model *model)
{
    const struct simc_engine *engine = model->engine;
    return engine == NULL ? sizeof(struct simc_sim) : head_size(engine) + engine->size + engine->align;
}

/* Whether the processor was told to make numbers below 2^-1022 zero, as the start of a program does that GCC links with -ffast-math. */
static int is_flushed(void)
{
    volatile double least = DBL_MIN, half;
    half = least * 0.5;
    return half == 0;
}

static enum simc_code begin(simc_sim *sim, struct simc_error *error)
{
    if (is_flushed())
        return simc_fail(error, SIMC_E_UNSUPPORTED, "this program makes numbers below 2^-1022 zero: link it without -ffast-math and -Ofast");
    switch (sim->model->engine->init(sim->instance)) {
    case 0:
        return SIMC_E_NONE;
    case 2:
        return simc_fail(error, SIMC_E_UNSUPPORTED, "the code was compiled with fused multiplication and addition; -ffp-contract=off forbids it");
    default:
        return simc_fail(error, SIMC_E_MEMORY, "there is no memory for an instance");
    }
}

simc_sim *simc_sim_init(void *memory, size_t size, const simc_model *model, struct simc_error *error)
{
    simc_sim *sim = memory;
    size_t align;
    if (error != NULL)
        memset(error, 0, sizeof *error);
    if (model->engine == NULL) {
        simc_fail(error, SIMC_E_UNSUPPORTED, "the model has no engine");
        return NULL;
    }
    if (memory == NULL || size < simc_sim_size(model)) {
        simc_fail(error, SIMC_E_MEMORY, "there is too little memory");
        return NULL;
    }
    align = model->engine->align > 0 ? model->engine->align : 16;
    memset(sim, 0, sizeof *sim);
    sim->model = model;
    sim->instance = (char *)memory + sizeof *sim;
    sim->instance = (char *)sim->instance + (align - (uintptr_t)sim->instance % align) % align;
    return begin(sim, error) == SIMC_E_NONE ? sim : NULL;
}

simc_sim *simc_sim_new(const simc_model *model, struct simc_error *error)
{
    size_t size = simc_sim_size(model);
    void *memory = calloc(1, size);
    simc_sim *sim = simc_sim_init(memory, memory == NULL ? 0 : size, model, error);
    if (sim == NULL)
        free(memory);
    else
        sim->owns = 1;
    return sim;
}

void simc_sim_close(simc_sim *sim)
{
    if (sim != NULL && sim->instance != NULL && !simc_defer(sim, simc_sim_close, 0)) {
        if (sim->model->engine->drop != NULL)
            sim->model->engine->drop(sim->instance);
        sim->instance = NULL;
    }
}

void simc_sim_free(simc_sim *sim)
{
    if (sim == NULL || (sim->instance != NULL && simc_defer(sim, simc_sim_free, 1)))
        return;
    simc_sim_close(sim);
    if (sim->owns)
        free(sim);
}

static enum simc_code reset(simc_sim *sim, struct simc_error *error)
{
    sim->is_started = 0;
    sim->n_seen = 0;
    return sim->model->engine->reset(sim->instance) < 0 ? trapped(error) : SIMC_E_NONE;
}

enum simc_code simc_renew(simc_sim *sim, struct simc_error *error)
{
    const struct simc_engine *engine = sim->model->engine;
    if (sim->model->lives_once) {
        if (engine->drop != NULL)
            engine->drop(sim->instance);
        memset(sim->instance, 0, engine->size);
        sim->is_started = 0;
        sim->n_seen = 0;
        return begin(sim, error);
    }
    return engine->clear_values(sim->instance) < 0 ? trapped(error) : reset(sim, error);
}

enum simc_code simc_clear(simc_sim *sim, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    return simc_leave(sim, sim->model->engine->clear_values(sim->instance) < 0 ? trapped(error) : SIMC_E_NONE);
}

enum simc_code simc_reset(simc_sim *sim, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    return code != SIMC_E_NONE ? code : simc_leave(sim, reset(sim, error));
}

/* Makes an error of the error word. */
static enum simc_code check(simc_sim *sim, struct simc_error *error)
{
    const simc_model *model = sim->model;
    uint64_t word = model->engine->get_error(sim->instance), rest = word >> 32;
    const char *what;
    char name[SIMC_TITLE] = "a conveyor or queue";
    size_t i, j;
    switch ((uint32_t)word) {
    case 0:
        return SIMC_E_NONE;
    case 58:
        what = "has a transit time that is not above 0";
        break;
    case 59:
        what = "has a transit time that is longer than there is memory for";
        break;
    case 1001:
        what = "has more batches than there is memory for";
        break;
    default:
        return simc_fail(error, SIMC_E_UNSUPPORTED, "the run stopped with error %lu, which this host does not know", (unsigned long)(uint32_t)word);
    }
    for (i = 0; i < model->n_transports; i++) {
        const struct simc_transport *it = &model->transports[i];
        uint64_t size = 1;
        for (j = 0; j < it->n_dimensions; j++)
            size *= model->dimensions[it->dimensions[j]].n;
        if (rest < size) {
            simc_title_of(model, it->name, it->dimensions, it->n_dimensions, (size_t)rest, name, sizeof name);
            break;
        }
        rest -= size;
    }
    simc_fail(error, SIMC_E_TRANSPORT, "the run stopped: %.200s %s", name, what);
    simc_error_variable(error, name);
    return SIMC_E_TRANSPORT;
}

/* Tells of an event. */
static void tell(simc_sim *sim, struct simc_record record)
{
    static const char *const actions[] = {"message", "pause", "stop"};
    static const char *const directions[] = {"increasing", "decreasing"};
    const simc_model *model = sim->model;
    char variable[SIMC_TITLE] = "";
    struct simc_fired fired;
    size_t i, rest = record.event;
    memset(&fired, 0, sizeof fired);
    fired.step = record.step;
    fired.time = record.time;
    fired.value = record.value;
    fired.threshold = simc_nan();
    fired.variable = variable;
    fired.action = actions[0];
    fired.direction = directions[0];
    for (i = 0; i < model->n_thresholds; i++) {
        const struct simc_threshold *it = &model->thresholds[i];
        if (rest < it->n_actions) {
            simc_title_of(model, it->variable, it->dimensions, it->n_dimensions, record.element, variable, sizeof variable);
            fired.action = actions[it->actions[rest].kind];
            fired.message = it->actions[rest].message;
            fired.threshold = it->value;
            fired.direction = directions[it->direction];
            break;
        }
        rest -= it->n_actions;
    }
    sim->fired(sim->user, &fired);
}

static void collect(simc_sim *sim)
{
    const struct simc_engine *engine = sim->model->engine;
    size_t count = engine->event_count(sim->instance), i = sim->n_seen;
    if (count > engine->event_capacity && i < count - engine->event_capacity)
        i = count - engine->event_capacity;
    for (; i < count && sim->fired != NULL; i++)
        tell(sim, engine->event(sim->instance, i));
    sim->n_seen = count;
}

static int is_complete(const simc_sim *sim)
{
    return sim->model->engine->rows(sim->instance) >= sim->model->n_rows;
}

static int run_state(const simc_sim *sim)
{
    return sim->model->engine->run_state == NULL ? 0 : sim->model->engine->run_state(sim->instance);
}

enum simc_code simc_advance(simc_sim *sim, double target, struct simc_error *error)
{
    const struct simc_engine *engine = sim->model->engine;
    const struct simc_time *time = &sim->model->time;
    double at_once;
    sim->is_started = 1;
    if (engine->event_count == NULL)
        return engine->run_to(sim->instance, target) < 0 ? trapped(error) : check(sim, error);
    at_once = (double)(engine->event_capacity / (sim->model->events_per_step > 0 ? sim->model->events_per_step : 1));
    if (at_once < 1)
        at_once = 1;
    if (engine->run_initials(sim->instance) < 0)
        return trapped(error);
    for (;;) {
        double before = engine->live(sim->instance)[0];
        double step = floor((before - time->start) / time->dt + 0.5);
        double elapsed = (step + at_once - 1) * time->dt;
        double next = time->start + elapsed;
        if (next > target)
            next = target;
        if (engine->run_to(sim->instance, next) < 0)
            return trapped(error);
        collect(sim);
        if (is_complete(sim) || run_state(sim) != 0 || (uint32_t)engine->get_error(sim->instance) != 0 || next == target || engine->live(sim->instance)[0] == before)
            return check(sim, error);
    }
}

enum simc_code simc_run_initials(simc_sim *sim, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    sim->is_started = 1;
    return simc_leave(sim, sim->model->engine->run_initials(sim->instance) < 0 ? trapped(error) : check(sim, error));
}

enum simc_code simc_run_to(simc_sim *sim, double time, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    return simc_leave(sim, time != time ? simc_fail(error, SIMC_E_BAD_TIME, "NaN is no time to run to") : simc_advance(sim, time, error));
}

enum simc_code simc_run_to_end(simc_sim *sim, struct simc_error *error)
{
    return simc_run_to(sim, HUGE_VAL, error);
}

enum simc_code simc_run(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    code = simc_check_params(sim, params, n, error);
    if (code == SIMC_E_NONE)
        code = simc_renew(sim, error);
    if (code == SIMC_E_NONE)
        code = simc_store_params(sim, params, n, error);
    if (code == SIMC_E_NONE)
        code = simc_advance(sim, HUGE_VAL, error);
    return simc_leave(sim, code);
}

enum simc_code simc_pause_on_events(simc_sim *sim, int on, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    if (sim->model->engine->pause_on_events != NULL && sim->model->engine->pause_on_events(sim->instance, on != 0) < 0)
        code = trapped(error);
    return simc_leave(sim, code);
}

enum simc_code simc_on_event(simc_sim *sim, void (*fired)(void *user, const struct simc_fired *event), void *user, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    sim->fired = fired;
    sim->user = user;
    return simc_leave(sim, SIMC_E_NONE);
}

enum simc_state simc_state(simc_sim *sim)
{
    if (sim->instance == NULL)
        return SIMC_CLOSED_STATE;
    if ((uint32_t)sim->model->engine->get_error(sim->instance) != 0)
        return SIMC_FAILED_STATE;
    if (is_complete(sim))
        return SIMC_COMPLETE;
    if (run_state(sim) == 2)
        return SIMC_STOPPED;
    if (run_state(sim) == 1)
        return SIMC_PAUSED;
    return sim->is_started ? SIMC_RUNNING : SIMC_NEW;
}

double simc_nan(void)
{
    static const unsigned char bytes[8] = {0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    return simc_read_f64(bytes);
}

double simc_now(const simc_sim *sim)
{
    return simc_value_at(sim, 0);
}

double simc_value_at(const simc_sim *sim, int32_t slot)
{
    int is_there = sim->instance != NULL && slot >= 0 && (uint32_t)slot < sim->model->n_slots;
    return is_there ? sim->model->engine->live(sim->instance)[slot] : simc_nan();
}

enum simc_code simc_values(simc_sim *sim, const char *name, double *values, size_t n, struct simc_error *error)
{
    struct simc_selection selection;
    enum simc_code code = simc_enter(sim, error);
    size_t i;
    if (code != SIMC_E_NONE)
        return code;
    code = simc_select(sim->model, simc_text_of(name), &selection, error);
    if (code == SIMC_E_NONE && selection.count != n) {
        char variable[SIMC_TITLE];
        code = simc_fail(error, SIMC_E_SHAPE, "`%.200s` has %lu elements, not %lu", name, (unsigned long)selection.count, (unsigned long)n);
        simc_copy_text(variable, sizeof variable, selection.variable->name);
        simc_error_variable(error, variable);
    }
    for (i = 0; i < n && code == SIMC_E_NONE; i++)
        values[i] = sim->model->engine->live(sim->instance)[selection.variable->slot + simc_element(sim->model, &selection, i)];
    return simc_leave(sim, code);
}

size_t simc_rows(const simc_sim *sim)
{
    return sim->instance == NULL ? 0 : sim->model->engine->rows(sim->instance);
}

const double *simc_row(const simc_sim *sim, size_t row)
{
    return row < simc_rows(sim) ? sim->model->engine->row(sim->instance, row) : NULL;
}

double simc_at(const simc_sim *sim, size_t row, int32_t slot)
{
    const double *numbers = simc_row(sim, row);
    return numbers != NULL && slot >= 0 && (uint32_t)slot < sim->model->n_slots ? numbers[slot] : simc_nan();
}

enum simc_code simc_series(simc_sim *sim, const char *name, double *series, size_t n, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    uint32_t slot;
    size_t row, rows = simc_rows(sim);
    if (code != SIMC_E_NONE)
        return code;
    code = simc_single(sim->model, name, &slot, error);
    for (row = 0; row < rows && row < n && code == SIMC_E_NONE; row++)
        series[row] = simc_row(sim, row)[slot];
    return simc_leave(sim, code);
}

size_t simc_events(const simc_sim *sim)
{
    return sim->instance == NULL || sim->model->engine->event_count == NULL ? 0 : sim->model->engine->event_count(sim->instance);
}
