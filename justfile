# Lists the recipes
_default:
    @just --list --unsorted

# Everything that must hold before a change lands
ready *ARGS:
    cargo ready {{ARGS}}

# Lints alone
check:
    cargo clippy --workspace --all-targets -- -D warnings

# All tests, or those whose name holds NAME
test *NAME:
    cargo test --workspace {{NAME}}

# Rewrites every committed expectation; read the diff
bless:
    SIMC_BLESS=1 cargo test -p tests

# Builds runtime-shim/kernel/kernel.wasm from its sources
kernel:
    cargo run -p tests --bin build_kernel

# Artifacts against C, and compile times; ARGS choose among models, arrays, chains, native and functions
bench *ARGS:
    cargo run --release -p tests --bin bench -- {{ARGS}}

# Writes docs/performance.md: every engine against C, on this machine
performance:
    cargo run --release -p tests --bin bench -- performance

# Runs a fuzz target: xmile, vensim, equation, sir, layout or engines
fuzz TARGET *ARGS:
    cargo +nightly fuzz run --fuzz-dir tests/fuzz {{TARGET}} {{ARGS}}

# Puts faults into the compiler and counts those that the tests notice; --sample N tries N of each crate
mutants *ARGS:
    cargo run --manifest-path tests/mutate/Cargo.toml -- {{ARGS}}

# The generated parts of docs/
doc:
    cargo run -p tests --bin gen_docs
