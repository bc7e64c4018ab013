//! Stocks as levels: `INTEG(rate, initial value)`.

use simc_model::definition::scope::Scope;
use simc_model::definition::{DefKind, Equation, EquationKind, Name, VarDef};
use simc_model::diagnostic::code;
use simc_model::name::Key;

use super::Printer;
use super::text::print_name;

/// The initial value and the rate of a level.
pub(super) struct Level {
    pub(super) initial: Equation,
    pub(super) rate: Equation,
}

/// What a level of a Vensim model begins with and what changes it, by its position among the clauses.
pub(super) fn own_level(scope: &Scope<'_>, stock: &VarDef, at: usize) -> Option<Level> {
    let rate = scope.var(&stock.inflows.first()?.text).filter(|flow| flow.is_implied)?;
    let of = |var: &VarDef| match var.dims.is_empty() {
        true => var.equation.clone(),
        false => var.elements.get(at).and_then(|clause| clause.equation.clone()),
    };
    Some(Level { initial: of(stock)?, rate: of(rate)? })
}

/// The stock, which nobody else sees, that an equation reads as a whole.
pub(super) fn hidden_level<'d>(scope: &Scope<'d>, equation: &Equation) -> Option<&'d VarDef> {
    let EquationKind::Reference(path, _) = &equation.nodes.last()?.kind else { return None };
    scope.var_of(path).filter(|var| var.is_implied && var.kind == DefKind::Stock)
}

impl<'d> Printer<'d> {
    /// The net rate of a stock with flows: inflows from the left, then outflows.
    pub(super) fn net_rate(&mut self, scope: &Scope<'d>, stock: &VarDef, left: &[Name]) -> String {
        let mut text = String::new();
        for (flow, is_inflow) in
            stock.inflows.iter().map(|flow| (flow, true)).chain(stock.outflows.iter().map(|flow| (flow, false)))
        {
            let Some(def) = scope.var(&flow.text) else {
                let message = format!("flow `{}` is in a module", flow.text);
                self.refuse(
                    code::CONVERT_MODULE,
                    flow.span,
                    message,
                    "move the variables of the module into the model",
                );
                continue;
            };
            let mut term = self.flow(def, stock, left);
            if let Some(multiplier) = def.multiplier.as_ref().filter(|_| is_inflow) {
                let factor = self.expression(scope, def, &def.dims, multiplier).unwrap_or_default();
                term = format!("{term}*({factor})");
            }
            match (text.is_empty(), is_inflow) {
                (true, true) => text = term,
                (true, false) => text = format!("-{term}"),
                (false, true) => text.push_str(&format!(" + {term}")),
                (false, false) => text.push_str(&format!(" - {term}")),
            }
        }
        if text.is_empty() { "0".to_owned() } else { text }
    }

    /// A flow as an element of a stock reads it: dimensions that the stock lacks are added up.
    fn flow(&mut self, flow: &VarDef, stock: &VarDef, left: &[Name]) -> String {
        let name = print_name(&flow.name.text);
        if flow.dims.is_empty() {
            return name;
        }
        let mut is_summed = false;
        let mut n_followed = 0;
        let subscripts: Vec<String> = flow
            .dims
            .iter()
            .map(|dim| {
                let key = Key::new(&dim.text);
                match stock.dims.iter().position(|own| Key::new(&own.text) == key).and_then(|at| left.get(at)) {
                    Some(left) => {
                        n_followed += 1;
                        print_name(&left.text)
                    }
                    None => {
                        is_summed = true;
                        format!("{}!", print_name(&dim.text))
                    }
                }
            })
            .collect();
        if is_summed && (n_followed < stock.dims.len() || flow.multiplier.is_some()) {
            self.refuse(
                code::CONVERT_ARRAY,
                flow.span,
                format!("flow `{}` does not have the dimensions of stock `{}`", flow.name.text, stock.name.text),
                "give both the same dimensions",
            );
        }
        let read = format!("{name}[{}]", subscripts.join(", "));
        if is_summed { format!("SUM({read})") } else { read }
    }
}
