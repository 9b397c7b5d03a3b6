//! The exchange of records: batches are cut by destination in one pass and sent on at once, each at its own time.

use timely::communication::Push;
use timely::dataflow::channels::Message;
use timely::dataflow::channels::pact::DistributorPact;
use timely::dataflow::channels::pushers::exchange::Distributor;

use super::kernel::Record;

/// Cuts batches by a function from records to workers.
pub struct Partition<D, R> {
    route: R,
    parts: Vec<Vec<D>>,
}

/// An exchange by a function from records to workers, which may change between batches but not within one.
pub fn partition_by<D, R>(route: R) -> DistributorPact<impl FnOnce(usize) -> Partition<D, R>>
where
    D: Record,
    R: FnMut(&[D], &mut [Vec<D>]) + 'static,
{
    DistributorPact(move |peers| Partition { route, parts: (0..peers).map(|_| Vec::new()).collect() })
}

impl<D, R> Distributor<Vec<D>> for Partition<D, R>
where
    D: Record,
    R: FnMut(&[D], &mut [Vec<D>]) + 'static,
{
    fn partition<T: Clone, P: Push<Message<T, Vec<D>>>>(
        &mut self,
        container: &mut Vec<D>,
        time: &T,
        pushers: &mut [P],
    ) {
        (self.route)(container, &mut self.parts);
        container.clear();
        for (part, pusher) in self.parts.iter_mut().zip(pushers) {
            if !part.is_empty() {
                Message::push_at(part, time.clone(), pusher);
                part.clear();
            }
        }
    }

    fn flush<T: Clone, P: Push<Message<T, Vec<D>>>>(&mut self, _time: &T, _pushers: &mut [P]) {}
}

/// Copies each record to the part of the worker that `to` names.
#[inline(always)]
pub fn cut<D: Record>(records: &[D], parts: &mut [Vec<D>], to: impl Fn(&D) -> usize) {
    for part in parts.iter_mut() {
        part.reserve(records.len());
    }
    for record in records {
        parts[to(record)].push(*record);
    }
}
