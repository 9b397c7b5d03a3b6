//! The NEXMark input: persons, auctions and bids of an online auction house.

pub mod event_time;
pub mod generator;
pub mod parameters;
pub mod price;
pub mod records;
