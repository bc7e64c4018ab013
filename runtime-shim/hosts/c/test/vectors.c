/* Plays the calls that every host plays, and compares what they give: vectors ARTIFACTS FILE... It ends with "N passed, N failed".
 * Linked with a table of engines, one for each artifact that has code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "engines.h"
#include "found.h"
#include "json.h"
#include "simc.h"

/* One sequence. */
static struct {
    const char *folder;
    struct json *manifest;
    const char *name, *artifact;
    simc_model *model;
    simc_sim *sim, *runner;
    int has_run;
    struct text events, run_events;
    size_t n_events, n_run_events;
} play;

static struct simc_error error;
static char *retired[8];
static int n_retired;

static char *read_file(const char *folder, const char *name, size_t *n)
{
    char path[1024];
    char *bytes = NULL;
    FILE *file;
    long size;
    snprintf(path, sizeof path, "%s%s%s", folder, *folder == '\0' ? "" : "/", name);
    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    bytes = malloc((size_t)size + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size)
        exit(2);
    bytes[size] = '\0';
    fclose(file);
    *n = (size_t)size;
    return bytes;
}

static const struct simc_engine *engine_of(const char *artifact)
{
    const struct engine *it;
    for (it = ENGINES; it->artifact != NULL; it++)
        if (strcmp(it->artifact, artifact) == 0)
            return it->engine();
    return NULL;
}

static enum simc_code load(const char *name, const char *sha256)
{
    size_t n;
    char *bytes = read_file(play.folder, name, &n);
    if (sha256 != NULL && strcmp(sha256, "right") == 0)
        sha256 = json_text(play.manifest, name);
    if (n_retired < 8)
        retired[n_retired++] = bytes;
    if (sha256 != NULL && simc_expect(bytes, n, sha256, &error) != SIMC_E_NONE)
        return error.code;
    play.model = simc_model_new(bytes, n, engine_of(name), &error);
    return play.model == NULL ? error.code : SIMC_E_NONE;
}

static enum simc_code need_model(void)
{
    return play.model != NULL ? SIMC_E_NONE : load(play.artifact, NULL);
}

static void on_event(void *user, const struct simc_fired *event)
{
    struct text *out = user;
    size_t *count = out == &play.events ? &play.n_events : &play.n_run_events;
    if ((*count)++ > 0)
        add_bytes(out, ",", 1);
    add(out, "{\"step\":%lu,\"time\":\"%016llx\",\"value\":\"%016llx\",\"variable\":\"%s\",\"action\":\"%s\",\"message\":", (unsigned long)event->step,
        bits(event->time), bits(event->value), event->variable, event->action);
    put_text(out, event->message);
    add_bytes(out, "}", 1);
}

static enum simc_code make_sim(simc_sim **sim, struct text *events)
{
    simc_sim_free(*sim);
    *sim = simc_sim_new(play.model, &error);
    return *sim == NULL ? error.code : simc_on_event(*sim, on_event, events, &error);
}

static enum simc_code need_sim(void)
{
    return play.sim != NULL ? SIMC_E_NONE : make_sim(&play.sim, &play.events);
}

static void give_rows(simc_sim *sim, size_t n_events)
{
    size_t width = simc_model_slots(play.model), rows = simc_rows(sim), row, n_variables, i, n = 0;
    const struct simc_info *variables = simc_model_variables(play.model, &n_variables);
    double *numbers = calloc(rows * width * 2 + 1, sizeof *numbers);
    for (row = 0; row < rows; row++) {
        for (i = 0; i < n_variables; i++) {
            memcpy(numbers + n, simc_row(sim, row) + variables[i].slot, variables[i].size * sizeof *numbers);
            n += variables[i].size;
        }
    }
    found_number("rows", (unsigned long)rows);
    found_text("state", simc_state_word(simc_state(sim)));
    found_digest("sha256", numbers, n * sizeof *numbers);
    found_number("events", (unsigned long)n_events);
    free(numbers);
}

static void give_state(void)
{
    found_text("state", simc_state_word(simc_state(play.sim)));
    found_number("saved", (unsigned long)simc_rows(play.sim));
    put_bits(field("time"), simc_now(play.sim));
}

static enum simc_code give_variable(const char *name)
{
    const struct simc_info *it = simc_variable_of(play.model, name, &error);
    size_t n_dimensions, i;
    const struct simc_dimension *dimensions = simc_model_dimensions(play.model, &n_dimensions);
    struct text *out;
    char title[1024];
    if (it == NULL)
        return error.code;
    put_text(field("name"), it->name);
    put_text(field("canonical"), it->canonical);
    found_text("kind", simc_sort_word(it->sort));
    out = field("shape");
    add(out, "[");
    for (i = 0; i < it->n_dimensions; i++)
        add(out, "%s%lu", i > 0 ? "," : "", (unsigned long)dimensions[it->dimensions[i]].n);
    add(out, "]");
    add(field("settable"), it->settable ? "true" : "false");
    found_text_or_null("units", it->units);
    found_text_or_null("documentation", it->documentation);
    out = field("default");
    add(out, it->settable ? "[" : "null");
    for (i = 0; it->settable && i < it->size; i++) {
        double value;
        unsigned long long nan = 0x7ff8ull << 48;
        if (!simc_default(it, i, &value))
            memcpy(&value, &nan, sizeof value);
        add(out, i > 0 ? "," : "");
        put_bits(out, value);
    }
    add(out, it->settable ? "]" : "");
    out = field("titles");
    add(out, "[");
    for (i = 0; i < it->size; i++) {
        simc_title(play.model, it, i, title, sizeof title);
        add(out, "%s\"%s\"", i > 0 ? "," : "", title);
    }
    add(out, "]");
    out = field("range");
    if (it->has_range) {
        add(out, "[");
        put_bits(out, it->least);
        add(out, ",");
        put_bits(out, it->greatest);
        add(out, "]");
    } else {
        add(out, "null");
    }
    return SIMC_E_NONE;
}

static void give_model(void)
{
    const struct simc_time *time = simc_model_time(play.model);
    size_t n, i;
    const struct simc_info *variables = simc_model_variables(play.model, &n);
    struct text *out;
    int is_first = 1;
    put_text(field("name"), simc_model_name(play.model));
    out = field("parameters");
    add(out, "[");
    for (i = 0; i < n; i++) {
        if (!variables[i].settable)
            continue;
        add(out, is_first ? "" : ",");
        put_text(out, variables[i].name);
        is_first = 0;
    }
    add(out, "]");
    simc_model_dimensions(play.model, &n);
    found_number("dimensions", (unsigned long)n);
    put_bits(field("time.start"), time->start);
    put_bits(field("time.stop"), time->stop);
    put_bits(field("time.dt"), time->dt);
    found_number("time.steps", (unsigned long)time->steps);
    found_number("time.save_every", (unsigned long)time->save_every);
    found_text("time.method", time->method);
    found_number("time.rows", (unsigned long)time->rows);
    found_text_or_null("time.units", time->units);
}

/* The columns that are asked for. */
struct table {
    struct text titles, joined, numbers;
};

static void take_column(void *user, const char *title, uint32_t slot)
{
    struct table *table = user;
    size_t row, rows = play.runner == NULL ? 0 : simc_rows(play.runner);
    add_bytes(&table->titles, table->titles.n > 0 ? "," : "", table->titles.n > 0);
    add(&table->titles, "\"%s\"", title);
    add(&table->joined, "%s%s", table->joined.n > 0 ? "\n" : "", title);
    for (row = 0; row < rows; row++) {
        double value = simc_at(play.runner, row, (int32_t)slot);
        add_bytes(&table->numbers, (const char *)&value, sizeof value);
    }
}

static enum simc_code give_table(const struct json *call, const char *name)
{
    size_t n;
    const char **names = names_of(json_get(call, "names"), &n);
    struct table table;
    struct text csv = {NULL, 0, 0};
    enum simc_code code;
    memset(&table, 0, sizeof table);
    if (strcmp(name, "csv") == 0) {
        code = simc_csv(play.runner, names, n, write_value, &csv, &error);
        if (code == SIMC_E_NONE) {
            found_digest("sha256", csv.at, csv.n);
            found_number("bytes", (unsigned long)csv.n);
        }
        free(csv.at);
        return code;
    }
    code = simc_columns(play.model, names, n, take_column, &table, &error);
    if (code != SIMC_E_NONE)
        return code;
    add(field("titles"), "[");
    add_bytes(&found[n_found - 1].value, table.titles.at, table.titles.n);
    add(&found[n_found - 1].value, "]");
    found_digest("titles_sha256", table.joined.at, table.joined.n);
    found_digest("sha256", table.numbers.at, table.numbers.n);
    free(table.titles.at);
    free(table.joined.at);
    free(table.numbers.at);
    return SIMC_E_NONE;
}

static struct text failed_runs;

static void on_failed(void *user, size_t run, const struct simc_error *why)
{
    struct text *out = user;
    add(out, "%s[%lu,\"%s\"]", out->n > 0 ? "," : "", (unsigned long)run, simc_code_word(why->code));
}

static void take_title(void *user, const char *title, uint32_t slot)
{
    struct text *out = user;
    (void)slot;
    add(out, "%s\"%s\"", out->n > 0 ? "," : "", title);
}

/* Titles of what a batch keeps unless outputs are named. */
static const char **usual_names(size_t *n)
{
    size_t n_variables, i, n_stocks = 0;
    const struct simc_info *variables = simc_model_variables(play.model, &n_variables);
    const char **names = calloc(n_variables + 1, sizeof *names);
    for (i = 0; i < n_variables; i++)
        n_stocks += variables[i].sort == SIMC_SORT_STOCK;
    *n = 0;
    for (i = 0; i < n_variables; i++) {
        enum simc_sort sort = variables[i].sort;
        int changes = sort == SIMC_SORT_FLOW || sort == SIMC_SORT_AUXILIARY || sort == SIMC_SORT_MODULE_INPUT;
        if (n_stocks > 0 ? sort == SIMC_SORT_STOCK : changes) {
            char *name = calloc(1, variables[i].name.n + 1);
            memcpy(name, variables[i].name.at, variables[i].name.n);
            names[(*n)++] = name;
        }
    }
    return names;
}

static enum simc_code give_batch(const struct json *call)
{
    struct simc_batch batch;
    const struct json *samples = json_get(call, "samples"), *at = json_get(call, "at"), *it;
    size_t n_outputs, n_times, n_names, run = 0, i;
    const struct simc_param **each = calloc((size_t)json_count(samples) + 1, sizeof *each);
    size_t *n_each = calloc((size_t)json_count(samples) + 1, sizeof *n_each);
    const char **names;
    struct text titles = {NULL, 0, 0};
    double *values, *table;
    enum simc_code code;
    memset(&batch, 0, sizeof batch);
    batch.n_runs = (size_t)json_count(samples);
    batch.params = names_of(json_get(call, "params"), &batch.n_params);
    batch.outputs = names_of(json_get(call, "outputs"), &batch.n_outputs);
    if (at != NULL && at->type == '[')
        batch.at = numbers_of(at, &batch.n_at);
    table = calloc(batch.n_runs * (batch.n_params + 1) + 1, sizeof *table);
    for (it = samples->child; it != NULL; it = it->next, run++) {
        if (batch.params == NULL) {
            each[run] = params_of(it, &n_each[run]);
            continue;
        }
        if ((size_t)json_count(it) != batch.n_params) {
            exception = "has no form in C: rows of samples are as long as there are params";
            return SIMC_E_NONE;
        }
        i = 0;
        for (at = it->child; at != NULL; at = at->next)
            table[run * batch.n_params + i++] = number_of(at);
    }
    if (exception != NULL)
        return SIMC_E_NONE;
    batch.samples = table;
    batch.each = batch.params == NULL ? each : NULL;
    batch.n_each = n_each;
    failed_runs.n = 0;
    add_bytes(&failed_runs, "", 0);
    batch.failed = on_failed;
    batch.user = &failed_runs;
    code = make_sim(&play.runner, &play.run_events);
    if (code == SIMC_E_NONE)
        code = simc_batch_shape(play.model, &batch, &n_outputs, &n_times, &error);
    if (code != SIMC_E_NONE)
        return code;
    values = calloc(batch.n_runs * n_outputs * n_times + 1, sizeof *values);
    code = simc_run_batch(play.runner, &batch, values, &error);
    if (code != SIMC_E_NONE)
        return code;
    names = batch.outputs != NULL ? names_of(json_get(call, "outputs"), &n_names) : usual_names(&n_names);
    simc_columns(play.model, names, n_names, take_title, &titles, NULL);
    add(field("titles"), "[");
    /* The time is the first column, and no output. */
    add_bytes(&found[n_found - 1].value, titles.n > 7 ? titles.at + 7 : "", titles.n > 7 ? titles.n - 7 : 0);
    add(&found[n_found - 1].value, "]");
    found_number("times", (unsigned long)n_times);
    found_digest("sha256", values, batch.n_runs * n_outputs * n_times * sizeof *values);
    add(field("errors"), "[%s]", failed_runs.at);
    free(values);
    return SIMC_E_NONE;
}

static enum simc_code give_value(const char *name)
{
    size_t count = 0, i;
    double *values;
    struct text *out;
    enum simc_code code = simc_slots(play.model, name, NULL, 0, &count, &error);
    if (code != SIMC_E_NONE)
        return code;
    values = calloc(count + 1, sizeof *values);
    code = simc_values(play.sim, name, values, count, &error);
    if (code == SIMC_E_NONE) {
        out = field("bits");
        add(out, "[");
        for (i = 0; i < count; i++) {
            add(out, i > 0 ? "," : "");
            put_bits(out, values[i]);
        }
        add(out, "]");
    }
    free(values);
    return code;
}

static enum simc_code give_series(const char *name)
{
    size_t n = simc_rows(play.sim);
    double *series = calloc(n + 1, sizeof *series);
    enum simc_code code = simc_series(play.sim, name, series, n, &error);
    if (code == SIMC_E_NONE) {
        found_number("length", (unsigned long)n);
        found_digest("sha256", series, n * sizeof *series);
        if (n > 0) {
            put_bits(field("first"), series[0]);
            put_bits(field("last"), series[n - 1]);
        } else {
            add(field("first"), "null");
            add(field("last"), "null");
        }
    }
    free(series);
    return code;
}

static enum simc_code call_sim(const struct json *call, const char *name)
{
    const char *subject = json_text(call, "name");
    enum simc_code code = need_sim();
    size_t n;
    if (code != SIMC_E_NONE)
        return code;
    if (strcmp(name, "set") == 0) {
        struct simc_param param = param_of(subject, json_get(call, "value"));
        return exception != NULL ? SIMC_E_NONE : simc_set_all(play.sim, &param, 1, &error);
    }
    if (strcmp(name, "pause_on_events") == 0)
        return simc_pause_on_events(play.sim, strcmp(json_get(call, "on")->text, "true") == 0, &error);
    if (strcmp(name, "set_table") == 0) {
        const struct json *it;
        double *points = calloc(2 * (size_t)json_count(json_get(call, "points")) + 1, sizeof *points);
        n = 0;
        for (it = json_get(call, "points")->child; it != NULL; it = it->next, n++) {
            points[2 * n] = number_of(it->child);
            points[2 * n + 1] = number_of(it->child->next);
        }
        return simc_set_table(play.sim, subject, points, n, &error);
    }
    if (strcmp(name, "close") == 0) {
        simc_sim_close(play.sim);
        return SIMC_E_NONE;
    }
    if (strcmp(name, "value") == 0)
        return give_value(subject);
    if (strcmp(name, "series") == 0)
        return give_series(subject);
    if (strcmp(name, "sim_run") == 0) {
        give_rows(play.sim, play.n_events);
        return SIMC_E_NONE;
    }
    if (strcmp(name, "clear") == 0)
        code = simc_clear(play.sim, &error);
    else if (strcmp(name, "reset") == 0) {
        code = simc_reset(play.sim, &error);
        play.events.n = play.n_events = 0;
    } else if (strcmp(name, "run_initials") == 0)
        code = simc_run_initials(play.sim, &error);
    else if (strcmp(name, "run_to") == 0)
        code = simc_run_to(play.sim, number_of(json_get(call, "target")), &error);
    else if (strcmp(name, "run_to_end") == 0)
        code = simc_run_to_end(play.sim, &error);
    else if (simc_state(play.sim) == SIMC_CLOSED_STATE)
        code = simc_reset(play.sim, &error);
    if (code == SIMC_E_NONE)
        give_state();
    return code;
}

static enum simc_code call_one(const struct json *call)
{
    const char *name = json_text(call, "call");
    enum simc_code code;
    if (strcmp(name, "load") == 0) {
        size_t n;
        code = load(json_text(call, "artifact"), json_text(call, "sha256"));
        if (code == SIMC_E_NONE) {
            simc_model_variables(play.model, &n);
            put_text(field("name"), simc_model_name(play.model));
            found_number("variables", (unsigned long)n);
        }
        return code;
    }
    code = need_model();
    if (code != SIMC_E_NONE)
        return code;
    if (strcmp(name, "variable") == 0)
        return give_variable(json_text(call, "name"));
    if (strcmp(name, "links") == 0 || strcmp(name, "controls") == 0) {
        exception = "has no form in C: simc.h reads neither links nor controls";
        return SIMC_E_NONE;
    }
    if (strcmp(name, "model") == 0) {
        give_model();
        return SIMC_E_NONE;
    }
    if (strcmp(name, "run") == 0) {
        size_t n;
        struct simc_param *params = params_of(json_get(call, "params"), &n);
        if (exception != NULL)
            return SIMC_E_NONE;
        play.run_events.n = play.n_run_events = 0;
        if (play.runner == NULL)
            code = make_sim(&play.runner, &play.run_events);
        if (code == SIMC_E_NONE)
            code = simc_run(play.runner, params, n, &error);
        if (code == SIMC_E_NONE)
            give_rows(play.runner, play.n_run_events);
        return code;
    }
    if (strcmp(name, "columns") == 0 || strcmp(name, "csv") == 0)
        return give_table(call, name);
    if (strcmp(name, "batch") == 0)
        return give_batch(call);
    if (strcmp(name, "sim") == 0) {
        size_t n;
        struct simc_param *params = params_of(json_get(call, "params"), &n);
        play.events.n = play.n_events = 0;
        code = make_sim(&play.sim, &play.events);
        if (exception != NULL || code != SIMC_E_NONE)
            return code;
        return simc_set_all(play.sim, params, n, &error);
    }
    if (strcmp(name, "events") == 0) {
        struct text *events = play.sim != NULL ? &play.events : &play.run_events;
        found_number("count", (unsigned long)(play.sim != NULL ? play.n_events : play.n_run_events));
        add(field("list"), "[");
        add_bytes(&found[n_found - 1].value, events->n > 0 ? events->at : "", events->n);
        add(&found[n_found - 1].value, "]");
        return SIMC_E_NONE;
    }
    return call_sim(call, name);
}

static int play_calls(const struct json *calls, char *fault, size_t n_fault)
{
    const struct json *call;
    int number = 0;
    for (call = calls->child; call != NULL; call = call->next, number++) {
        const struct json *wanted = json_get(call, "error");
        enum simc_code code;
        char what[800];
        n_found = 0;
        expects_error = wanted != NULL;
        memset(&error, 0, sizeof error);
        code = call_one(call);
        if (exception != NULL) {
            /* The rest of the sequence is played. */
            printf("exception: %s: call %d (%s): %s\n", play.name, number, json_text(call, "call"), exception);
            exception = NULL;
            continue;
        }
        snprintf(what, sizeof what, "no error");
        if (code != SIMC_E_NONE) {
            n_found = 0;
            found_text("code", simc_code_word(code));
            if (*error.suggestion != '\0')
                found_text("suggestion", error.suggestion);
            else
                add(field("suggestion"), "null");
            found_text("variable", error.variable);
            found_number("byte", (unsigned long)error.byte);
            snprintf(what, sizeof what, "%s: %s", simc_code_word(code), error.message);
        } else if (wanted == NULL) {
            wanted = json_get(call, "expect");
            if (wanted == NULL || !differs(wanted, "", what, sizeof what))
                continue;
        }
        if (wanted != NULL && code != SIMC_E_NONE && json_get(call, "error") != NULL && !differs(wanted, "", what, sizeof what))
            continue;
        snprintf(fault, n_fault, "call %d (%s): %s", number, json_text(call, "call"), what);
        return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0, i;
    size_t n;
    if (argc < 3) {
        fprintf(stderr, "usage: vectors ARTIFACTS FILE...\n");
        return 2;
    }
    play.folder = argv[1];
    play.manifest = json_parse(read_file(play.folder, "manifest.json", &n));
    for (i = 2; i < argc; i++) {
        struct json *file = json_parse(read_file("", argv[i], &n)), *sequence;
        for (sequence = json_get(file, "sequences")->child; sequence != NULL; sequence = sequence->next) {
            char fault[1000];
            int is_well;
            play.artifact = json_text(sequence, "artifact") != NULL ? json_text(sequence, "artifact") : json_text(file, "artifact");
            play.name = json_text(sequence, "name");
            is_well = play_calls(json_get(sequence, "calls"), fault, sizeof fault);
            if (!is_well)
                printf("failed: %s: %s: %s\n", argv[i], json_text(sequence, "name"), fault);
            *(is_well ? &passed : &failed) += 1;
            simc_sim_free(play.sim);
            simc_sim_free(play.runner);
            simc_model_free(play.model);
            play.sim = play.runner = NULL;
            play.model = NULL;
            play.events.n = play.run_events.n = play.n_events = play.n_run_events = 0;
            while (n_retired > 0)
                free(retired[--n_retired]);
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
