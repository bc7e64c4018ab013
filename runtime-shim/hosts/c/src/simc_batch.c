/* Many runs of one model, and the numbers that are wanted of each. */
#include "simc_sim.h"

#include <math.h>
#include <string.h>

/* The part of a step by which a time may miss a row. */
#define TOLERANCE 1e-6

static enum simc_code row_at(const struct simc_time *time, double wanted, size_t *row, struct simc_error *error)
{
    double every = (double)time->save_every * time->dt;
    double at = floor((wanted - time->start) / every + 0.5);
    double exact;
    if (wanted == HUGE_VAL) {
        *row = time->rows - 1;
        return SIMC_E_NONE;
    }
    exact = at * (double)time->save_every * time->dt;
    exact = time->start + exact;
    if (!(at >= 0 && at < (double)time->rows && fabs(exact - wanted) <= TOLERANCE * time->dt))
        return simc_fail(error, SIMC_E_BAD_TIME, "there is no saved row at time %g", wanted);
    *row = (size_t)at;
    return SIMC_E_NONE;
}

/* Where the numbers of a run go. */
struct plan {
    const simc_sim *sim;
    const struct simc_batch *batch;
    size_t n_times, n_columns, place;
    double *values;
};

static void count_column(void *user, const char *title, uint32_t slot)
{
    struct plan *plan = user;
    (void)title;
    (void)slot;
    plan->n_columns++;
}

/* Puts the numbers of one output. */
static void take_column(void *user, const char *title, uint32_t slot)
{
    struct plan *plan = user;
    size_t i, row = 0;
    (void)title;
    if (plan->n_columns++ == 0)
        return; /* the time */
    for (i = 0; i < plan->n_times; i++) {
        const double *numbers;
        if (plan->batch->at == NULL)
            row = i;
        else
            row_at(&plan->sim->model->time, plan->batch->at[i], &row, NULL);
        numbers = simc_row(plan->sim, row);
        plan->values[plan->place++] = numbers != NULL ? numbers[slot] : simc_nan();
    }
}

/* The stocks; without any, all that changes. */
static void usual_outputs(const simc_model *model, simc_column *column, void *user)
{
    size_t i, element, n_stocks = 0;
    column(user, "time", 0);
    for (i = 0; i < model->n_variables; i++)
        n_stocks += model->variables[i].sort == SIMC_SORT_STOCK;
    for (i = 0; i < model->n_variables; i++) {
        const struct simc_info *it = &model->variables[i];
        int changes = it->sort == SIMC_SORT_FLOW || it->sort == SIMC_SORT_AUXILIARY || it->sort == SIMC_SORT_MODULE_INPUT;
        if (n_stocks > 0 ? it->sort == SIMC_SORT_STOCK : changes)
            for (element = 0; element < it->size; element++)
                column(user, "", it->slot + (uint32_t)element);
    }
}

static enum simc_code outputs(const simc_model *model, const struct simc_batch *batch, simc_column *column, struct plan *plan, struct simc_error *error)
{
    plan->n_columns = 0;
    if (batch->outputs != NULL)
        return simc_columns(model, batch->outputs, batch->n_outputs, column, plan, error);
    usual_outputs(model, column, plan);
    return SIMC_E_NONE;
}

enum simc_code simc_batch_shape(const simc_model *model, const struct simc_batch *batch, size_t *n_outputs, size_t *n_times, struct simc_error *error)
{
    struct plan plan;
    enum simc_code code;
    size_t i, row;
    memset(&plan, 0, sizeof plan);
    simc_no_error(error);
    code = outputs(model, batch, count_column, &plan, error);
    for (i = 0; batch->at != NULL && i < batch->n_at && code == SIMC_E_NONE; i++)
        code = row_at(&model->time, batch->at[i], &row, error);
    *n_outputs = plan.n_columns > 0 ? plan.n_columns - 1 : 0;
    *n_times = batch->at != NULL ? batch->n_at : model->time.rows;
    return code;
}

/* The i-th parameter of a run. */
static struct simc_param param_of(const struct simc_batch *batch, size_t run, size_t i)
{
    struct simc_param param;
    memset(&param, 0, sizeof param);
    param.name = batch->params[i];
    param.values = &batch->samples[run * batch->n_params + i];
    param.n = 1;
    return param;
}

/* Checks everything that runs set. */
static enum simc_code check_samples(simc_sim *sim, const struct simc_batch *batch, struct simc_error *error)
{
    static const double zero = 0;
    enum simc_code code = SIMC_E_NONE;
    size_t run, i, j;
    if (batch->each != NULL) {
        for (run = 0; run < batch->n_runs && code == SIMC_E_NONE; run++)
            code = simc_check_params(sim, batch->each[run], batch->n_each[run], error);
        return code;
    }
    for (i = 0; i < batch->n_params && code == SIMC_E_NONE; i++) {
        /* Two names at a time: of what is given twice, each pair is looked at. */
        struct simc_param pair[2];
        memset(pair, 0, sizeof pair);
        pair[1].name = batch->params[i];
        pair[0].values = pair[1].values = &zero;
        pair[0].n = pair[1].n = 1;
        code = simc_check_params(sim, &pair[1], 1, error);
        for (j = 0; j < i && code == SIMC_E_NONE; j++) {
            pair[0].name = batch->params[j];
            code = simc_check_params(sim, pair, 2, error);
        }
    }
    for (run = 0; run < batch->n_runs && code == SIMC_E_NONE; run++) {
        for (i = 0; i < batch->n_params && code == SIMC_E_NONE; i++) {
            double value = batch->samples[run * batch->n_params + i];
            if (!(value - value == 0)) {
                code = simc_fail(error, SIMC_E_BAD_VALUE, "`%.200s` takes a finite number (run %lu)", batch->params[i], (unsigned long)run);
                simc_error_name(error, simc_text_of(batch->params[i]));
            }
        }
    }
    return code;
}

static enum simc_code store(simc_sim *sim, const struct simc_batch *batch, size_t run, struct simc_error *error)
{
    enum simc_code code = SIMC_E_NONE;
    size_t i;
    if (batch->each != NULL)
        return simc_store_params(sim, batch->each[run], batch->n_each[run], error);
    for (i = 0; i < batch->n_params && code == SIMC_E_NONE; i++) {
        struct simc_param param = param_of(batch, run, i);
        code = simc_store_params(sim, &param, 1, error);
    }
    return code;
}

enum simc_code simc_run_batch(simc_sim *sim, const struct simc_batch *batch, double *values, struct simc_error *error)
{
    struct simc_error own;
    struct plan plan;
    enum simc_code code = simc_enter(sim, error);
    size_t run, n_outputs;
    if (code != SIMC_E_NONE)
        return code;
    memset(&plan, 0, sizeof plan);
    plan.sim = sim;
    plan.batch = batch;
    plan.values = values;
    code = simc_batch_shape(sim->model, batch, &n_outputs, &plan.n_times, error);
    if (code == SIMC_E_NONE)
        code = check_samples(sim, batch, error);
    for (run = 0; run < batch->n_runs && code == SIMC_E_NONE; run++) {
        code = simc_renew(sim, error);
        if (code == SIMC_E_NONE)
            code = store(sim, batch, run, error);
        if (code != SIMC_E_NONE)
            break;
        code = simc_advance(sim, HUGE_VAL, &own);
        if (code == SIMC_E_TRANSPORT) {
            code = SIMC_E_NONE;
            if (batch->failed != NULL)
                batch->failed(batch->user, run, &own);
        } else if (code != SIMC_E_NONE && error != NULL) {
            *error = own;
        }
        outputs(sim->model, batch, take_column, &plan, NULL);
    }
    return simc_leave(sim, code);
}
