//! Models that a build script has compiled, as modules.

/// Makes a module of a model that `simc_build::Config::compile` has compiled in the build script.
///
/// `include_model!(sir)` gives the module `sir`, `include_model!(pub sir)` a public one. In it are the bindings, which are what
/// `simc bind --lang rust` writes (a constant for the name of each variable, `Params` with the model's defaults, `load`), and:
///
/// ```text
/// pub fn artifact() -> &'static [u8]
/// pub fn model() -> Result<simc_host::Model, simc_host::Error>     // loaded once
/// ```
///
/// The program is compiled again when the model changes; a variable that it no longer has does not compile.
#[macro_export]
macro_rules! include_model {
    ($visibility:vis $name:ident) => {
        #[doc = concat!("The model `", stringify!($name), "`, compiled by the build script.")]
        #[allow(dead_code, reason = "bindings name all variables, whatever the program uses of them")]
        $visibility mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));

            /// The artifact.
            pub fn artifact() -> &'static [u8] {
                include_bytes!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".wasm"))
            }

            /// The model: loaded with the first call, and shared.
            ///
            /// # Errors
            /// `unsupported` when the engine lacks what the artifact needs.
            pub fn model() -> Result<$crate::Model, $crate::Error> {
                static LOADED: std::sync::OnceLock<$crate::Model> = std::sync::OnceLock::new();
                if let Some(model) = LOADED.get() {
                    return Ok(model.clone());
                }
                let model = load(artifact())?;
                Ok(LOADED.get_or_init(|| model).clone())
            }
        }
    };
}
