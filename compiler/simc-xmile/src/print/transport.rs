//! `<conveyor>`, `<queue>` and what their flows say.

use simc_model::definition::scope::Scope;
use simc_model::definition::scope::are_same;
use simc_model::definition::{
    ConveyorDef, ElementDef, Equation, EquationDef, InitialLists, Spread, TransportDef, VarDef,
};

use super::Printer;
use super::notation::inside;

impl<'d> Printer<'d> {
    /// What a stock says as a whole, or a flow of a transport.
    pub(super) fn transport(&mut self, scope: &Scope<'d>, var: &VarDef) {
        match &var.transport {
            Some(TransportDef::Queue(_)) => self.xml.empty("queue", &[]),
            Some(TransportDef::Conveyor(conveyor)) => {
                self.xml.open("conveyor", &options(conveyor));
                for (tag, def) in quantities(conveyor) {
                    if let Some(equation) = def.and_then(|def| def.equation.as_ref()) {
                        let text = self.equation(scope, equation);
                        self.xml.text(tag, &[], &text);
                    }
                }
                self.xml.close("conveyor");
            }
            None => {}
        }
        if let Some(leak) = &var.leak {
            match &var.equation {
                Some(equation) => {
                    let text = self.equation(scope, equation);
                    self.xml.text("leak", &[], &text);
                }
                None => self.xml.empty("leak", &[]),
            }
            if leak.integers {
                self.xml.empty("leak_integers", &[]);
            }
        }
        if var.overflow {
            self.xml.empty("overflow", &[]);
        }
        if let Some(Spread::Dist(Some(name), _)) = &var.spread {
            self.xml.text("isee:distrib_eq", &[], &inside(&name.text));
        }
    }

    /// What an element of a conveyor says by itself.
    pub(super) fn element_of_transport(&mut self, scope: &Scope<'d>, var: &VarDef, at: usize) {
        if var.leak.is_some()
            && let Some(equation) = &var.elements[at].equation
        {
            let text = self.equation(scope, equation);
            self.xml.text("leak", &[], &text);
        }
        let Some(TransportDef::Conveyor(conveyor)) = &var.transport else { return };
        let element = &var.elements[at];
        let own = |def: Option<&'_ EquationDef>| -> Option<Equation> { Some(find(def?, element)?.clone()) };
        let equations: Vec<(&str, Equation)> =
            quantities(conveyor).into_iter().filter_map(|(tag, def)| Some((tag, own(def)?))).collect();
        if let Some(InitialLists { elements, .. }) = &conveyor.initial_lists
            && let Some((_, list)) = elements.iter().find(|(of, _)| *of == at)
        {
            let texts: Vec<String> = list.iter().map(|equation| self.equation(scope, equation)).collect();
            self.xml.text("eqn", &[], &texts.join(", "));
        }
        if equations.is_empty() {
            return;
        }
        self.xml.open("conveyor", &options(conveyor));
        for (tag, equation) in equations {
            let text = self.equation(scope, &equation);
            self.xml.text(tag, &[], &text);
        }
        self.xml.close("conveyor");
    }
}

/// The equation that a quantity has for an element of its stock.
fn find<'e>(def: &'e EquationDef, element: &ElementDef) -> Option<&'e Equation> {
    let clause = def.elements.iter().find(|clause| are_same(&clause.subscripts, &element.subscripts))?;
    clause.equation.as_ref()
}

/// The equations of a conveyor by their tags.
fn quantities(conveyor: &ConveyorDef) -> [(&'static str, Option<&EquationDef>); 5] {
    [
        ("len", conveyor.transit.as_ref()),
        ("capacity", conveyor.capacity.as_ref()),
        ("in_limit", conveyor.inflow_limit.as_ref()),
        ("sample", conveyor.sample.as_ref()),
        ("arrest", conveyor.arrest.as_ref()),
    ]
}

/// The attributes of a conveyor that are not as they are without.
fn options(conveyor: &ConveyorDef) -> Vec<(&'static str, String)> {
    [
        ("discrete", conveyor.discrete, false),
        ("batch_integrity", conveyor.batch_integrity, false),
        ("one_at_a_time", conveyor.one_at_a_time, true),
        ("exponential_leak", conveyor.exponential_leak, false),
        ("fifo", conveyor.fifo, false),
        ("isee:ignore_earlier_zone_losses", conveyor.ignores_losses, false),
    ]
    .into_iter()
    .filter(|(_, value, default)| value != default)
    .map(|(name, value, _)| (name, value.to_string()))
    .collect()
}
