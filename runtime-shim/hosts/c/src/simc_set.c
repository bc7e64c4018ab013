/* What calls set: everything is checked before anything is set. */
#include "simc_sim.h"

#include <string.h>

static const char *const WHY_NOT[] = {
    "it is part of the model's time specification",
    "it is a stock, which starts from its own equation and changes by its flows",
    "it is a flow, computed from its equation",
    "it is computed from its equation; only constants can be set",
    "it is a constant that the compiler needed to know",
    "it takes its value from outside of its module",
};

static enum simc_code not_settable(const simc_model *model, const struct simc_info *variable, size_t element, int is_whole, const char *why, struct simc_error *error)
{
    char title[SIMC_TITLE];
    if (is_whole)
        simc_copy_text(title, sizeof title, variable->name);
    else
        simc_title(model, variable, element, title, sizeof title);
    simc_fail(error, SIMC_E_NOT_SETTABLE, "`%.200s` cannot be set: %s", title, why);
    simc_error_variable(error, title);
    return SIMC_E_NOT_SETTABLE;
}

static enum simc_code require_settable(const simc_model *model, const struct simc_selection *selection, struct simc_error *error)
{
    const struct simc_info *it = selection->variable;
    double ignored;
    size_t i;
    if (simc_hides_time(model, it))
        return not_settable(model, it, 0, 1, "a variable has this name, and so has one of the run's own numbers", error);
    if (!it->settable)
        return not_settable(model, it, 0, 1, WHY_NOT[it->sort], error);
    for (i = 0; it->is_partial && i < selection->count; i++) {
        size_t element = simc_element(model, selection, i);
        if (!simc_default(it, element, &ignored))
            return not_settable(model, it, element, 0, "this element is computed from its equation", error);
    }
    return SIMC_E_NONE;
}

/* Elements within elements may be nested as deep as there are dimensions. */
static enum simc_code walk(struct simc_sim *sim, const struct simc_selection *selection, const struct simc_param *param, int sets, int depth, struct simc_error *error)
{
    const simc_model *model = sim->model;
    char title[SIMC_TITLE];
    enum simc_code code;
    size_t i;
    if (param->n_elements > 0 && depth <= SIMC_MAX_DIMS) {
        for (i = 0; i < param->n_elements; i++) {
            struct simc_selection chosen;
            code = simc_choose(model, selection, simc_text_of(param->elements[i].name), &chosen, error);
            if (code == SIMC_E_NONE)
                code = walk(sim, &chosen, &param->elements[i], sets, depth + 1, error);
            if (code != SIMC_E_NONE)
                return code;
        }
        return SIMC_E_NONE;
    }
    if (param->values == NULL || (param->n != 1 && param->n != selection->count)) {
        simc_copy_text(title, sizeof title, selection->variable->name);
        simc_fail(error, SIMC_E_SHAPE, "`%.200s`: %lu numbers are wanted, or one for all of them, not %lu", title, (unsigned long)selection->count, (unsigned long)param->n);
        simc_error_variable(error, title);
        return SIMC_E_SHAPE;
    }
    code = sets ? SIMC_E_NONE : require_settable(model, selection, error);
    for (i = 0; i < selection->count && code == SIMC_E_NONE; i++) {
        double value = param->values[param->n == 1 ? 0 : i];
        size_t element = simc_element(model, selection, i);
        if (sets) {
            code = simc_store(sim, selection->variable->slot + (uint32_t)element, value, error);
        } else if (!(value - value == 0)) {
            simc_title(model, selection->variable, element, title, sizeof title);
            code = simc_fail(error, SIMC_E_BAD_VALUE, "`%.200s` takes a finite number", title);
            simc_error_variable(error, title);
        }
    }
    return code;
}

static int is_same(const struct simc_selection *a, const struct simc_selection *b)
{
    size_t i;
    if (a->variable != b->variable)
        return 0;
    for (i = 0; i < a->n_dims; i++)
        if (a->chosen[i] != b->chosen[i])
            return 0;
    return 1;
}

enum simc_code simc_check_params(struct simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error)
{
    size_t i, j;
    for (i = 0; i < n; i++) {
        struct simc_selection selection, other;
        enum simc_code code = simc_select(sim->model, simc_text_of(params[i].name), &selection, error);
        if (code != SIMC_E_NONE)
            return code;
        for (j = 0; j < i; j++) {
            if (simc_select(sim->model, simc_text_of(params[j].name), &other, NULL) == SIMC_E_NONE && is_same(&selection, &other)) {
                simc_fail(error, SIMC_E_AMBIGUOUS_NAME, "`%.200s` is given twice under different spellings", params[i].name);
                simc_error_name(error, simc_text_of(params[i].name));
                return SIMC_E_AMBIGUOUS_NAME;
            }
        }
        code = walk(sim, &selection, &params[i], 0, 0, error);
        if (code != SIMC_E_NONE)
            return code;
    }
    return SIMC_E_NONE;
}

enum simc_code simc_store_params(struct simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error)
{
    enum simc_code code = SIMC_E_NONE;
    size_t i;
    for (i = 0; i < n && code == SIMC_E_NONE; i++) {
        struct simc_selection selection;
        code = simc_select(sim->model, simc_text_of(params[i].name), &selection, error);
        if (code == SIMC_E_NONE)
            code = walk(sim, &selection, &params[i], 1, 0, error);
    }
    return code;
}

enum simc_code simc_set_all(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    code = simc_check_params(sim, params, n, error);
    if (code == SIMC_E_NONE)
        code = simc_store_params(sim, params, n, error);
    return simc_leave(sim, code);
}

enum simc_code simc_set(simc_sim *sim, const char *name, double value, struct simc_error *error)
{
    struct simc_param param;
    memset(&param, 0, sizeof param);
    param.name = name;
    param.values = &value;
    param.n = 1;
    return simc_set_all(sim, &param, 1, error);
}

enum simc_code simc_set_slot(simc_sim *sim, int32_t slot, double value, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    if (code != SIMC_E_NONE)
        return code;
    if (!(value - value == 0))
        code = simc_fail(error, SIMC_E_BAD_VALUE, "a constant takes a finite number");
    else if (sim->model->engine->set_value(sim->instance, slot, value) != 0)
        code = simc_fail(error, SIMC_E_NOT_SETTABLE, "slot %ld is none of a constant", (long)slot);
    return simc_leave(sim, code);
}

static struct simc_text table_name(const void *of, size_t i)
{
    return ((const struct simc_table *)of)[i].name;
}

/* Whether two names of tables are one, with their subscripts. */
static int is_same_table(struct simc_text written, struct simc_text name)
{
    struct simc_text a[2], b[2], x, y;
    size_t at_a = 0, at_b = 0;
    int is_split = simc_split(written, &a[0], &a[1]);
    if (is_split != simc_split(name, &b[0], &b[1]))
        return 0;
    if (!is_split)
        return simc_key_is(written, name);
    if (!simc_key_is(a[0], b[0]))
        return 0;
    for (;;) {
        int has_a = simc_next_subscript(a[1], &at_a, &x), has_b = simc_next_subscript(b[1], &at_b, &y);
        if (has_a != has_b || (has_a && !simc_key_is(x, y)))
            return 0;
        if (!has_a)
            return 1;
    }
}

static enum simc_code set_table(simc_sim *sim, const char *name, const double *points, size_t n, struct simc_error *error)
{
    const simc_model *model = sim->model;
    const char *wrong = NULL;
    char shown[128];
    size_t number, i;
    if (model->n_tables == 0 || model->engine->set_points == NULL)
        return simc_fail(error, SIMC_E_UNSUPPORTED, "the artifact has no graphical functions that can be set; `simc build --inputs tables` makes one that has");
    for (number = 0; number < model->n_tables; number++)
        if (is_same_table(simc_text_of(name), model->tables[number].name))
            break;
    if (number == model->n_tables)
        return simc_unknown(error, simc_text_of(name), "graphical function", simc_suggest(simc_text_of(name), table_name, model->tables, model->n_tables));
    if (n == 0)
        wrong = "there are none";
    for (i = 0; i < n && wrong == NULL; i++) {
        if (!(points[2 * i] - points[2 * i] == 0 && points[2 * i + 1] - points[2 * i + 1] == 0))
            wrong = "they must be finite";
        else if (i > 0 && points[2 * i - 2] > points[2 * i])
            wrong = "x must ascend";
    }
    if (wrong == NULL && (n > model->tables[number].capacity || model->engine->set_points(sim->instance, (int32_t)number, n, points) != 0))
        wrong = "there is no room for so many";
    if (wrong == NULL)
        return SIMC_E_NONE;
    simc_copy_text(shown, sizeof shown, model->tables[number].name);
    simc_fail(error, SIMC_E_BAD_VALUE, "the points of `%s`: %s", shown, wrong);
    simc_error_variable(error, shown);
    return SIMC_E_BAD_VALUE;
}

enum simc_code simc_set_table(simc_sim *sim, const char *name, const double *points, size_t n, struct simc_error *error)
{
    enum simc_code code = simc_enter(sim, error);
    return code != SIMC_E_NONE ? code : simc_leave(sim, set_table(sim, name, points, n, error));
}
