//! Query 3, incremental join: who sells in a category and lives in one of three states; a row per auction, once it and its seller have
//! arrived, in whichever order.

use timely::dataflow::operators::vec::Filter;

use crate::megaphone::binning::Hashed;
use crate::megaphone::kernel::{Context, Kernel};
use crate::megaphone::state::Table;
use crate::nexmark::records::{Auction, Person};
use crate::time::Timestamp;
use crate::workloads::{Builder, Stream};

/// The codes of CA, ID and OR.
const STATES: [u32; 3] = [1, 2, 3];

/// Time, name, city, state, auction.
type Row = [f64; 5];

/// Name, city, state, and when the seller registered.
type Seller = [u64; 4];
/// Number of an auction, and when it opened.
type Waiting = [u64; 2];

struct Join;

fn row(seller: &Seller, [auction, opened]: Waiting) -> Row {
    let [name, city, state, registered] = *seller;
    [opened.max(registered), name, city, state, auction].map(|number| number as f64)
}

impl Kernel for Join {
    type Left = Person;
    type Right = Auction;
    type Bin = (Table<Seller>, Table<Vec<Waiting>>);
    type Binning = Hashed;
    type Output = Row;

    fn left_key(person: &Person) -> u64 {
        person.id
    }

    fn right_key(auction: &Auction) -> u64 {
        auction.seller
    }

    fn left(&mut self, persons: &[Person], _time: Timestamp, context: Context<Self>) {
        for person in persons {
            let (sellers, waiting) = context.bins.of(person.id);
            let codes = [person.name, person.city, person.state].map(u64::from);
            let seller = [codes[0], codes[1], codes[2], person.date_time];
            sellers.insert(person.id, seller);
            let auctions = waiting.remove(&person.id).unwrap_or_default();
            context.output.extend(auctions.into_iter().map(|auction| row(&seller, auction)));
        }
    }

    fn right(&mut self, auctions: &[Auction], _time: Timestamp, context: Context<Self>) {
        for auction in auctions {
            let (sellers, waiting) = context.bins.of(auction.seller);
            let opened = [auction.id, auction.date_time];
            match sellers.get(&auction.seller) {
                Some(seller) => context.output.push(row(seller, opened)),
                None => waiting.entry(auction.seller).or_default().push(opened),
            }
        }
    }
}

/// Builds the query.
pub fn build<'scope>(
    builder: &mut Builder<'_, 'scope>,
    persons: Stream<'scope, Person>,
    auctions: Stream<'scope, Auction>,
    category: u64,
) {
    let persons = persons.filter(|person| STATES.contains(&person.state));
    let auctions = auctions.filter(move |auction| u64::from(auction.category) == category);
    let joined = builder.binary(persons, auctions, Join);
    builder.finish(joined);
}
