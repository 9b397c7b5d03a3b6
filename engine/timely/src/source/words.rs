//! The source of word count: every key of the domain once before the clock starts, then the scheduled identifiers.

use super::{Input, Source};
use crate::input::schedule::Schedule;
use crate::input::words::WordGenerator;
use crate::time::{CLOSED, FIRST_REHEARSAL, FIRST_TICK, Timestamp};
use crate::workloads::word_count::Key;

/// Most records of a batch of the schedule.
const BATCH: u64 = 4096;
/// Most batches that one step sends.
const BATCHES_PER_STEP: usize = 2;
/// Most records of a batch that is loaded: each has a time of its own.
const LOAD_BATCH: u64 = 16384;

/// One worker's part of the words.
pub struct WordSource<I: Key> {
    input: Option<Input<I>>,
    schedule: Schedule,
    generator: WordGenerator,
    domain: u64,
    peers: u64,
    load_next: u64,
    load_time: Timestamp,
    next: u64,
    sent: u64,
    batch: Vec<I>,
}

impl<I: Key> WordSource<I> {
    /// The part of worker `worker` of `peers`.
    pub fn new(
        input: Input<I>,
        schedule: Schedule,
        generator: WordGenerator,
        domain: u64,
        worker: usize,
        peers: usize,
    ) -> Self {
        Self {
            input: Some(input),
            schedule,
            generator,
            domain,
            peers: peers as u64,
            load_next: worker as u64,
            load_time: 0,
            next: worker as u64,
            sent: 0,
            batch: Vec::new(),
        }
    }

    /// Sends the next words before `due`.
    fn send_due(&mut self, due: u64) {
        let Some(input) = &mut self.input else { return };
        for _ in 0..BATCHES_PER_STEP {
            if self.next >= due {
                return;
            }
            let count = (due - self.next).div_ceil(self.peers).min(BATCH);
            self.generator.fill(&mut self.batch, self.next, self.peers, count as usize);
            input.advance_to(FIRST_TICK + self.schedule.intended_tick(self.next));
            input.send_batch(&mut self.batch);
            self.batch.clear();
            self.next += count * self.peers;
            self.sent += count;
        }
    }

    fn load(&mut self) {
        let Some(input) = &mut self.input else { return };
        for _ in 0..BATCHES_PER_STEP {
            if self.load_next >= self.domain {
                return;
            }
            assert!(self.load_time < FIRST_REHEARSAL, "more batches to load than there are times");
            let count = (self.domain - self.load_next).div_ceil(self.peers).min(LOAD_BATCH);
            let keys = (0..count).map(|i| I::from_key(self.load_next + i * self.peers));
            self.batch.extend(keys);
            input.advance_to(self.load_time);
            input.send_batch(&mut self.batch);
            self.batch.clear();
            self.load_next += count * self.peers;
            self.load_time += 1;
        }
    }
}

impl<I: Key> Source for WordSource<I> {
    fn step(&mut self, now: Timestamp, paused: bool) -> Timestamp {
        if !self.loaded() {
            if !paused {
                self.load();
            }
        } else if !paused && now >= FIRST_TICK {
            // Ticks that are over: a record never leaves before its intended time, which lies anywhere within its tick.
            self.send_due(self.schedule.due_before(now - FIRST_TICK));
        }
        let bound = if !self.loaded() {
            self.load_time
        } else if self.next < self.schedule.total {
            FIRST_TICK + self.schedule.intended_tick(self.next)
        } else {
            CLOSED
        };
        match &mut self.input {
            Some(input) if bound < CLOSED => input.advance_to(bound),
            _ => self.input = None,
        }
        bound
    }

    fn sent(&self) -> u64 {
        self.sent
    }

    fn loaded(&self) -> bool {
        self.load_next >= self.domain
    }
}
