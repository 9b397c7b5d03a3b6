//! The controller: carries out scripted migrations, step by step. It issues the next step when the output frontier has passed the last one
//! (and the gap has passed), and logs when each step was issued and completed. Before the clock starts it rehearses steps on the loaded
//! state.

use crate::results::StepRecord;
use crate::spec::{Migration, Step};
use crate::time::{CLOSED, FIRST_TICK, MAX_TIMESTAMP, Timestamp};

/// Drives a control stream by a script.
#[derive(Debug)]
pub struct Controller {
    script: Vec<Migration>,
    end: Timestamp,
    /// Steps that are left to rehearse, the next one last.
    rehearsal: Vec<Step>,
    rehearsed: bool,
    migration: usize,
    step: usize,
    in_flight: bool,
    not_before: Timestamp,
    log: Vec<StepRecord>,
}

impl Controller {
    /// A controller that has not issued anything. The control stream stays open until `end_tick`, and until the last step has completed.
    pub fn new(script: Vec<Migration>, rehearsal: Vec<Step>, end_tick: u64) -> Self {
        Self {
            script,
            end: FIRST_TICK + end_tick,
            rehearsal: rehearsal.into_iter().rev().collect(),
            rehearsed: false,
            migration: 0,
            step: 0,
            in_flight: false,
            not_before: 0,
            log: Vec::new(),
        }
    }

    /// Whether steps are left to rehearse, or the last one has not completed.
    pub fn rehearsing(&self) -> bool {
        !self.rehearsal.is_empty() || self.rehearsed
    }

    /// The steps that were issued so far, in order.
    pub fn log(&self) -> &[StepRecord] {
        &self.log
    }

    /// All steps that were issued, in order.
    pub fn into_log(self) -> Vec<StepRecord> {
        self.log
    }

    /// Looks for completion, then hands the moves of the next step, if it is due, to `issue`: they take effect at `earliest`. Returns when
    /// it has to run again at the latest: `MAX_TIMESTAMP` when it waits for others only, `CLOSED` when it has said everything.
    pub fn step(
        &mut self,
        now: Timestamp,
        absorbed: Timestamp,
        earliest: Timestamp,
        issue: impl FnMut(u32, u32),
    ) -> Timestamp {
        if now < FIRST_TICK {
            self.rehearse(absorbed, earliest, issue);
            return MAX_TIMESTAMP;
        }
        if self.in_flight {
            self.look_for_completion(now, absorbed);
        }
        if !self.in_flight {
            self.issue(now, earliest, issue);
        }
        if self.in_flight {
            return MAX_TIMESTAMP;
        }
        match self.script.get(self.migration) {
            None if now >= self.end => CLOSED,
            None => self.end,
            Some(migration) => self.not_before.max(FIRST_TICK + migration.at_tick),
        }
    }

    fn look_for_completion(&mut self, now: Timestamp, absorbed: Timestamp) {
        let Some(last) = self.log.last_mut() else { return };
        if absorbed > FIRST_TICK + last.time {
            last.completed = Some(now - FIRST_TICK);
            self.not_before = now + self.script[last.migration].gap_ticks;
            self.in_flight = false;
        }
    }

    fn rehearse(&mut self, absorbed: Timestamp, earliest: Timestamp, mut issue: impl FnMut(u32, u32)) {
        // Loading comes first: everything before the control frontier has been applied then.
        if absorbed < earliest {
            return;
        }
        let moves = self.rehearsal.pop();
        self.rehearsed = moves.is_some();
        moves.into_iter().flatten().for_each(|(bin, target)| issue(bin, target));
    }

    fn issue(&mut self, now: Timestamp, earliest: Timestamp, mut issue: impl FnMut(u32, u32)) {
        let Some(migration) = self.script.get(self.migration) else { return };
        if now < FIRST_TICK + migration.at_tick || now < self.not_before {
            return;
        }
        let Some(moves) = migration.steps.get(self.step) else {
            self.migration += 1;
            self.step = 0;
            return;
        };
        moves.iter().for_each(|&(bin, target)| issue(bin, target));
        self.log.push(StepRecord {
            migration: self.migration,
            step: self.step,
            time: earliest - FIRST_TICK,
            issued: now - FIRST_TICK,
            completed: None,
            bins: moves.len(),
        });
        self.in_flight = true;
        self.step += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_waits_for_the_last_one_and_the_gap() {
        let script = vec![Migration { at_tick: 10, gap_ticks: 5, steps: vec![vec![(1, 0)], vec![(2, 0)]] }];
        let mut controller = Controller::new(script, Vec::new(), 100);
        let mut issued = Vec::new();
        let mut step = |tick: u64, absorbed: u64| {
            let before = issued.len();
            let time = FIRST_TICK + tick;
            controller.step(time, FIRST_TICK + absorbed, time + 2, |bin, _| issued.push(bin));
            issued.len() - before
        };
        assert_eq!(step(9, 9), 0);
        assert_eq!(step(10, 9), 1);
        assert_eq!(step(11, 12), 0);
        assert_eq!(step(13, 13), 0);
        assert_eq!(step(17, 17), 0);
        assert_eq!(step(18, 17), 1);
        assert_eq!(step(30, 30), 0);
        let log = controller.into_log();
        assert_eq!((log[0].time, log[0].issued, log[0].completed), (12, 10, Some(13)));
        assert_eq!(log[1].completed, Some(30));
    }
}
