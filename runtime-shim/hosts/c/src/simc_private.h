/* What the parts of the host share. */
#ifndef SIMC_PRIVATE_H
#define SIMC_PRIVATE_H

#include "simc.h"

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "-ffast-math, and each part of it, drops checks for NaN and changes numbers: compile without it"
#endif

/* Dimensions of an array at most, in names with subscripts. */
#define SIMC_MAX_DIMS 16
/* Bytes of a title on its way to a caller. */
#define SIMC_TITLE 1024

struct simc_entry {
    struct simc_text name;
    uint32_t slot;
};

/* A conveyor or queue, whose elements error words count. */
struct simc_transport {
    struct simc_text name;
    const uint32_t *dimensions;
    size_t n_dimensions;
};

struct simc_action {
    unsigned char kind;
    struct simc_text message;
};

struct simc_threshold {
    struct simc_text variable;
    const uint32_t *dimensions;
    size_t n_dimensions;
    uint32_t n;
    double value;
    unsigned char direction, repeat;
    const struct simc_action *actions;
    size_t n_actions;
};

struct simc_model {
    const struct simc_engine *engine;
    uint32_t n_slots, n_rows;
    uint64_t results;
    struct simc_text name, producer;
    struct simc_time time;
    struct simc_entry *entries;
    size_t n_entries;
    struct simc_dimension *dimensions;
    size_t n_dimensions;
    struct simc_info *variables;
    uint64_t *keys; /* a digest of the key of each variable */
    size_t n_variables;
    struct simc_transport *transports;
    size_t n_transports;
    struct simc_table *tables;
    size_t n_tables;
    struct simc_threshold *thresholds;
    size_t n_thresholds;
    uint64_t events_per_step;
    int lives_once;
    int owns; /* whether simc_model_free gives the memory back */
};

/* What a name means: of each dimension an element, or all (-1). */
struct simc_selection {
    const struct simc_info *variable;
    int64_t chosen[SIMC_MAX_DIMS];
    size_t n_dims;
    size_t count;
};

/* Texts by their bytes. */
int simc_text_is(struct simc_text a, struct simc_text b);
struct simc_text simc_text_of(const char *text);
/* A digest of the key of a name as its author wrote it, or as somebody wrote it in a program. */
uint64_t simc_key_digest(struct simc_text name, int is_written);
/* Whether a name that somebody wrote means the name of an author. */
int simc_key_is(struct simc_text written, struct simc_text name);
struct simc_text simc_trim(struct simc_text text);
/* Parts "rate[North,*]" into base and subscripts; 0 when there are none. */
int simc_split(struct simc_text written, struct simc_text *base, struct simc_text *subscripts);
/* The next subscript, or 0 behind the last; at begins as 0. */
int simc_next_subscript(struct simc_text subscripts, size_t *at, struct simc_text *subscript);
/* The nearest of the candidates, or none. */
struct simc_text simc_suggest(struct simc_text name, struct simc_text (*candidate)(const void *of, size_t i), const void *of, size_t n);

/* Nothing has gone wrong so far, whatever an earlier call came to. */
void simc_no_error(struct simc_error *error);
/* Errors: they return the code, and fill in what is not NULL. */
enum simc_code simc_fail(struct simc_error *error, enum simc_code code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
enum simc_code simc_bad(struct simc_error *error, size_t byte, const char *what);
enum simc_code simc_unknown(struct simc_error *error, struct simc_text name, const char *what, struct simc_text suggestion);
void simc_error_variable(struct simc_error *error, const char *variable);
void simc_error_name(struct simc_error *error, struct simc_text name);
/* Copies a text into a buffer, cut at a whole letter. */
void simc_copy_text(char *buffer, size_t n, struct simc_text text);

/* What a name means. */
enum simc_code simc_select(const simc_model *model, struct simc_text name, struct simc_selection *selection, struct simc_error *error);
/* Of a selection what subscripts for its open dimensions mean. */
enum simc_code simc_choose(const simc_model *model, const struct simc_selection *from, struct simc_text subscripts, struct simc_selection *to, struct simc_error *error);
/* The element, counted row-major in the variable, of the i-th of a selection. */
size_t simc_element(const simc_model *model, const struct simc_selection *selection, size_t i);
/* unknown-name, and shape unless there is one element. */
enum simc_code simc_single(const simc_model *model, const char *name, uint32_t *slot, struct simc_error *error);
size_t simc_title_of(const simc_model *model, struct simc_text name, const uint32_t *dimensions, size_t n_dimensions, size_t element, char *buffer, size_t n);
/* Whether a variable hides one of the run's own numbers. */
int simc_hides_time(const simc_model *model, const struct simc_info *variable);

/* Which artifact has this section simc.layout. */
uint64_t simc_layout_digest(const unsigned char *layout, size_t n);
double simc_read_f64(const unsigned char *at);
double simc_nan(void);
/* A number as `simc run` writes it; the length of the text. */
size_t simc_number(double value, char buffer[40]);

#endif
