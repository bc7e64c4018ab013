//! What every layer uses: dimensions, shapes, time, tables, graphs, and edits of expressions. It knows neither instances nor
//! the model under construction.

pub(in crate::sema) mod constant;
pub(in crate::sema) mod derived_table;
pub(in crate::sema) mod diagnostics;
pub(in crate::sema) mod dimension;
pub(in crate::sema) mod graph;
pub(in crate::sema) mod inline;
pub(in crate::sema) mod lag;
pub(in crate::sema) mod points;
pub(in crate::sema) mod read;
pub(in crate::sema) mod region;
pub(in crate::sema) mod region_index;
pub(in crate::sema) mod shape;
pub(in crate::sema) mod stand_in;
pub(in crate::sema) mod subscript;
pub(in crate::sema) mod table;
pub(in crate::sema) mod time;
pub(in crate::sema) mod work;
