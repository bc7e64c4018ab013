//! The functions: those of the object, and those that read an instance in place.

use std::fmt::Write;

use simc_artifact::export;
use simc_artifact::{ErrorCode, Extension};

use super::texts::{literal, of_status};
use super::{Header, Written};
use crate::entry::{START, Status};
use crate::instance::{MESSAGE, MESSAGE_BYTES, STATUS, TRAP};

/// Elements of conveyors and queues that a message knows by name.
const MAX_NAMED: u64 = 1 << 12;

impl Header<'_> {
    pub(super) fn write_functions(&self, out: &mut String) -> Written {
        self.write_making(out)?;
        self.write_exports(out)?;
        self.write_reading(out)?;
        self.write_inputs(out)?;
        self.write_events(out)?;
        self.write_message(out)
    }

    fn write_making(&self, out: &mut String) -> Written {
        let (prefix, upper, start) = (self.prefix, self.upper, self.native.symbol(START));
        writeln!(
            out,
            "/* Bytes of an instance. */\nsize_t {prefix}_size(void);\n\n\
             /* Makes an instance of memory of {prefix}_size() bytes; for {prefix}_init and {prefix}_init_zeroed. */\n\
             void {start}(void *memory, int is_zeroed);\n\n\
             /* Makes a new instance of memory of {prefix}_size() bytes at a multiple of {upper}_ALIGN; NULL when it is not. */\n\
             static inline {prefix} *{prefix}_init(void *memory)\n{{\n    \
                 if (memory == NULL || (uintptr_t)memory % {upper}_ALIGN != 0)\n        return NULL;\n    \
                 {start}(memory, 0);\n    return ({prefix} *)memory;\n}}\n\n\
             /* The same of memory whose bytes are all 0: it is not touched where it stays so. */\n\
             static inline {prefix} *{prefix}_init_zeroed(void *memory)\n{{\n    \
                 if (memory == NULL || (uintptr_t)memory % {upper}_ALIGN != 0)\n        return NULL;\n    \
                 {start}(memory, 1);\n    return ({prefix} *)memory;\n}}\n\n\
             #ifndef SIMC_NO_MALLOC\n\
             /* A new instance, to be given to {prefix}_free; NULL when there is no memory. */\n\
             static inline {prefix} *{prefix}_new(void)\n{{\n    \
                 return {prefix}_init_zeroed(calloc(1, {prefix}_size()));\n}}\n\n\
             /* Gives the memory of an instance of {prefix}_new back. NULL is no harm. */\n\
             static inline void {prefix}_free({prefix} *model)\n{{\n    free(model);\n}}\n\
             #endif\n"
        )
    }

    /// The exports of the artifact.
    fn write_exports(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        for symbol in &self.native.code.symbols {
            let Some(spec) = export::EXPORTS.iter().find(|spec| spec.name == symbol.name) else { continue };
            let export::ExportType::Function(params, results) = spec.ty else { continue };
            let gives_word = results == [export::Number::I64];
            let mut list = vec![format!("{prefix} *model")];
            for (at, &param) in params.iter().enumerate() {
                let ty = match param {
                    export::Number::I32 => "int32_t",
                    export::Number::I64 => "int64_t",
                    export::Number::F64 => "double",
                };
                list.push(format!("{ty} {}", param_name(spec.name, at)));
            }
            let about = about(spec.name).replace("PREFIX", prefix);
            let ty = if gives_word { "uint64_t" } else { "int" };
            writeln!(out, "/* {about} */\n{ty} {prefix}_{}({});\n", spec.name, list.join(", "))?;
        }
        writeln!(
            out,
            "/* Overrides the constant at a slot: {prefix}_set_value by a short name. */\n\
             static inline int {prefix}_set({prefix} *model, int32_t slot, double value)\n{{\n    \
                 return {prefix}_set_value(model, slot, value);\n}}\n"
        )
    }

    /// What reads rows and the live chunk.
    fn write_reading(&self, out: &mut String) -> Written {
        let (prefix, upper, geometry) = (self.prefix, self.upper, &self.native.geometry);
        writeln!(
            out,
            "/* Rows that are saved: 0 in a new or reset instance, {upper}_N_ROWS behind a full run. */\n\
             static inline size_t {prefix}_rows(const {prefix} *model)\n{{\n    \
                 uint32_t rows;\n    memcpy(&rows, (const char *)model + {saved}, sizeof rows);\n    \
                 return rows < {upper}_N_ROWS ? rows : {upper}_N_ROWS;\n}}\n\n\
             /* The {upper}_N_SLOTS numbers of a saved row, in the instance, until the next reset; NULL when it is not saved. */\n\
             static inline const double *{prefix}_row(const {prefix} *model, size_t row)\n{{\n    \
                 if (row >= {prefix}_rows(model))\n        return NULL;\n    \
                 return (const double *)(const void *)((const char *)model + {results}) + row * {upper}_N_SLOTS;\n}}\n\n\
             /* A number of a saved row; NAN when there is no such row or slot. */\n\
             static inline double {prefix}_at(const {prefix} *model, size_t row, int32_t slot)\n{{\n    \
                 const double *numbers = {prefix}_row(model, row);\n    \
                 return numbers != NULL && slot >= 0 && slot < {upper}_N_SLOTS ? numbers[slot] : (double)NAN;\n}}\n\n\
             /* The {upper}_N_SLOTS numbers at the time at which the instance rests, in the instance. */\n\
             static inline const double *{prefix}_live(const {prefix} *model)\n{{\n    \
                 return (const double *)(const void *)((const char *)model + {memory});\n}}\n\n\
             /* A number at the time at which the instance rests; NAN when there is no such slot. */\n\
             static inline double {prefix}_value(const {prefix} *model, int32_t slot)\n{{\n    \
                 return slot >= 0 && slot < {upper}_N_SLOTS ? {prefix}_live(model)[slot] : (double)NAN;\n}}\n",
            saved = geometry.saved_steps,
            results = geometry.results,
            memory = geometry.memory,
        )
    }

    /// What writes the numbers of a host.
    fn write_inputs(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        let Some((offset, capacity)) = self.native.geometry.inputs else { return Ok(()) };
        let has = |name: &str| self.native.code.symbols.iter().any(|symbol| symbol.name == name);
        let copy =
            |bytes: &str| format!("    if (bytes != 0)\n        memcpy((char *)model + {offset}, {bytes}, bytes);\n");
        if has(export::SET_VALUES) {
            writeln!(
                out,
                "/* Overrides the constants at n slots that stand side by side, up to {capacity}. */\n\
                 static inline int {prefix}_set_all({prefix} *model, int32_t slot, size_t n, const double *values)\n{{\n    \
                     size_t bytes = n * sizeof *values;\n    \
                     if (n > {capacity})\n        return SIMC_SHAPE;\n{}    \
                     return {prefix}_set_values(model, slot, (int32_t)n);\n}}\n",
                copy("values")
            )?;
        }
        if has(export::SET_TABLE) {
            writeln!(
                out,
                "/* Gives a graphical function n points: pairs of x and y, x ascending, all of them finite. */\n\
                 static inline int {prefix}_set_points({prefix} *model, int32_t table, size_t n, const double *points)\n{{\n    \
                     size_t bytes = 2 * n * sizeof *points;\n    \
                     if (n > {})\n        return SIMC_SHAPE;\n{}    \
                     return {prefix}_set_table(model, table, (int32_t)n);\n}}\n",
                capacity / 2,
                copy("points")
            )?;
        }
        Ok(())
    }

    fn write_events(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        let Some(events) = &self.native.geometry.events else { return Ok(()) };
        writeln!(
            out,
            "/* 0, or 1 when an event has paused the run, or 2 when one has stopped it. */\n\
             static inline int {prefix}_run_state(const {prefix} *model)\n{{\n    \
                 uint32_t state;\n    memcpy(&state, (const char *)model + {}, sizeof state);\n    return (int)state;\n}}\n\n\
             /* Events that have fired since the instance was new or reset. */\n\
             static inline size_t {prefix}_events(const {prefix} *model)\n{{\n    \
                 uint32_t count;\n    memcpy(&count, (const char *)model + {}, sizeof count);\n    return count;\n}}\n\n\
             /* Event number i of them; the last {capacity} are kept, others read as later ones. */\n\
             static inline struct simc_event {prefix}_event(const {prefix} *model, size_t i)\n{{\n    \
                 struct simc_event event;\n    \
                 memcpy(&event, (const char *)model + {} + i % {capacity} * sizeof event, sizeof event);\n    return event;\n}}\n",
            events.state,
            events.count,
            events.records,
            capacity = events.capacity
        )
    }

    /// What the last call has to say.
    fn write_message(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        let named = transports(self.extension);
        writeln!(
            out,
            "/* The code of the trap that has stopped the instance for good; 0 when there was none. */\n\
             static inline int {prefix}_trap(const {prefix} *model)\n{{\n    \
                 int32_t trap;\n    memcpy(&trap, (const char *)model + {TRAP}, sizeof trap);\n    return trap;\n}}\n"
        )?;
        writeln!(
            out,
            "/* What the last call came to, in words: in the instance, until the next message. NULL is for no instance. */"
        )?;
        writeln!(out, "static inline const char *{prefix}_message({prefix} *model)\n{{")?;
        writeln!(out, "    static const char *const texts[] = {{")?;
        for (at, status) in Status::ALL.into_iter().enumerate() {
            let comma = if at + 1 < Status::ALL.len() { "," } else { "" };
            writeln!(out, "        {}{comma}", literal(of_status(status).1))?;
        }
        writeln!(out, "    }};")?;
        if !named.is_empty() {
            writeln!(out, "    static const char *const names[] = {{")?;
            for (at, name) in named.iter().enumerate() {
                writeln!(out, "        {}{}", literal(name), if at + 1 < named.len() { "," } else { "" })?;
            }
            writeln!(out, "    }};")?;
        }
        writeln!(
            out,
            "    int32_t status;\n    if (model == NULL)\n        return texts[SIMC_MEMORY];\n    \
             memcpy(&status, (const char *)model + {STATUS}, sizeof status);"
        )?;
        if !named.is_empty() {
            writeln!(
                out,
                "    if (status == SIMC_TRANSPORT) {{\n        \
                     char *buffer = (char *)model + {MESSAGE};\n        \
                     const uint64_t word = {prefix}_get_error(model);\n        \
                     const uint64_t place = word >> 32;\n        size_t at = 0;\n        \
                     if (place < sizeof names / sizeof *names) {{\n            \
                         at = simc_append(buffer, at, {MESSAGE_BYTES}, names[place]);\n        }} else {{\n            \
                         at = simc_append(buffer, at, {MESSAGE_BYTES}, \"a conveyor or queue\");\n        }}\n        \
                     at = simc_append(buffer, at, {MESSAGE_BYTES}, \" \");\n        switch ((uint32_t)word) {{"
            )?;
            for code in ErrorCode::ALL {
                if let Some(fault) = code.transport_fault() {
                    let text = literal(fault);
                    writeln!(
                        out,
                        "        case {}:\n            simc_append(buffer, at, {MESSAGE_BYTES}, {text});\n            break;",
                        code.number()
                    )?;
                }
            }
            writeln!(
                out,
                "        default:\n            simc_append(buffer, at, {MESSAGE_BYTES}, \"cannot go on\");\n            break;\n        }}\n        return buffer;\n    }}"
            )?;
        }
        writeln!(
            out,
            "    return status >= 0 && status < (int32_t)(sizeof texts / sizeof *texts) ? texts[status] : \"\";\n}}\n"
        )
    }
}

/// The names of conveyors and queues by the numbers that error words have.
fn transports(extension: &Extension) -> Vec<String> {
    (0..MAX_NAMED).map_while(|number| extension.transport_name(number)).collect()
}

/// What a parameter of an export is called.
fn param_name(export: &str, at: usize) -> String {
    match (export, at) {
        (export::RUN_TO, 0) => "time".to_owned(),
        (export::SET_VALUE | export::SET_VALUES, 0) => "slot".to_owned(),
        (export::SET_VALUE, 1) => "value".to_owned(),
        (export::PAUSE_ON_EVENTS, 0) => "on".to_owned(),
        (export::SET_TABLE, 0) => "table".to_owned(),
        (export::SET_VALUES | export::SET_TABLE, 1) => "n".to_owned(),
        _ => format!("argument_{}", at + 1),
    }
}

/// What an export does and what it returns.
fn about(export: &str) -> &'static str {
    match export {
        export::RUN => {
            "Goes back to the start and runs to the stop time. SIMC_OK, SIMC_TRANSPORT or SIMC_FAILED: rows saved before stay; or SIMC_TRAPPED: \
             what the instance holds means nothing then."
        }
        export::RUN_TO => {
            "Takes every step whose time, in the model's unit, is at most the given one. SIMC_BAD_TIME for NAN, else as PREFIX_run."
        }
        export::RUN_INITIALS => {
            "Evaluates everything at the start; a second call does nothing until PREFIX_reset. As PREFIX_run."
        }
        export::RESET => "Goes back to the start and keeps what was set. SIMC_OK, or SIMC_TRAPPED.",
        export::PAUSE_ON_EVENTS => {
            "1 lets events that pause end PREFIX_run_to, 0 lets them be recorded alone, as in a new instance. SIMC_OK, or SIMC_TRAPPED."
        }
        export::SET_VALUE => {
            "Overrides the constant at a slot, in its own units: whatever is computed from now on sees it. SIMC_OK or SIMC_NOT_SETTABLE."
        }
        export::CLEAR_VALUES => "Gives everything that was set its default again. SIMC_OK.",
        export::GET_ERROR => {
            "What has ended the run: a code in the low 32 bits, the number of the conveyor or queue at fault in the high ones; 0 when nothing has."
        }
        export::LAYOUT_DIGEST => {
            "Which artifact the code is of: what PREFIX_engine tells simc.h. 0 when an instance has trapped."
        }
        export::SET_VALUES => {
            "Overrides n constants from a slot on by the numbers in the place for inputs, which PREFIX_set_all fills. SIMC_OK or SIMC_NOT_SETTABLE."
        }
        export::SET_TABLE => {
            "Gives a graphical function the n points in the place for inputs, which PREFIX_set_points fills. SIMC_OK or SIMC_SHAPE."
        }
        _ => "See the contract of artifacts.",
    }
}
