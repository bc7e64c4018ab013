//! Names of C and C++ that no model can have.

/// What C and C++ keep for themselves everywhere, alternative spellings of operators and macros without parameters included.
const KEYWORDS: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "imaginary",
    "import",
    "inline",
    "int",
    "linux",
    "long",
    "math_errhandling",
    "module",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "sa_handler",
    "sa_sigaction",
    "short",
    "si_addr",
    "si_addr_lsb",
    "si_arch",
    "si_band",
    "si_call_addr",
    "si_fd",
    "si_int",
    "si_lower",
    "si_overrun",
    "si_pid",
    "si_pkey",
    "si_ptr",
    "si_status",
    "si_stime",
    "si_syscall",
    "si_timerid",
    "si_uid",
    "si_upper",
    "si_utime",
    "si_value",
    "sigev_notify_attributes",
    "sigev_notify_function",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
];
/// What the headers of C's library and `unistd.h` declare with GCC and its library, in C, C99 and C++ and in alphabetical order.
const LIBRARY: &str = include_str!("names.txt");
/// What such headers declare elsewhere, and the name of the function with which a program begins.
const ELSEWHERE: &[&str] = &[
    "devname",
    "environ",
    "far",
    "heapsort",
    "interface",
    "itoa",
    "main",
    "max",
    "mergesort",
    "min",
    "near",
    "radixsort",
    "small",
    "strlcat",
    "strlcpy",
    "strlwr",
    "strrev",
    "strupr",
];
/// What makes a name of such a header of one that headers of models have, as `fd` makes `fd_set`.
const MEETING: &[&str] = &[
    "fd",
    "pthread_attr",
    "pthread_barrier",
    "pthread_barrierattr",
    "pthread_cond",
    "pthread_condattr",
    "pthread_mutex",
    "pthread_mutexattr",
    "pthread_rwlock",
    "pthread_rwlockattr",
    "pthread_spin",
    "si",
];
/// What parameters and variables of the headers of models are called, but for `model`, which does no harm.
const OWN: &[&str] = &[
    "artifact",
    "at",
    "buffer",
    "bytes",
    "code",
    "count",
    "element",
    "engine",
    "error",
    "event",
    "fields",
    "i",
    "instance",
    "is_zeroed",
    "layout",
    "memory",
    "n",
    "names",
    "numbers",
    "on",
    "params",
    "place",
    "points",
    "record",
    "row",
    "rows",
    "sim",
    "slot",
    "state",
    "status",
    "table",
    "text",
    "texts",
    "trap",
    "value",
    "values",
    "variables",
    "word",
];
/// What names of headers begin with that all models have in common.
const SHARED: &str = "simc";

/// Why an identifier cannot be what names begin with; none when it can.
pub(crate) fn why_taken(name: &str) -> Option<&'static str> {
    if is_keyword(name) {
        return Some("C or C++ has that name");
    }
    if begins_as_shared(name) {
        return Some("what all headers share begins with `simc`");
    }
    if LIBRARY.split_ascii_whitespace().chain(ELSEWHERE.iter().copied()).any(|taken| taken == name) {
        return Some("a header of C or C++ has that name");
    }
    if MEETING.contains(&name) {
        return Some("a header of C has a name that would begin with it");
    }
    OWN.contains(&name).then_some("headers of models have a parameter or variable of that name")
}

/// Whether a name can be that of nothing at all.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// Whether a name begins as those that the headers of all models have in common, but for the case.
pub(crate) fn begins_as_shared(name: &str) -> bool {
    name.get(..SHARED.len()).is_some_and(|start| start.eq_ignore_ascii_case(SHARED))
}

/// The names of headers that begin with a text.
pub(crate) fn library_names(start: &str) -> impl Iterator<Item = &'static str> {
    LIBRARY.split_ascii_whitespace().filter(move |name| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::{ELSEWHERE, KEYWORDS, LIBRARY, MEETING, OWN};

    #[test]
    fn names_are_in_order() {
        for names in [KEYWORDS, ELSEWHERE, MEETING, OWN] {
            assert!(names.is_sorted());
        }
        assert!(LIBRARY.split_ascii_whitespace().is_sorted());
    }
}
