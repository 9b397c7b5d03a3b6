//! Logical time: a timestamp is a whole number of ticks. The ticks before `FIRST_TICK` belong to loading and rehearsals; the clock of a
//! run starts at `FIRST_TICK`, at the start barrier.

/// A time in ticks.
pub type Timestamp = u64;

/// The empty frontier as a number: nothing can arrive any more.
pub const CLOSED: Timestamp = (1 << 31) - 1;

/// The last time that a record can carry.
pub const MAX_TIMESTAMP: Timestamp = CLOSED - 1;

/// The tick of the start barrier.
pub const FIRST_TICK: Timestamp = 1 << 24;

/// The times from here to `FIRST_TICK` belong to rehearsals of migrations; what is loaded carries earlier ones.
pub const FIRST_REHEARSAL: Timestamp = FIRST_TICK - (1 << 20);
