/* simc.h: runs system-dynamics models (XMILE, Stella, Vensim) that simc has compiled.
 *
 * A model is what an artifact says of itself, with an engine that runs it: native code of `simc build --target native`, or C that
 * wasm2c has made of the artifact. A Sim is one instance. Rows stay in the Sim until it is reset or run again.
 *
 * Nothing but simc_model_new and simc_sim_new allocates memory, and the _init functions take memory of the caller instead.
 *
 * Names match as in equations: case does not count, spaces and underscores are the same, quotes may be there or not. Subscripts go
 * behind the name, by the names of elements or their numbers from 1; * means all: "rate[North,Young]", "rate[2,*]". All texts are
 * UTF-8. Numbers are in the units of the model (struct simc_info), times in its unit of time (struct simc_time).
 *
 * Functions that can fail return an enum simc_code, SIMC_E_NONE for success, and fill in the error unless it is NULL: after success it
 * says SIMC_E_NONE and nothing else. A call that is refused changes nothing.
 *
 * A model never changes and may be shared by threads. A Sim belongs to one thread at a time. */
#ifndef SIMC_H
#define SIMC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong; the words of simc_code_word are the same in every language's host. */
enum simc_code {
    SIMC_E_NONE = 0,
    SIMC_E_UNKNOWN_NAME,   /* no variable, element or table has this name; name, suggestion */
    SIMC_E_AMBIGUOUS_NAME, /* a constant is given twice under two spellings; name */
    SIMC_E_NOT_SETTABLE,   /* what is set is no constant; the message says why; variable */
    SIMC_E_SHAPE,          /* too many or too few numbers, other subscripts than the variable has; variable */
    SIMC_E_BAD_VALUE,      /* NaN or infinity for a constant; points that do not ascend or do not fit; variable */
    SIMC_E_BAD_TIME,       /* a target that is no number, a time without a saved row */
    SIMC_E_TRANSPORT,      /* a conveyor or queue cannot go on; variable; the rows before stay in the Sim */
    SIMC_E_BAD_ARTIFACT,   /* the bytes are no artifact, cut short or forged; byte */
    SIMC_E_WRONG_ARTIFACT, /* another artifact than was asked for */
    SIMC_E_UNSUPPORTED,    /* a newer format, what the artifact was not built for, code that was compiled wrongly */
    SIMC_E_CLOSED,         /* a Sim that was closed */
    SIMC_E_BUSY,           /* two threads in one Sim */
    SIMC_E_MEMORY          /* there is no memory, or too little was given */
};

/* The code as all languages write it: "unknown-name". */
const char *simc_code_word(enum simc_code code);

/* What a call came to. Texts are cut where they are longer. */
struct simc_error {
    enum simc_code code;
    size_t byte;          /* offset in the artifact at which it shows that it is none */
    char message[400];    /* for people */
    char name[128];       /* the name as it was given, or empty */
    char suggestion[400]; /* the name that was probably meant, or empty */
    char variable[400];   /* the variable or element at fault, or empty */
};

/* A text within the artifact: n bytes without a 0 behind them; at is NULL when there is none. */
struct simc_text {
    const char *at;
    size_t n;
};

/* What a variable is. */
enum simc_sort { SIMC_SORT_TIME, SIMC_SORT_STOCK, SIMC_SORT_FLOW, SIMC_SORT_AUXILIARY, SIMC_SORT_CONSTANT, SIMC_SORT_MODULE_INPUT };

/* The word for it that all languages have: "module-input". */
const char *simc_sort_word(enum simc_sort sort);

/* The time axis, in the model's unit of time. */
struct simc_time {
    double start, stop, dt;
    uint64_t steps;         /* from start to stop */
    uint64_t save_every;    /* steps from one saved row to the next */
    size_t rows;            /* saved rows of a full run */
    const char *method;     /* "euler", "rk2", "rk4" or "midpoint" */
    struct simc_text units; /* none when the model does not say */
};

/* A dimension of arrays. */
struct simc_dimension {
    struct simc_text name;
    const struct simc_text *elements;
    size_t n;
};

/* What is known of a variable. */
struct simc_info {
    struct simc_text name;      /* as its author wrote it */
    struct simc_text canonical; /* in the core record of the artifact */
    struct simc_text units, documentation;
    enum simc_sort sort;
    uint32_t slot;       /* its first number in a row; elements follow, the last dimension fastest */
    uint32_t size;       /* its elements: 1 of a scalar */
    int settable;        /* whether any of its elements can be set */
    int has_range;       /* whether its author names sensible values: */
    double least, greatest;
    size_t n_dimensions; /* outermost first */
    const uint32_t *dimensions; /* numbers of the model's dimensions */
    const unsigned char *defaults; /* private; see simc_default */
    int is_partial;                /* private */
};

/* A graphical function that simc_set_table can replace. */
struct simc_table {
    struct simc_text name;
    size_t capacity; /* points that there is room for */
};

/* An event has fired. */
struct simc_fired {
    uint64_t step;      /* the step in which it fired, from 0 */
    double time;        /* its time, in the model's unit */
    double value;       /* what passed the threshold */
    double threshold;
    const char *variable;  /* the variable or element, until the callback returns */
    const char *action;    /* "message", "pause" or "stop" */
    const char *direction; /* "increasing" or "decreasing" */
    struct simc_text message;
};

/* A record of an event, as an engine gives it. */
struct simc_record {
    uint32_t event, element;
    uint64_t step;
    double time, value;
};

/* Code that runs a model. `NAME_engine()` of the header that `simc build --target native` writes is one, when that header is included
 * after this one; SIMC_WASM2C of simc_wasm2c.h defines one. Functions return 0, or -1 for a trap, which no artifact of simc has. */
struct simc_engine {
    size_t size, align; /* of an instance */
    uint32_t n_slots, n_rows;
    uint64_t digest; /* which artifact it is of: what that exports as layout_digest */
    int (*init)(void *instance);   /* of zeroed memory; 0, or 1 when there is no memory, or 2 when the code was compiled wrongly */
    void (*drop)(void *instance);  /* may be NULL */
    int (*run_to)(void *instance, double time);
    int (*run_initials)(void *instance);
    int (*reset)(void *instance);
    int (*clear_values)(void *instance);
    int (*set_value)(void *instance, int32_t slot, double value); /* 1 when it is refused */
    uint64_t (*get_error)(void *instance);
    size_t (*rows)(const void *instance);
    const double *(*row)(const void *instance, size_t row);
    const double *(*live)(const void *instance);
    /* NULL in a model whose tables cannot be set; 1 when it is refused */
    int (*set_points)(void *instance, int32_t table, size_t n, const double *points);
    /* NULL in a model without events */
    int (*pause_on_events)(void *instance, int on);
    int (*run_state)(const void *instance);
    size_t (*event_count)(const void *instance);
    struct simc_record (*event)(const void *instance, size_t i);
    size_t event_capacity;
};

typedef struct simc_model simc_model;
typedef struct simc_sim simc_sim;

/* ---- models ---- */

/* Reads a model from the bytes of an artifact, which must stay where they are. Without an engine (NULL) it can be read and not run.
 * NULL on failure: bad-artifact, unsupported, memory; wrong-artifact for the engine of another artifact. */
simc_model *simc_model_new(const void *artifact, size_t n, const struct simc_engine *engine, struct simc_error *error);

/* The same from the section simc.layout alone, which `simc bind --lang c` puts into a header. */
simc_model *simc_model_new_layout(const void *layout, size_t n, const struct simc_engine *engine, struct simc_error *error);

/* Gives the memory back. NULL is no harm. The model's Sims are freed before. */
void simc_model_free(simc_model *model);

/* Bytes that simc_model_init needs for an artifact of n bytes, at most; memory is aligned as that of malloc. */
size_t simc_model_size(size_t n);
simc_model *simc_model_init(void *memory, size_t size, const void *artifact, size_t n, const struct simc_engine *engine, struct simc_error *error);

/* SHA-256 of bytes in hexadecimal, with a 0 at the end. */
void simc_sha256(const void *bytes, size_t n, char hex[65]);

/* wrong-artifact unless the bytes have this SHA-256. */
enum simc_code simc_expect(const void *artifact, size_t n, const char *sha256, struct simc_error *error);

struct simc_text simc_model_name(const simc_model *model);
struct simc_text simc_model_producer(const simc_model *model);
const struct simc_time *simc_model_time(const simc_model *model);
/* All variables in the order of slots, the four of the time axis first. */
const struct simc_info *simc_model_variables(const simc_model *model, size_t *n);
const struct simc_dimension *simc_model_dimensions(const simc_model *model, size_t *n);
const struct simc_table *simc_model_tables(const simc_model *model, size_t *n);
size_t simc_model_slots(const simc_model *model);

/* The variable of a name, also when subscripts stand behind it; NULL: unknown-name, shape. */
const struct simc_info *simc_variable_of(const simc_model *model, const char *name, struct simc_error *error);

/* The default of an element, counted row-major: NaN when the model computes it. 0 when it cannot be set. */
int simc_default(const struct simc_info *variable, size_t element, double *value);

/* Writes the title of an element, "rate[North,Young]", into a buffer; its length without the 0, also where it was cut. */
size_t simc_title(const simc_model *model, const struct simc_info *variable, size_t element, char *buffer, size_t n);

/* The slot of the one variable or element that a name means: unknown-name, shape. */
enum simc_code simc_slot(const simc_model *model, const char *name, uint32_t *slot, struct simc_error *error);

/* How many elements a name means, and the slots of the first n of them, row-major. */
enum simc_code simc_slots(const simc_model *model, const char *name, uint32_t *slots, size_t n, size_t *count, struct simc_error *error);

/* Columns of a table: the time, then those of the names; with names NULL all that are no part of the time axis. Each is told its
 * title, which stays until it returns. */
typedef void simc_column(void *user, const char *title, uint32_t slot);
enum simc_code simc_columns(const simc_model *model, const char *const *names, size_t n, simc_column *column, void *user, struct simc_error *error);

/* ---- instances ---- */

/* A new instance; NULL: memory, bad-artifact when engine and artifact do not fit, unsupported when the code was compiled wrongly. */
simc_sim *simc_sim_new(const simc_model *model, struct simc_error *error);
void simc_sim_free(simc_sim *sim);

/* The same in zeroed memory of the caller, aligned as that of malloc; simc_sim_close before it goes. */
size_t simc_sim_size(const simc_model *model);
simc_sim *simc_sim_init(void *memory, size_t size, const simc_model *model, struct simc_error *error);

/* Gives the engine's memory back: every further use is SIMC_E_CLOSED, but for closing and freeing. In what is called during a call of
 * the Sim (events, rows of a table, failed runs of a batch) it closes, or is freed, after that call. */
void simc_sim_close(simc_sim *sim);

/* A constant and what it is set to: n numbers, one for each element that the name means, row-major, or one for all of them. With
 * n_elements it is set by element instead: their names are subscripts for the dimensions that the name leaves open ("North",
 * "North,Young", "*,Old"), and elements that are not named stay. */
struct simc_param {
    const char *name;
    const double *values;
    size_t n;
    const struct simc_param *elements;
    size_t n_elements;
};

/* Sets a constant, in its units, from now on, over simc_reset until simc_clear: unknown-name, not-settable, shape, bad-value. */
enum simc_code simc_set(simc_sim *sim, const char *name, double value, struct simc_error *error);
/* Sets several, or none when one is refused; also ambiguous-name. */
enum simc_code simc_set_all(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error);
/* Sets the constant at a slot: an enumerator of the model's header. */
enum simc_code simc_set_slot(simc_sim *sim, int32_t slot, double value, struct simc_error *error);
/* Gives every constant its default and every graphical function its own points again. */
enum simc_code simc_clear(simc_sim *sim, struct simc_error *error);
/* Goes back to the start; what was set stays. */
enum simc_code simc_reset(simc_sim *sim, struct simc_error *error);
/* Evaluates everything at the start; again only after simc_reset. */
enum simc_code simc_run_initials(simc_sim *sim, struct simc_error *error);
/* Takes every step whose time is at most the given one; infinity runs to the end. bad-time for NaN; transport, again until simc_reset. */
enum simc_code simc_run_to(simc_sim *sim, double time, struct simc_error *error);
enum simc_code simc_run_to_end(simc_sim *sim, struct simc_error *error);
/* From the defaults, with other values for the constants in params, to the end. A run that an event has stopped is no error. */
enum simc_code simc_run(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error);
/* Replaces the points of a graphical function: n pairs of x and y, x ascending. unsupported unless built with --inputs tables. */
enum simc_code simc_set_table(simc_sim *sim, const char *name, const double *points, size_t n, struct simc_error *error);
/* Whether simc_run_to comes back at an event that pauses; a new Sim runs on. */
enum simc_code simc_pause_on_events(simc_sim *sim, int on, struct simc_error *error);
/* What is called for each event that fires. */
enum simc_code simc_on_event(simc_sim *sim, void (*fired)(void *user, const struct simc_fired *event), void *user, struct simc_error *error);

enum simc_state { SIMC_NEW, SIMC_RUNNING, SIMC_PAUSED, SIMC_STOPPED, SIMC_COMPLETE, SIMC_FAILED_STATE, SIMC_CLOSED_STATE };

/* Where the run is; and the word for it that all languages have: "running". */
enum simc_state simc_state(simc_sim *sim);
const char *simc_state_word(enum simc_state state);

/* The time at which the Sim rests; NaN in a closed one. */
double simc_now(const simc_sim *sim);
/* The number at a slot at that time, or NaN. */
double simc_value_at(const simc_sim *sim, int32_t slot);
/* The numbers of all n elements that a name means, row-major, at that time: unknown-name, shape when they are not n. */
enum simc_code simc_values(simc_sim *sim, const char *name, double *values, size_t n, struct simc_error *error);

/* Saved rows; 0 in a closed Sim. */
size_t simc_rows(const simc_sim *sim);
/* The numbers of a row, simc_model_slots of them: a view that holds until the Sim is reset, run again or closed. NULL when not saved. */
const double *simc_row(const simc_sim *sim, size_t row);
/* The number of a slot in a row, or NaN. */
double simc_at(const simc_sim *sim, size_t row, int32_t slot);
/* Copies the numbers of one variable or element, at most n of simc_rows: unknown-name, shape. */
enum simc_code simc_series(simc_sim *sim, const char *name, double *series, size_t n, struct simc_error *error);
/* Events that have fired since the Sim was new or reset. */
size_t simc_events(const simc_sim *sim);

/* Writes the table of simc_columns byte for byte as `simc run` does. */
typedef void simc_writer(void *user, const char *text, size_t n);
enum simc_code simc_csv(simc_sim *sim, const char *const *names, size_t n, simc_writer *writer, void *user, struct simc_error *error);

/* ---- many runs ---- */

/* Runs of one Sim, each from the defaults. */
struct simc_batch {
    size_t n_runs;
    const char *const *params;  /* n_params names, and in samples as many numbers for each run; an array takes its number for all elements */
    size_t n_params;
    const double *samples;
    const struct simc_param *const *each; /* instead of params: what each run sets, and how many of them */
    const size_t *n_each;
    const char *const *outputs; /* NULL: the stocks, or without stocks all that changes. Arrays give all elements */
    size_t n_outputs;
    const double *at;           /* n_at times of saved rows, infinity for the last one; NULL: all rows */
    size_t n_at;
    void (*failed)(void *user, size_t run, const struct simc_error *error); /* told of runs with transport errors; may be NULL */
    void *user;
};

/* How many outputs and times there are: values has n_runs * n_outputs * n_times numbers. */
enum simc_code simc_batch_shape(const simc_model *model, const struct simc_batch *batch, size_t *n_outputs, size_t *n_times, struct simc_error *error);
/* Makes the runs. values has the shape [runs, outputs, times]; NaN in rows that a run did not reach. Names and samples are checked
 * before the first run. */
enum simc_code simc_run_batch(simc_sim *sim, const struct simc_batch *batch, double *values, struct simc_error *error);

#ifdef __cplusplus
}
#endif

#endif
