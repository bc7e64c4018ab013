//! Bindings of models whose names are awkward.

use simc_model::files::NoFiles;
use simc_model::source::Sources;

use super::*;
use crate::driver::{self, Options};

const MODEL: &str = r#"<xmile><header><name>Odd "names" */</name></header><sim_specs><start>0</start><stop>2</stop></sim_specs>
<dimensions><dim name="Region"><elem name="North"/><elem name="Far South"/></dim></dimensions>
<model><variables>
<aux name="Contact Rate"><eqn>6</eqn><units>1/day</units><doc>How often people meet. */ """</doc><range min="0" max="10"/></aux>
<aux name="class"><eqn>2</eqn></aux>
<aux name="a-b"><eqn>1</eqn></aux>
<aux name="a+b"><eqn>1</eqn></aux>
<aux name="share"><dimensions><dim name="Region"/></dimensions><eqn>0.5</eqn></aux>
<aux name="mixed"><dimensions><dim name="Region"/></dimensions><element subscript="North"><eqn>1</eqn></element><element subscript="Far South"><eqn>TIME</eqn></element></aux>
<stock name="level"><eqn>class</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>Contact_Rate</eqn></flow>
<module name="Farm"/>
</variables></model>
<model name="Farm"><variables><aux name="crop"><eqn>1e-7</eqn></aux></variables></model></xmile>"#;

fn artifact() -> Vec<u8> {
    let mut sources = Sources::new();
    let root = sources.add("odd.xmile", MODEL);
    let options = Options { initials: true, ..Options::default() };
    driver::compile(&mut sources, root, &NoFiles, &options).expect("the model compiles").wasm
}

fn has_all(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
}

#[test]
fn typescript_names_constants_as_the_host_finds_them() {
    let text = bind(&artifact(), Language::TypeScript).expect("an artifact");
    has_all(
        &text,
        &[
            "  readonly contact_rate?: number;",
            "  readonly \"a-b\"?: number;",
            "  readonly \"Farm.crop\"?: number;",
            "  readonly share?: ParameterValue;",
            "  readonly level?: number;",
            "export const Region = {\n  North: \"North\",\n  FarSouth: \"Far South\",\n} as const;",
            "   * How often people meet. * / \"\"\"",
            "units: \"1/day\", default: 6.0, range: [0.0, 10.0]",
            "{ sha256: SHA256 }",
        ],
    );
    assert!(!text.contains("*/ \""), "a comment ends too early");
}

#[test]
fn python_has_a_record_with_the_defaults() {
    let text = bind(&artifact(), Language::Python).expect("an artifact");
    has_all(
        &text,
        &[
            "class Region(str, Enum):",
            "    FAR_SOUTH = \"Far South\"",
            "    contact_rate: float = 6.0",
            "    class_: float = 2.0",
            "    a_b: float = 1.0",
            "    a_b_2: float = 1.0",
            "    farm_crop: float = 1e-7",
            "field(default_factory=lambda: [0.5, 0.5])",
            "    level: Union[float, None] = None",
            "            \"Farm.crop\": self.farm_crop,",
            "CONTACT_RATE = \"Contact Rate\"",
        ],
    );
}

#[test]
fn rust_has_a_record_that_is_names_and_values() {
    let text = bind(&artifact(), Language::Rust).expect("an artifact");
    has_all(
        &text,
        &[
            "pub enum Region {",
            "            Self::FarSouth => \"Far South\",",
            "    pub contact_rate: f64,",
            "    pub share: [f64; 2],",
            "    pub mixed: Option<simc_host::Value>,",
            "    pub level: Option<f64>,",
            "            class: 2.0,",
            "            (\"share\", Some(self.share.as_slice().into())),",
            "pub const CONTACT_RATE: &str = \"Contact Rate\";",
        ],
    );
}

#[test]
fn go_has_a_record_and_names_that_other_packages_see() {
    let text = bind(&artifact(), Language::Go).expect("an artifact");
    has_all(
        &text,
        &[
            "\npackage oddnames\n",
            "const RegionFarSouth Region = \"Far South\"",
            "\tContactRate float64\n",
            "\tClass float64\n",
            "\tAB_2 float64\n",
            "\tShare [2]float64\n",
            "\tMixed any\n",
            "\tLevel *float64\n",
            "\tp.Share = [2]float64{0.5, 0.5}\n",
            "simc.Entry{Name: \"Farm.crop\", Value: p.FarmCrop}",
            "const ContactRate = \"Contact Rate\"",
        ],
    );
    assert!(bind_as(&artifact(), Language::Go, Some("sir")).expect("an artifact").contains("\npackage sir\n"));
    for name in ["", "Sir", "a-b", "func", "1"] {
        assert_eq!(bind_as(&artifact(), Language::Go, Some(name)), Err(BindError::Name(name.to_owned())));
    }
}

#[test]
fn java_has_a_record_and_no_comment_ends_early() {
    let text = bind(&artifact(), Language::Java).expect("an artifact");
    has_all(
        &text,
        &[
            "public final class OddNames {",
            "        FAR_SOUTH(\"Far South\");",
            "        public double contactRate = 6.0;",
            "        public double class_ = 2.0;",
            "        public double aB_2 = 1.0;",
            "        public double[] share = {0.5, 0.5};",
            "        public Object mixed;",
            "        public Double level;",
            "            map.put(\"Farm.crop\", farmCrop);",
            "How often people meet. *&#47; \"\"\"",
        ],
    );
    let named = bind_as(&artifact(), Language::Java, Some("org.acme.Sir")).expect("an artifact");
    has_all(&named, &["package org.acme;", "public final class Sir {"]);
    for name in ["", "a.", "1a", "org.class.Sir", "a b"] {
        assert_eq!(bind_as(&artifact(), Language::Java, Some(name)), Err(BindError::Name(name.to_owned())));
    }
}

#[test]
fn the_same_artifact_gives_the_same_bindings_and_no_artifact_gives_none() {
    for language in [Language::TypeScript, Language::Python, Language::Rust, Language::Go, Language::Java] {
        assert_eq!(bind(&artifact(), language), bind(&artifact(), language));
        assert!(matches!(bind(b"no artifact", language), Err(BindError::Artifact(_))));
        assert!(matches!(bind(b"\0asm\x01\0\0\0", language), Err(BindError::Artifact(_))));
    }
}
