/* Errors and words. */
#include "simc_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *simc_code_word(enum simc_code code)
{
    static const char *const words[] = {
        "", "unknown-name", "ambiguous-name", "not-settable", "shape", "bad-value", "bad-time", "transport", "bad-artifact",
        "wrong-artifact", "unsupported", "closed", "busy", "memory",
    };
    return (size_t)code < sizeof words / sizeof *words ? words[code] : "";
}

const char *simc_sort_word(enum simc_sort sort)
{
    static const char *const words[] = {"time", "stock", "flow", "auxiliary", "constant", "module-input"};
    return (size_t)sort < sizeof words / sizeof *words ? words[sort] : "";
}

const char *simc_state_word(enum simc_state state)
{
    static const char *const words[] = {"new", "running", "paused", "stopped", "complete", "failed", "closed"};
    return (size_t)state < sizeof words / sizeof *words ? words[state] : "";
}

void simc_copy_text(char *buffer, size_t n, struct simc_text text)
{
    size_t length = text.n < n ? text.n : n - 1;
    if (length < text.n)
        while (length > 0 && ((unsigned char)text.at[length] & 0xc0) == 0x80)
            length--;
    if (length > 0)
        memcpy(buffer, text.at, length);
    buffer[length] = '\0';
}

void simc_no_error(struct simc_error *error)
{
    if (error != NULL) {
        error->code = SIMC_E_NONE;
        error->byte = 0;
        error->message[0] = error->name[0] = error->suggestion[0] = error->variable[0] = '\0';
    }
}

enum simc_code simc_fail(struct simc_error *error, enum simc_code code, const char *format, ...)
{
    if (error != NULL) {
        va_list list;
        error->code = code;
        error->byte = 0;
        error->name[0] = error->suggestion[0] = error->variable[0] = '\0';
        va_start(list, format);
        vsnprintf(error->message, sizeof error->message, format, list);
        va_end(list);
    }
    return code;
}

enum simc_code simc_bad(struct simc_error *error, size_t byte, const char *what)
{
    simc_fail(error, SIMC_E_BAD_ARTIFACT, "not an artifact of simc: %s (byte %lu)", what, (unsigned long)byte);
    if (error != NULL)
        error->byte = byte;
    return SIMC_E_BAD_ARTIFACT;
}

void simc_error_variable(struct simc_error *error, const char *variable)
{
    if (error != NULL)
        simc_copy_text(error->variable, sizeof error->variable, simc_text_of(variable));
}

void simc_error_name(struct simc_error *error, struct simc_text name)
{
    if (error != NULL)
        simc_copy_text(error->name, sizeof error->name, name);
}

enum simc_code simc_unknown(struct simc_error *error, struct simc_text name, const char *what, struct simc_text suggestion)
{
    char shown[64];
    if (error == NULL)
        return SIMC_E_UNKNOWN_NAME;
    simc_copy_text(shown, sizeof shown, name);
    if (suggestion.at == NULL) {
        simc_fail(error, SIMC_E_UNKNOWN_NAME, "there is no %s `%s`", what, shown);
    } else {
        char near[sizeof error->suggestion];
        simc_copy_text(near, sizeof near, suggestion);
        simc_fail(error, SIMC_E_UNKNOWN_NAME, "there is no %s `%s`; did you mean `%.200s`?", what, shown, near);
        memcpy(error->suggestion, near, sizeof near);
    }
    simc_error_name(error, name);
    return SIMC_E_UNKNOWN_NAME;
}
