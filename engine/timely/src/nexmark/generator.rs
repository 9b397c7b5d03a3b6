//! The NEXMark input: event n is a person, an auction or a bid, and a pure function of the parameters, the seed and n; the same to the
//! bit as in the TypeScript engine (`workloads/nexmark/generator.ts`).

use super::parameters::Parameters;
use super::price::price_of;
use super::records::{Auction, Bid, Person};
use crate::input::random::RandomDraws;

const TWO_POW_32: f64 = 4_294_967_296.0;

/// Draws by what they decide; an event is of one kind, so kinds share them.
mod draw {
    pub const HOT_AUCTION: usize = 0;
    pub const AUCTION: usize = 1;
    pub const HOT_BIDDER: usize = 2;
    pub const BIDDER: usize = 3;
    pub const BID_PRICE: usize = 4;
    pub const HOT_SELLER: usize = 0;
    pub const SELLER: usize = 1;
    pub const CATEGORY: usize = 2;
    pub const INITIAL_BID: usize = 3;
    pub const RESERVE: usize = 4;
    pub const OPEN_HIGH: usize = 5;
    pub const OPEN_LOW: usize = 6;
    pub const NAME: usize = 0;
    pub const CITY: usize = 1;
    pub const STATE: usize = 2;
    pub const COUNT: usize = 7;
}

/// Sizes of the dictionaries.
const NAMES: u64 = 99;
const CITIES: u64 = 10;
const STATES: u64 = 6;

/// Takes the events of each kind.
pub trait Events {
    /// Takes a person.
    fn person(&mut self, person: Person);
    /// Takes an auction.
    fn auction(&mut self, auction: Auction);
    /// Takes a bid.
    fn bid(&mut self, bid: Bid);
}

/// What the bids of one cycle have in common.
struct BidCycle {
    auction_from: u64,
    auction_scale: f64,
    hot_auction: u64,
    bidder_from: u64,
    bidder_scale: f64,
    hot_bidder: u64,
}

/// Makes events by number.
#[derive(Clone, Debug)]
pub struct Generator {
    parameters: Parameters,
    random: RandomDraws<{ draw::COUNT }>,
    first_bid: u64,
    cycle: u64,
    micros_per_second: f64,
    open_us: f64,
    hot_auction_scale: f64,
    hot_bidder_scale: f64,
}

impl Generator {
    /// Makes a generator.
    pub fn new(parameters: Parameters, seed: u64) -> Self {
        let first_bid = parameters.person_proportion + parameters.auction_proportion;
        Self {
            random: RandomDraws::new(seed),
            first_bid,
            cycle: first_bid + parameters.bid_proportion,
            micros_per_second: 1e6 * parameters.time_dilation,
            open_us: (2 * parameters.in_flight_auctions) as f64 * parameters.micros_per_auction(),
            hot_auction_scale: parameters.hot_auction_ratio as f64 / TWO_POW_32,
            hot_bidder_scale: parameters.hot_bidder_ratio as f64 / TWO_POW_32,
            parameters,
        }
    }

    /// Hands the events `n`, `n + stride` and so on below `end` to `events`.
    pub fn fill(&mut self, n: u64, stride: u64, end: u64, events: &mut impl Events) {
        let mut n = n;
        while n < end {
            let start = n / self.cycle * self.cycle;
            let offset = n - start;
            if offset >= self.first_bid {
                let until = end.min(start + self.cycle);
                let cycle = self.bid_cycle(n);
                while n < until {
                    self.random.move_to(n);
                    events.bid(self.bid(n, &cycle));
                    n += stride;
                }
            } else {
                if offset < self.parameters.person_proportion {
                    events.person(self.person(n));
                } else {
                    events.auction(self.auction(n));
                }
                n += stride;
            }
        }
    }

    fn date_time(&self, n: u64) -> u64 {
        ((n as f64 * self.micros_per_second) / self.parameters.rate_per_second) as u64
    }

    fn persons_up_to(&self, n: u64) -> u64 {
        let cycle = n / self.cycle;
        let offset = n - cycle * self.cycle;
        let proportion = self.parameters.person_proportion;
        cycle * proportion + (offset + 1).min(proportion)
    }

    fn auctions_up_to(&self, n: u64) -> u64 {
        let cycle = n / self.cycle;
        let offset = n - cycle * self.cycle;
        let of_this_cycle = (offset + 1).saturating_sub(self.parameters.person_proportion);
        cycle * self.parameters.auction_proportion + of_this_cycle.min(self.parameters.auction_proportion)
    }

    fn person(&mut self, n: u64) -> Person {
        self.random.move_to(n);
        Person {
            id: self.parameters.first_person_id + self.persons_up_to(n) - 1,
            name: self.below(n, draw::NAME, NAMES) as u32,
            city: self.below(n, draw::CITY, CITIES) as u32,
            state: self.below(n, draw::STATE, STATES) as u32,
            date_time: self.date_time(n),
        }
    }

    fn auction(&mut self, n: u64) -> Auction {
        self.random.move_to(n);
        let p = &self.parameters;
        let persons = self.persons_up_to(n);
        let active = persons.min(p.active_people);
        let is_hot = self.below(n, draw::HOT_SELLER, p.hot_seller_ratio) > 0;
        let date_time = self.date_time(n);
        let initial_bid = price_of(self.random.word(n, draw::INITIAL_BID));
        let high = u64::from(self.random.word(n, draw::OPEN_HIGH) >> 5);
        let low = u64::from(self.random.word(n, draw::OPEN_LOW) >> 6);
        let unit = ((high << 26) + low) as f64 * (1.0 / 9_007_199_254_740_992.0);
        Auction {
            id: p.first_auction_id + self.auctions_up_to(n) - 1,
            seller: if is_hot {
                hot_id(p.first_person_id, persons, p.hot_block)
            } else {
                p.first_person_id + persons - active + self.below(n, draw::SELLER, active + p.id_lead)
            },
            category: (p.first_category + self.below(n, draw::CATEGORY, p.categories)) as u32,
            initial_bid,
            reserve: initial_bid + price_of(self.random.word(n, draw::RESERVE)),
            date_time,
            expires: date_time + 1 + (unit * self.open_us) as u64,
        }
    }

    fn bid_cycle(&self, n: u64) -> BidCycle {
        let p = &self.parameters;
        // Bids come last in their cycle: its persons and auctions all exist.
        let cycles = n / self.cycle + 1;
        let persons = cycles * p.person_proportion;
        let active = persons.min(p.active_people);
        let auctions = cycles * p.auction_proportion;
        let in_flight = auctions.min(p.in_flight_auctions);
        BidCycle {
            auction_from: p.first_auction_id + auctions - in_flight,
            auction_scale: (in_flight + p.id_lead) as f64 / TWO_POW_32,
            hot_auction: hot_id(p.first_auction_id, auctions, p.hot_block),
            bidder_from: p.first_person_id + persons - active,
            bidder_scale: (active + p.id_lead) as f64 / TWO_POW_32,
            hot_bidder: hot_id(p.first_person_id, persons, p.hot_block) + 1,
        }
    }

    #[inline(always)]
    fn bid(&self, n: u64, cycle: &BidCycle) -> Bid {
        let random = &self.random;
        let cold_auction = cycle.auction_from + scaled(random.word(n, draw::AUCTION), cycle.auction_scale);
        let cold_bidder = cycle.bidder_from + scaled(random.word(n, draw::BIDDER), cycle.bidder_scale);
        let is_hot_auction = scaled(random.word(n, draw::HOT_AUCTION), self.hot_auction_scale) > 0;
        let is_hot_bidder = scaled(random.word(n, draw::HOT_BIDDER), self.hot_bidder_scale) > 0;
        Bid {
            auction: if is_hot_auction { cycle.hot_auction } else { cold_auction },
            bidder: if is_hot_bidder { cycle.hot_bidder } else { cold_bidder },
            price: price_of(random.word(n, draw::BID_PRICE)),
            date_time: self.date_time(n),
        }
    }

    /// An integer below `bound`, which is at most 2^32.
    fn below(&self, n: u64, draw: usize, bound: u64) -> u64 {
        scaled(self.random.word(n, draw), bound as f64 / TWO_POW_32)
    }
}

#[inline(always)]
fn scaled(word: u32, scale: f64) -> u64 {
    (f64::from(word) * scale) as u64
}

/// The first id of the latest block, when `count` ids from `first` on exist.
fn hot_id(first: u64, count: u64, block: u64) -> u64 {
    first + (count - 1) / block * block
}
