//! Queues: what each outflow takes when its turn comes, and what overflows take of what others were refused.

use crate::definition::wording::Cure;
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn, Queue, TransportForm, TransportQuery, VarId};
use crate::sema::rules::transport::{Cx, Found, Writer};

/// A queue has room for that many batches at most.
const MAX_BATCHES: u64 = 1 << 20;

impl Cx<'_, '_> {
    pub(in crate::sema) fn resolve_queue(&mut self, index: usize) {
        let transports = self.transports;
        let found = &transports[index];
        self.set_contents(found);
        for (position, &(flow, place)) in found.outflows.iter().enumerate() {
            let mut writer = self.writer(found);
            let is_overflow = self.tree.def(flow).overflow;
            match self.enters.get(&flow).copied() {
                Some((transport, _))
                    if transports[transport].def.conveyor().is_some_and(|next| is_overflow || !next.discrete) =>
                {
                    let (flow, behind) = (self.tree.var_name(flow), self.tree.var_name(transports[transport].stock));
                    let (message, hint) = if is_overflow {
                        (format!("overflow `{flow}` enters conveyor `{behind}`"), "let it flow into a stock or a queue")
                    } else {
                        let hint = self.diagnostics.cure(Cure::MakeDiscrete);
                        (format!("queue outflow `{flow}` enters conveyor `{behind}`, which is not discrete"), hint)
                    };
                    self.report(code::QUEUE_TARGETS, found.stock, place, message, hint);
                }
                _ if is_overflow => self.write_overflow(found, position, &mut writer),
                _ => _ = self.write_turn(found, position, TransportQuery::Serve, &mut writer),
            }
            if writer.expr.nodes.is_empty() {
                writer.number(0.0);
            }
            self.set(flow, writer);
        }
        let initial = self.initial(found);
        let mut start = self.writer(found);
        start.var_or(initial.first().copied(), 0.0);
        let mut outflow = self.writer(found);
        outflow.sum(&found.outflows);
        let inflows = found.inflows.iter().map(|&(flow, _)| {
            let mut inflow = self.writer(found);
            inflow.var(flow);
            inflow.expr
        });
        let inflows = inflows.collect();
        let batches = self.time.n_steps.saturating_mul(found.inflows.len().max(1) as u64).saturating_add(2);
        let cells = u32::try_from(batches.min(MAX_BATCHES)).expect("batches are bounded");
        let transport = self.transport_mut(found);
        transport.cells = cells;
        transport.form = TransportForm::Queue(Queue { initial: start.expr, outflow: outflow.expr, inflows });
    }

    /// What an outflow takes, or is refused, when its turn comes.
    fn write_turn(&self, found: &Found<'_>, position: usize, query: TransportQuery, writer: &mut Writer) -> NodeId {
        let (flow, _) = found.outflows[position];
        let mut args = vec![writer.sum(&found.outflows[..position])];
        let entered = self.enters.get(&flow).map(|&(transport, turn)| (&self.transports[transport], turn));
        match entered.and_then(|(next, turn)| Some((next, turn, next.def.conveyor()?))) {
            Some((behind, turn, def)) => {
                let mut entry = Vec::new();
                self.push_entry(behind, writer, &mut entry);
                self.push_inflows(behind, turn, writer, &mut entry);
                let room = writer.read(behind.state, TransportQuery::Room, entry);
                args.push(self.write_before_factor(flow, room, writer));
                args.push(writer.number(f64::from(u8::from(def.one_at_a_time))));
                args.push(writer.number(f64::from(u8::from(def.batch_integrity))));
            }
            None => args.extend([writer.number(f64::INFINITY), writer.number(0.0), writer.number(0.0)]),
        }
        args.extend(found.inflows.iter().map(|&(flow, _)| writer.var(flow)));
        writer.read(found.state, query, args)
    }

    /// How much of what a flow takes has so much room after its multiplier: any amount of what comes to nothing there.
    fn write_before_factor(&self, flow: VarId, room: NodeId, writer: &mut Writer) -> NodeId {
        let Some(&factor) = self.factors.get(&flow) else { return room };
        let (factor, zero) = (writer.var(factor), writer.number(0.0));
        let cond = writer.push(ExprKind::Binary(BinaryOp::Gt, factor, zero));
        let (then, otherwise) =
            (writer.push(ExprKind::Binary(BinaryOp::Div, room, factor)), writer.number(f64::INFINITY));
        writer.push(ExprKind::If { cond, then, otherwise })
    }

    /// What the outflows before it were refused, as far as it is still there.
    fn write_overflow(&self, found: &Found<'_>, position: usize, writer: &mut Writer) {
        let enters_conveyor = |&earlier: &usize| {
            let (flow, _) = found.outflows[earlier];
            self.enters.get(&flow).is_some_and(|(transport, _)| !self.transports[*transport].def.is_queue())
        };
        let refused = writer.sum_of((0..position).filter(enters_conveyor), |writer, earlier| {
            self.write_turn(found, earlier, TransportQuery::Refuse, writer)
        });
        let left = self.write_turn(found, position, TransportQuery::Serve, writer);
        writer.push(ExprKind::Call(PureFn::Min, vec![left, refused]));
    }
}
