//! `<model>` and what is in it.

use roxmltree::Node;

use crate::code;
use crate::reader::{Reader, Vocabulary};
use crate::transport::mark_leaks;
use crate::vocabulary::Place;
use simc_model::definition::{DefKind, GroupDef, ModelDef};

impl Reader<'_> {
    /// Reads a `<model>`.
    pub(crate) fn model(&mut self, node: Node<'_, '_>) -> ModelDef {
        let mut model = ModelDef { name: self.optional_name(node), ..ModelDef::default() };
        model.resource = self.resource(node);
        self.refuse_encryption(node);
        for child in Self::elements(node) {
            if self.vocabulary(child) == Vocabulary::Vendor {
                self.leave(child, Place::Model);
                continue;
            }
            match child.tag_name().name() {
                "variables" => {
                    for entity in Self::elements(child) {
                        self.entity(entity, &mut model, Place::Variables);
                    }
                }
                "sim_specs" => {
                    if self.once(child, &model.sim_specs) {
                        model.sim_specs = Some(self.sim_specs(child));
                    }
                }
                "behavior" => model.behavior = self.behavior(child),
                "interface" | "view" | "views" => model.controls.extend(self.controls(child)),
                // Files from before the standard have the variables here.
                _ => self.entity(child, &mut model, Place::Model),
            }
        }
        mark_leaks(&mut model.vars);
        model
    }

    /// Reads a variable or module.
    pub(crate) fn entity(&mut self, node: Node<'_, '_>, model: &mut ModelDef, place: Place) {
        if self.vocabulary(node) == Vocabulary::Vendor {
            return self.leave(node, place);
        }
        let n_before = model.vars.len();
        match node.tag_name().name() {
            "stock" => self.variable(node, DefKind::Stock, model),
            "flow" => {
                let first = model.vars.len();
                self.variable(node, DefKind::Flow, model);
                if let Some(flow) = model.vars.get_mut(first) {
                    flow.multiplier = self.multiplier(node, &flow.name);
                }
            }
            "aux" => self.variable(node, DefKind::Aux, model),
            "gf" => self.variable(node, DefKind::Table, model),
            "module" => model.modules.extend(self.module(node)),
            "group" => model.groups.extend(self.group(node)),
            _ => self.leave(node, place),
        }
        if let Some(var) = model.vars.get(n_before) {
            self.enter_variable(Some(&var.name));
            self.check_attributes(node);
            self.enter_variable(None);
        }
    }

    /// Reads a `<group>`; the `run` of a group, and of a member, belongs to runs of a part, which are refused where they are asked for.
    /// A group without a name only says how groups look.
    fn group(&mut self, node: Node<'_, '_>) -> Option<GroupDef> {
        let name = self.attribute_value(node, "name")?;
        let mut group = GroupDef { name: self.name(&name)?, doc: None, members: Vec::new() };
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "entity" => group.members.extend(self.required_name(child)),
                // As translators of other formats write it.
                "var" => {
                    let written = self.text(child);
                    group.members.extend(self.name(&written));
                }
                "doc" => group.doc = self.note(child),
                _ => {}
            }
        }
        Some(group)
    }

    /// The name of a model. One without a name, or with an empty one, is the root.
    fn optional_name(&mut self, node: Node<'_, '_>) -> Option<simc_model::definition::Name> {
        let written = self.attribute_value(node, "name")?;
        if written.text().trim().is_empty() { None } else { self.name(&written) }
    }

    /// Refuses what can only be read with a key.
    pub(crate) fn refuse_encryption(&mut self, node: Node<'_, '_>) {
        let encrypted = ["encrypted", "encryption"].iter().find_map(|name| Self::attribute(node, name));
        if encrypted.is_some_and(|attribute| !matches!(attribute.value().trim(), "" | "false" | "0")) {
            self.unsupported(node, code::ENCRYPTION, "encrypted models");
        }
    }
}
