/* One caller at a time, and what it stores. */
#include "simc_sim.h"

enum simc_code simc_enter(simc_sim *sim, struct simc_error *error)
{
    if (sim->instance == NULL)
        return simc_fail(error, SIMC_E_CLOSED, "this Sim is closed");
#if defined(__GNUC__)
    if (__atomic_test_and_set(&sim->busy, __ATOMIC_ACQUIRE))
        return simc_fail(error, SIMC_E_BUSY, "another thread is using this Sim");
#else
    if (sim->busy)
        return simc_fail(error, SIMC_E_BUSY, "a call of this Sim is being made");
    sim->busy = 1;
#endif
    simc_no_error(error);
    return SIMC_E_NONE;
}

int simc_defer(simc_sim *sim, void (*end)(simc_sim *sim), int replaces)
{
#if defined(__GNUC__)
    if (!__atomic_test_and_set(&sim->busy, __ATOMIC_ACQUIRE)) {
        __atomic_clear(&sim->busy, __ATOMIC_RELEASE);
        return 0;
    }
#else
    if (!sim->busy)
        return 0;
#endif
    if (replaces || sim->end == NULL)
        sim->end = end;
    return 1;
}

enum simc_code simc_leave(simc_sim *sim, enum simc_code code)
{
    void (*end)(simc_sim *sim) = sim->end;
    sim->end = NULL;
#if defined(__GNUC__)
    __atomic_clear(&sim->busy, __ATOMIC_RELEASE);
#else
    sim->busy = 0;
#endif
    if (end != NULL)
        end(sim);
    return code;
}

enum simc_code simc_store(simc_sim *sim, uint32_t slot, double value, struct simc_error *error)
{
    if (sim->model->engine->set_value(sim->instance, (int32_t)slot, value) != 0)
        return simc_bad(error, 0, "a constant is said to be settable, yet cannot be set");
    return SIMC_E_NONE;
}
