/* The code of artifacts, by the names of their files; what is linked defines the table, whose last artifact is NULL. */
#ifndef ENGINES_H
#define ENGINES_H

struct simc_engine;

struct engine {
    const char *artifact;
    const struct simc_engine *(*engine)(void);
};

extern const struct engine ENGINES[];

#endif
