//! The constants of NEXMark, as the run specification gives them: what the generator draws, and the queries' lengths and filters.

use std::collections::BTreeMap;

/// Everything that input and queries depend on, apart from the seed. Names and units are those of the TypeScript engine.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Events per second of the schedule.
    pub rate_per_second: f64,
    /// How many times faster event time runs than the schedule.
    pub time_dilation: f64,
    /// Persons in each cycle.
    pub person_proportion: u64,
    /// Auctions in each cycle.
    pub auction_proportion: u64,
    /// Bids in each cycle.
    pub bid_proportion: u64,
    /// Id of the first person.
    pub first_person_id: u64,
    /// Id of the first auction.
    pub first_auction_id: u64,
    /// Lowest category.
    pub first_category: u64,
    /// Number of categories.
    pub categories: u64,
    /// Of this many auctions, all but one are opened by the hot seller.
    pub hot_seller_ratio: u64,
    /// Of this many bids, all but one go to the hot auction.
    pub hot_auction_ratio: u64,
    /// Of this many bids, all but one are made by the hot bidder.
    pub hot_bidder_ratio: u64,
    /// Persons (or auctions) after which the hot ids change.
    pub hot_block: u64,
    /// Latest persons, from whom those that are not hot are drawn.
    pub active_people: u64,
    /// Latest auctions, from which those that are not hot are drawn.
    pub in_flight_auctions: u64,
    /// How far drawn ids may be ahead of the latest.
    pub id_lead: u64,
    /// Queries 4 and 6 close auctions at the multiples of this, in ticks.
    pub closing_step_ticks: u64,
    /// Query 2 keeps bids whose auction is a multiple of this.
    pub q2_modulus: u64,
    /// Query 3 keeps auctions of this category.
    pub q3_category: u64,
    /// Length of query 5's window, microseconds of event time.
    pub q5_window_us: u64,
    /// Slide of query 5.
    pub q5_slide_us: u64,
    /// Latest closed auctions of a seller that query 6 averages.
    pub q6_closings: u64,
    /// Length of query 7's window.
    pub q7_window_us: u64,
    /// Length of query 8's window.
    pub q8_window_us: u64,
}

impl Parameters {
    /// The parameters by their names; all of them have to be given.
    ///
    /// # Errors
    /// Names the first that is missing.
    pub fn new(rate_per_second: f64, given: &BTreeMap<String, f64>) -> Result<Self, String> {
        let number = |name: &str| {
            given.get(name).copied().ok_or_else(|| format!("workload.parameters.{name} is missing; expected a number"))
        };
        let whole = |name: &str| number(name).map(|value| value as u64);
        Ok(Self {
            rate_per_second,
            time_dilation: number("timeDilation")?,
            person_proportion: whole("personProportion")?,
            auction_proportion: whole("auctionProportion")?,
            bid_proportion: whole("bidProportion")?,
            first_person_id: whole("firstPersonId")?,
            first_auction_id: whole("firstAuctionId")?,
            first_category: whole("firstCategory")?,
            categories: whole("categories")?,
            hot_seller_ratio: whole("hotSellerRatio")?,
            hot_auction_ratio: whole("hotAuctionRatio")?,
            hot_bidder_ratio: whole("hotBidderRatio")?,
            hot_block: whole("hotBlock")?,
            active_people: whole("activePeople")?,
            in_flight_auctions: whole("inFlightAuctions")?,
            id_lead: whole("idLead")?,
            closing_step_ticks: whole("closingStepTicks")?,
            q2_modulus: whole("q2Modulus")?,
            q3_category: whole("q3Category")?,
            q5_window_us: whole("q5WindowUs")?,
            q5_slide_us: whole("q5SlideUs")?,
            q6_closings: whole("q6Closings")?,
            q7_window_us: whole("q7WindowUs")?,
            q8_window_us: whole("q8WindowUs")?,
        })
    }

    /// The mean event time between two auctions, in microseconds.
    pub fn micros_per_auction(&self) -> f64 {
        let cycle = (self.person_proportion + self.auction_proportion + self.bid_proportion) as f64;
        let events_per_auction = cycle / self.auction_proportion as f64;
        (events_per_auction * 1e6 * self.time_dilation) / self.rate_per_second
    }
}
