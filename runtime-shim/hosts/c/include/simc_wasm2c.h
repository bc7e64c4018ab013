/* An engine of what wasm2c (of the package wabt) makes of an artifact, for machines that `simc build --target native` does not know.
 * One file of a program holds all of it:
 *
 *     #include "simc_wasm2c.h"
 *     #include "sir_wasm2c.c"                        made by: wasm2c sir.wasm -n sir -o sir_wasm2c.c
 *     SIMC_WASM2C(sir)                               and SIMC_WASM2C_EVENTS, SIMC_WASM2C_TABLES where the artifact exports those
 *
 * It defines `const struct simc_engine *sir_engine(void)`, whose first call comes before the program has threads, for it fills in
 * tables that all models of wasm2c share. The file is compiled with -ffp-contract=off -DSIMC_NO_CONTRACT and linked with
 * wasm-rt-impl.c, on a machine whose bytes are little-endian. A trap ends the program; artifacts of simc have none.
 *
 * Where a multiplication and an addition become one instruction, results differ in their last bits, and so they do with more precise
 * registers or -ffast-math: what is known of that when the file is compiled does not compile, and an engine that fuses all the same
 * makes no instance. */
#ifndef SIMC_WASM2C_H
#define SIMC_WASM2C_H

#include <float.h>
#include <string.h>

#include "simc.h"

/* No function of an artifact calls itself, and threads would share the count of calls. */
#ifndef WASM_RT_USE_STACK_DEPTH_COUNT
#define WASM_RT_USE_STACK_DEPTH_COUNT 0
#endif

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "-ffast-math, and each part of it, changes the results: compile without it"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "-ffinite-math-only changes the results: compile without it"
#endif
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0
#error "this machine computes with more digits than a double has: compile with -msse2 -mfpmath=sse"
#endif
#if (defined(__FP_FAST_FMA) || defined(__FMA__) || defined(__aarch64__)) && !defined(SIMC_NO_CONTRACT)
#error "this machine fuses multiplication and addition: compile with -ffp-contract=off -DSIMC_NO_CONTRACT"
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "rows are read in place, which needs a little-endian machine"
#endif

/* A product and a sum as the code after it has them. */
#if defined(__GNUC__)
__attribute__((noinline))
#endif
static double
simc_wasm2c_multiply_add(double a, double b, double c)
{
    return a * b + c;
}

/* Whether they are fused: 1 + 2^-30 squared loses its last bit, and subtracting shows whether it did so before. */
static int simc_wasm2c_is_fused(void)
{
    volatile double a = 1.0 + 1.0 / (1 << 30), c = -(1.0 + 2.0 / (1 << 30));
    return simc_wasm2c_multiply_add(a, a, c) != 0.0;
}

/* Functions that all artifacts have. */
#define SIMC_WASM2C(name)                                                                                                             \
    SIMC_WASM2C_PARTS(name)                                                                                                           \
    SIMC_WASM2C_ENGINE(name, 0, NULL, NULL, NULL, NULL, NULL)

/* The same of an artifact with events, without tables. */
#define SIMC_WASM2C_EVENTS(name)                                                                                                      \
    SIMC_WASM2C_PARTS(name)                                                                                                           \
    static int name##_w2c_pause(void *instance, int on)                                                                               \
    {                                                                                                                                 \
        Z_##name##Z_pause_on_events((Z_##name##_instance_t *)instance, (u32)on);                                                      \
        return 0;                                                                                                                     \
    }                                                                                                                                 \
    static int name##_w2c_run_state(const void *instance)                                                                             \
    {                                                                                                                                 \
        return (int)((const Z_##name##_instance_t *)instance)->w2c_run_state;                                                         \
    }                                                                                                                                 \
    static size_t name##_w2c_event_count(const void *instance)                                                                        \
    {                                                                                                                                 \
        return ((const Z_##name##_instance_t *)instance)->w2c_event_count;                                                            \
    }                                                                                                                                 \
    static struct simc_record name##_w2c_event(const void *instance, size_t i)                                                        \
    {                                                                                                                                 \
        const Z_##name##_instance_t *it = (const Z_##name##_instance_t *)instance;                                                    \
        struct simc_record record;                                                                                                    \
        memcpy(&record, it->w2c_memory.data + it->w2c_events_offset + 32 * (i % it->w2c_events_capacity), sizeof record);             \
        return record;                                                                                                                \
    }                                                                                                                                 \
    SIMC_WASM2C_ENGINE(name, it.w2c_events_capacity, NULL, name##_w2c_pause, name##_w2c_run_state, name##_w2c_event_count, name##_w2c_event)

/* The same of an artifact with tables that can be set and without events. */
#define SIMC_WASM2C_TABLES(name)                                                                                                      \
    SIMC_WASM2C_PARTS(name)                                                                                                           \
    static int name##_w2c_set_points(void *instance, int32_t table, size_t n, const double *points)                                   \
    {                                                                                                                                 \
        Z_##name##_instance_t *it = (Z_##name##_instance_t *)instance;                                                                \
        if (2 * n > it->w2c_inputs_capacity)                                                                                          \
            return 1;                                                                                                                 \
        memcpy(it->w2c_memory.data + it->w2c_inputs_offset, points, 16 * n);                                                          \
        return (int)Z_##name##Z_set_table(it, (u32)table, (u32)n);                                                                    \
    }                                                                                                                                 \
    SIMC_WASM2C_ENGINE(name, 0, name##_w2c_set_points, NULL, NULL, NULL, NULL)

/* The engine of these functions and of those that only some artifacts have. What it says of itself is asked of the code. */
#define SIMC_WASM2C_ENGINE(name, capacity_of, ...)                                                                                    \
    const struct simc_engine *name##_engine(void);                                                                                    \
    const struct simc_engine *name##_engine(void)                                                                                     \
    {                                                                                                                                 \
        static struct simc_engine engine = {                                                                                          \
            sizeof(Z_##name##_instance_t), 16, 0, 0, 0, name##_w2c_init, name##_w2c_drop, name##_w2c_run_to,                          \
            name##_w2c_run_initials, name##_w2c_reset, name##_w2c_clear_values, name##_w2c_set_value, name##_w2c_get_error,           \
            name##_w2c_rows, name##_w2c_row, name##_w2c_live, __VA_ARGS__, 0,                                                         \
        };                                                                                                                            \
        if (engine.digest == 0) {                                                                                                     \
            Z_##name##_instance_t it;                                                                                                 \
            if (!wasm_rt_is_initialized())                                                                                            \
                wasm_rt_init();                                                                                                       \
            Z_##name##_init_module();                                                                                                 \
            memset(&it, 0, sizeof it);                                                                                                \
            init_globals(&it);                                                                                                        \
            engine.n_slots = it.w2c_n_slots;                                                                                          \
            engine.n_rows = it.w2c_n_chunks;                                                                                          \
            engine.event_capacity = capacity_of;                                                                                      \
            engine.digest = Z_##name##Z_layout_digest(&it);                                                                           \
        }                                                                                                                             \
        return &engine;                                                                                                               \
    }

#define SIMC_WASM2C_PARTS(name)                                                                                                       \
    static int name##_w2c_init(void *instance)                                                                                        \
    {                                                                                                                                 \
        if (simc_wasm2c_is_fused())                                                                                                   \
            return 2;                                                                                                                 \
        Z_##name##_instantiate((Z_##name##_instance_t *)instance);                                                                    \
        return ((Z_##name##_instance_t *)instance)->w2c_memory.data == NULL;                                                          \
    }                                                                                                                                 \
    static void name##_w2c_drop(void *instance)                                                                                       \
    {                                                                                                                                 \
        Z_##name##_free((Z_##name##_instance_t *)instance);                                                                           \
    }                                                                                                                                 \
    static int name##_w2c_run_to(void *instance, double time)                                                                         \
    {                                                                                                                                 \
        Z_##name##Z_run_to((Z_##name##_instance_t *)instance, time);                                                                  \
        return 0;                                                                                                                     \
    }                                                                                                                                 \
    static int name##_w2c_run_initials(void *instance)                                                                                \
    {                                                                                                                                 \
        Z_##name##Z_run_initials((Z_##name##_instance_t *)instance);                                                                  \
        return 0;                                                                                                                     \
    }                                                                                                                                 \
    static int name##_w2c_reset(void *instance)                                                                                       \
    {                                                                                                                                 \
        Z_##name##Z_reset((Z_##name##_instance_t *)instance);                                                                         \
        return 0;                                                                                                                     \
    }                                                                                                                                 \
    static int name##_w2c_clear_values(void *instance)                                                                                \
    {                                                                                                                                 \
        Z_##name##Z_clear_values((Z_##name##_instance_t *)instance);                                                                  \
        return 0;                                                                                                                     \
    }                                                                                                                                 \
    static int name##_w2c_set_value(void *instance, int32_t slot, double value)                                                       \
    {                                                                                                                                 \
        return (int)Z_##name##Z_set_value((Z_##name##_instance_t *)instance, (u32)slot, value);                                       \
    }                                                                                                                                 \
    static uint64_t name##_w2c_get_error(void *instance)                                                                              \
    {                                                                                                                                 \
        return Z_##name##Z_get_error((Z_##name##_instance_t *)instance);                                                              \
    }                                                                                                                                 \
    static size_t name##_w2c_rows(const void *instance)                                                                               \
    {                                                                                                                                 \
        return ((const Z_##name##_instance_t *)instance)->w2c_saved_steps;                                                            \
    }                                                                                                                                 \
    static const double *name##_w2c_row(const void *instance, size_t row)                                                             \
    {                                                                                                                                 \
        const Z_##name##_instance_t *it = (const Z_##name##_instance_t *)instance;                                                    \
        return (const double *)(const void *)(it->w2c_memory.data + it->w2c_results_offset) + row * it->w2c_n_slots;                  \
    }                                                                                                                                 \
    static const double *name##_w2c_live(const void *instance)                                                                        \
    {                                                                                                                                 \
        return (const double *)(const void *)((const Z_##name##_instance_t *)instance)->w2c_memory.data;                              \
    }

#endif
