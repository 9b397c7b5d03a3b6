//! The events: times in microseconds of event time, prices in cents, texts as codes of dictionaries.

use serde::{Deserialize, Serialize};

/// A person registers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Unique id.
    pub id: u64,
    /// Time of registration.
    pub date_time: u64,
    /// Code of the name.
    pub name: u32,
    /// Code of the city.
    pub city: u32,
    /// Code of the state.
    pub state: u32,
}

/// An auction opens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Auction {
    /// Unique id.
    pub id: u64,
    /// Id of a person, who may register later, or never.
    pub seller: u64,
    /// Time at which it opens.
    pub date_time: u64,
    /// Time at which it closes.
    pub expires: u64,
    /// The category.
    pub category: u32,
    /// The lowest price asked for.
    pub initial_bid: u32,
    /// The lowest price that wins.
    pub reserve: u32,
}

/// A person bids.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bid {
    /// Id of the auction, which may be closed, may open later, or never.
    pub auction: u64,
    /// Id of the person who bids.
    pub bidder: u64,
    /// Time of the bid.
    pub date_time: u64,
    /// The price, from 100 to 10^8.
    pub price: u32,
}
