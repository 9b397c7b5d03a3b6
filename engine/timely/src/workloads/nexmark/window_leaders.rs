//! Which auctions lead the sliding windows of query 5, as far as one worker has reported.
//!
//! Counts only rise, so an auction that does not lead a window among those reported before need not be reported for it. This is a filter,
//! not state: what it has forgotten is reported once more, which changes no result.

/// A window's end (0 when there is none), its leader, and the leader's bids.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    end: u64,
    auction: u64,
    bids: u64,
}

/// The leading auction of each of the latest windows. A window is named by its end, a slice by its start, in slides.
#[derive(Debug)]
pub struct WindowLeaders {
    slices: u64,
    /// By end modulo the length.
    windows: Vec<Window>,
    /// What `least` has found out, for one slice.
    least: Option<(u64, u64)>,
}

impl WindowLeaders {
    /// Knows no leader; a window has `slices` slices.
    pub fn new(slices: u64) -> Self {
        Self {
            slices,
            // Twice the windows that share a slice: events that come out of order seldom forget one another's windows.
            windows: vec![Window::default(); 2 * slices as usize],
            least: None,
        }
    }

    /// The fewest bids that lead any of the windows with the slice: an auction with fewer leads none of them.
    #[inline]
    pub fn least(&mut self, slice: u64) -> u64 {
        match self.least {
            Some((known, least)) if known == slice => least,
            _ => self.find_least(slice),
        }
    }

    /// Whether an auction with `bids` bids leads the window that ends at `end`; if so it is the leader from now on.
    pub fn raise(&mut self, end: u64, auction: u64, bids: u64) -> bool {
        let length = self.windows.len() as u64;
        let window = &mut self.windows[(end % length) as usize];
        if window.end == end {
            if bids < window.bids || (bids == window.bids && auction >= window.auction) {
                return false;
            }
        } else if window.end > end {
            return true;
        }
        *window = Window { end, auction, bids };
        self.least = None;
        true
    }

    fn find_least(&mut self, slice: u64) -> u64 {
        let length = self.windows.len() as u64;
        let bids = (slice + 1..=slice + self.slices).map(|end| {
            let window = &self.windows[(end % length) as usize];
            if window.end == end { window.bids } else { 0 }
        });
        let least = bids.min().unwrap_or(0);
        self.least = Some((slice, least));
        least
    }
}
