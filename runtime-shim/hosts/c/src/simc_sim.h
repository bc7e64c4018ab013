/* What the parts of the host know of a Sim. */
#ifndef SIMC_SIM_H
#define SIMC_SIM_H

#include "simc_private.h"

struct simc_sim {
    const simc_model *model;
    void *instance; /* NULL when it is closed */
    void (*fired)(void *user, const struct simc_fired *event);
    void *user;
    size_t n_seen;
    int is_started, owns;
    void (*end)(simc_sim *sim); /* what ends it after the call that is being made, or NULL */
    volatile char busy;
};

/* Whether a call is being made; then it ends so after it. One that replaces takes the place of another end. */
int simc_defer(simc_sim *sim, void (*end)(simc_sim *sim), int replaces);
/* Begins a call: closed, or busy when another thread is in one. */
enum simc_code simc_enter(simc_sim *sim, struct simc_error *error);
/* Ends it, and gives the code. */
enum simc_code simc_leave(simc_sim *sim, enum simc_code code);
enum simc_code simc_store(simc_sim *sim, uint32_t slot, double value, struct simc_error *error);
enum simc_code simc_check_params(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error);
enum simc_code simc_store_params(simc_sim *sim, const struct simc_param *params, size_t n, struct simc_error *error);
/* Back to the start with every default; a new instance where events fire once ever. */
enum simc_code simc_renew(simc_sim *sim, struct simc_error *error);
/* Steps on to a time that is a number. */
enum simc_code simc_advance(simc_sim *sim, double target, struct simc_error *error);

#endif
