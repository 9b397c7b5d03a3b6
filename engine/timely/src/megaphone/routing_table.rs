//! The configuration function of one router: owners by bin at any time that is not retired. Updates that are not in effect at the
//! latest time that was asked for are kept aside; time may go back and forth.

use crate::time::Timestamp;

/// Updates of one time.
#[derive(Debug)]
struct Group {
    time: Timestamp,
    bins: Vec<u32>,
    workers: Vec<u32>,
    /// Owners before the group, while it is in effect.
    previous: Vec<u32>,
}

/// Owners by bin and time.
#[derive(Debug)]
pub struct RoutingTable {
    owners: Vec<u32>,
    /// Ascending by time; the first `applied` of them are in effect in `owners`.
    groups: Vec<Group>,
    applied: usize,
}

impl RoutingTable {
    /// The configuration before the first update.
    pub fn new(initial: Vec<u32>) -> Self {
        Self { owners: initial, groups: Vec::new(), applied: 0 }
    }

    /// From `time` on, `bin` belongs to `worker`. Nobody has asked for a time at or after it yet.
    pub fn update(&mut self, time: Timestamp, bin: u32, worker: u32) {
        let at = self.groups.partition_point(|group| group.time < time);
        if self.groups.get(at).is_none_or(|group| group.time != time) {
            let group = Group { time, bins: Vec::new(), workers: Vec::new(), previous: Vec::new() };
            self.groups.insert(at, group);
        }
        self.groups[at].bins.push(bin);
        self.groups[at].workers.push(worker);
    }

    /// Owners by bin as of the time that `move_to` chose.
    #[inline(always)]
    pub fn owners(&self) -> &[u32] {
        &self.owners
    }

    /// Chooses the configuration at `time`.
    #[inline]
    pub fn move_to(&mut self, time: Timestamp) {
        while self.applied < self.groups.len() && self.groups[self.applied].time <= time {
            self.apply();
        }
        while self.applied > 0 && self.groups[self.applied - 1].time > time {
            self.take_back();
        }
    }

    /// Forgets what records at or after `frontier` cannot need.
    pub fn retire(&mut self, frontier: Timestamp) {
        if self.groups.first().is_some_and(|group| group.time <= frontier) {
            self.move_to(frontier);
            self.groups.drain(..self.applied);
            self.applied = 0;
        }
    }

    fn apply(&mut self) {
        let group = &mut self.groups[self.applied];
        for (&bin, &worker) in group.bins.iter().zip(&group.workers) {
            let owner = &mut self.owners[bin as usize];
            group.previous.push(*owner);
            *owner = worker;
        }
        self.applied += 1;
    }

    fn take_back(&mut self) {
        self.applied -= 1;
        let group = &mut self.groups[self.applied];
        for (&bin, owner) in group.bins.iter().zip(group.previous.drain(..)).rev() {
            self.owners[bin as usize] = owner;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_follow_time_in_both_directions() {
        let mut table = RoutingTable::new(vec![0, 0, 0]);
        table.update(10, 1, 1);
        table.update(20, 1, 2);
        table.update(20, 2, 1);
        table.move_to(25);
        assert_eq!(table.owners(), [0, 2, 1]);
        table.move_to(10);
        assert_eq!(table.owners(), [0, 1, 0]);
        table.move_to(9);
        assert_eq!(table.owners(), [0, 0, 0]);
        table.retire(15);
        table.move_to(30);
        assert_eq!(table.owners(), [0, 2, 1]);
    }
}
