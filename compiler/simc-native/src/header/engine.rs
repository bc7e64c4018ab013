//! The functions of a model as an engine for the host of C, there when its header is included first.

use std::fmt::Write;

use simc_artifact::export;

use super::{Header, Written};
use crate::instance::ALIGN;

/// A call that gives a status, as the host has it: 0, or -1 for a trap.
const PLAIN: [(&str, &str, &str); 4] =
    [("run_to", ", double time", ", time"), ("run_initials", "", ""), ("reset", "", ""), ("clear_values", "", "")];

impl Header<'_> {
    pub(super) fn write_engine(&self, out: &mut String) -> Written {
        let prefix = self.prefix;
        let has = |name: &str| self.native.code.symbols.iter().any(|symbol| symbol.name == name);
        writeln!(
            out,
            "#ifdef SIMC_H\n/* The model for simc_model_new of simc.h, which is included before this header. */\n\n\
             static inline int {prefix}_engine_init(void *instance)\n{{\n    return {prefix}_init_zeroed(instance) == NULL;\n}}\n"
        )?;
        for (name, params, arguments) in PLAIN {
            self.write_status(out, name, params, arguments, 0)?;
        }
        self.write_status(out, "set_value", ", int32_t slot, double value", ", slot, value", 1)?;
        for (name, ty, params, arguments) in [
            ("rows", "size_t", "", ""),
            ("row", "const double *", ", size_t row", ", row"),
            ("live", "const double *", "", ""),
        ] {
            let space = if ty.ends_with('*') { "" } else { " " };
            self.write_reader(out, name, &format!("{ty}{space}"), params, arguments)?;
        }
        writeln!(
            out,
            "static inline uint64_t {prefix}_engine_get_error(void *instance)\n{{\n    \
                 return {prefix}_get_error(({prefix} *)instance);\n}}\n"
        )?;
        let has_tables = has(export::SET_TABLE) && self.native.geometry.inputs.is_some();
        if has_tables {
            let params = ", int32_t table, size_t n, const double *points";
            self.write_status(out, "set_points", params, ", table, n, points", 1)?;
        }
        let events = self.native.geometry.events.as_ref().filter(|_| has(export::PAUSE_ON_EVENTS));
        if events.is_some() {
            self.write_status(out, "pause_on_events", ", int on", ", on", 0)?;
            self.write_reader(out, "run_state", "int ", "", "")?;
            self.write_reader(out, "events", "size_t ", "", "")?;
            writeln!(
                out,
                "static inline struct simc_record {prefix}_engine_event(const void *instance, size_t i)\n{{\n    \
                     struct simc_event event = {prefix}_event((const {prefix} *)instance, i);\n    \
                     struct simc_record record;\n    memcpy(&record, &event, sizeof record);\n    return record;\n}}\n"
            )?;
        }
        writeln!(out, "static inline const struct simc_engine *{prefix}_engine(void)\n{{")?;
        writeln!(out, "    static const struct simc_engine engine = {{")?;
        let geometry = &self.native.geometry;
        writeln!(out, "        {}, {ALIGN}, {}, {},", geometry.size, geometry.n_slots, geometry.n_chunks)?;
        writeln!(out, "        UINT64_C({}),", self.native.digest)?;
        let name = |name: &str| format!("{prefix}_engine_{name}");
        let or_null = |is_there: bool, of: &str| if is_there { name(of) } else { "NULL".to_owned() };
        writeln!(out, "        {}, NULL,", name("init"))?;
        for function in ["run_to", "run_initials", "reset", "clear_values", "set_value", "get_error", "rows", "row"] {
            writeln!(out, "        {},", name(function))?;
        }
        writeln!(out, "        {},\n        {},", name("live"), or_null(has_tables, "set_points"))?;
        for function in ["pause_on_events", "run_state", "events", "event"] {
            writeln!(out, "        {},", or_null(events.is_some(), function))?;
        }
        writeln!(out, "        {}\n    }};", events.map_or(0, |events| events.capacity))?;
        writeln!(out, "    return &engine;\n}}\n#endif\n")
    }

    /// A function that gives a status: 0, -1 for a trap, and `refused` for anything else.
    fn write_status(&self, out: &mut String, name: &str, params: &str, arguments: &str, refused: i32) -> Written {
        let prefix = self.prefix;
        writeln!(
            out,
            "static inline int {prefix}_engine_{name}(void *instance{params})\n{{\n    \
                 const int status = {prefix}_{name}(({prefix} *)instance{arguments});\n    \
                 return status == SIMC_TRAPPED ? -1 : status == SIMC_OK ? 0 : {refused};\n}}\n"
        )
    }

    /// A function that reads an instance.
    fn write_reader(&self, out: &mut String, name: &str, ty: &str, params: &str, arguments: &str) -> Written {
        let prefix = self.prefix;
        writeln!(
            out,
            "static inline {ty}{prefix}_engine_{name}(const void *instance{params})\n{{\n    \
                 return {prefix}_{name}((const {prefix} *)instance{arguments});\n}}\n"
        )
    }
}
