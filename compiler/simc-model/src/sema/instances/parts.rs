//! Variables that are equations of other ones: of conveyors, queues, and their flows.

use crate::model::VarId;
use crate::sema::instances::body::{Part, TransportPart};
use crate::sema::instances::module_tree::ModuleTree;

impl ModuleTree<'_> {
    /// What a variable says of another one, if that is all that it says.
    pub(in crate::sema) fn part(&self, var: VarId) -> Option<Part> {
        let (body, position) = self.place_of(var);
        body.part(position)
    }

    /// Whether a variable is a conveyor, a queue, or a flow whose rate one of these determines.
    pub(in crate::sema) fn is_driven(&self, var: VarId) -> bool {
        let (body, position) = self.place_of(var);
        body.is_driven(position)
    }

    /// The name of a variable as results and messages show it; that of an equation of another one has what it says after it.
    pub(in crate::sema) fn shown_name(&self, var: VarId) -> String {
        match self.part(var) {
            Some(part) => format!("{}: {}", self.var_name(var), part.what.name()),
            None => self.var_name(var),
        }
    }

    /// The variable that is meant where one speaks of itself: of a part, the whole.
    pub(in crate::sema) fn whole_of(&self, var: VarId) -> VarId {
        self.part(var).map_or(var, |part| self.beside(var, part.of))
    }

    /// The variable for which something else may be given in the place of this one's equation: the flow or stock of a
    /// transport whose equation this is, or the variable itself.
    pub(in crate::sema) fn replaced_as(&self, var: VarId) -> VarId {
        match self.part(var).map(|part| part.what) {
            Some(
                TransportPart::Request | TransportPart::Fraction | TransportPart::Initial | TransportPart::Entries,
            ) => self.whole_of(var),
            Some(
                TransportPart::Transit
                | TransportPart::Capacity
                | TransportPart::InLimit
                | TransportPart::Sample
                | TransportPart::Arrest,
            )
            | None => var,
        }
    }

    /// The variable of an equation of a transport.
    pub(in crate::sema) fn transport_part(&self, stock: VarId, what: TransportPart) -> Option<VarId> {
        self.transport_parts(stock, what).next()
    }

    /// The variables of the equations of a conveyor or queue that say one thing.
    pub(in crate::sema) fn transport_parts(&self, stock: VarId, what: TransportPart) -> impl Iterator<Item = VarId> {
        let (body, position) = self.place_of(stock);
        let parts = body.parts_of_transport(position).iter().filter(move |(known, _)| *known == what);
        parts.map(move |&(_, position)| self.beside(stock, position))
    }

    /// What a flow with a multiplier gives to the stock that it fills.
    pub(in crate::sema) fn delivered(&self, flow: VarId) -> Option<VarId> {
        let (body, position) = self.place_of(flow);
        body.delivered(position).map(|position| self.beside(flow, position))
    }

    /// The position in its body of the equation that has been taken out of a flow.
    pub(in crate::sema) fn parts_of(&self, flow: VarId) -> Option<u32> {
        let (body, position) = self.place_of(flow);
        body.part_of_flow(position)
    }
}
