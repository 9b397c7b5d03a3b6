/** What the NEXMark queries are: the parameters of generator and queries with their bounds, and the memory of each query. */
import type { ParameterDescription, StateInput, WorkloadDescription } from '../workload.ts';
import type { NexmarkQuery } from './oracle/oracle.ts';
import { defaultNexmarkParameters, LONGEST_TICK_US } from './parameters.ts';

/** What each parameter does, and its unit; every parameter of the workload has to be here. */
const SUMMARIES: Readonly<Record<keyof typeof defaultNexmarkParameters, string>> = {
  timeDilation: 'how many times faster event time runs than the schedule',
  personProportion: 'persons in each cycle of events',
  auctionProportion: 'auctions in each cycle of events',
  bidProportion: 'bids in each cycle of events',
  firstPersonId: 'id of the first person',
  firstAuctionId: 'id of the first auction',
  firstCategory: 'lowest category',
  categories: 'number of categories',
  hotSellerRatio: 'of this many auctions, all but one are opened by the hot seller',
  hotAuctionRatio: 'of this many bids, all but one go to the hot auction',
  hotBidderRatio: 'of this many bids, all but one are made by the hot bidder',
  hotBlock: 'persons (or auctions) after which the hot ids change',
  activePeople: 'latest persons, from whom sellers and bidders that are not hot are drawn',
  inFlightAuctions: 'auctions that are open at a time on average',
  idLead: 'how far drawn ids may be ahead of the latest',
  closingStepTicks: 'queries 4 and 6 close auctions at the multiples of this, in ticks',
  q2Modulus: 'query 2 keeps bids whose auction is a multiple of this',
  q3Category: 'query 3 keeps auctions of this category',
  q5WindowUs: 'length of the window of query 5, microseconds of event time',
  q5SlideUs: 'slide of query 5, microseconds of event time',
  q6Closings: 'latest closed auctions of a seller that query 6 averages',
  q7WindowUs: 'length of the window of query 7, microseconds of event time',
  q8WindowUs: 'length of the window of query 8, microseconds of event time',
};

/** Bounds where they differ from 1 .. 2^31. */
const BOUNDS: Readonly<
  Partial<Record<string, { readonly minimum?: number; readonly maximum?: number; readonly whole?: boolean }>>
> = {
  timeDilation: { minimum: 0.001, maximum: 1e6, whole: false },
  firstPersonId: { minimum: 0 },
  firstAuctionId: { minimum: 0 },
  firstCategory: { minimum: 0 },
  q3Category: { minimum: 0 },
  idLead: { minimum: 0 },
  hotBlock: { minimum: 2 },
  q5WindowUs: { maximum: 1e15 },
  q5SlideUs: { maximum: 1e15 },
  q7WindowUs: { maximum: 1e15 },
  q8WindowUs: { maximum: 1e15 },
};

const parameters: Readonly<Record<string, ParameterDescription>> = Object.fromEntries(
  Object.entries(SUMMARIES).map(([name, summary]) => [
    name,
    {
      summary,
      default: defaultNexmarkParameters[name as keyof typeof defaultNexmarkParameters],
      minimum: BOUNDS[name]?.minimum ?? 1,
      maximum: BOUNDS[name]?.maximum ?? 2 ** 31,
      whole: BOUNDS[name]?.whole ?? true,
    },
  ]),
);

/** Bytes of an entry of a few columns in a hash table, with its pending entry. */
const ENTRY_BYTES = 200;

/** Persons, auctions and bids of a whole run. */
function eventCounts({ parameters: p, ratePerSecond, durationS }: StateInput) {
  const cycle = p['personProportion']! + p['auctionProportion']! + p['bidProportion']!;
  const perProportion = (ratePerSecond * durationS) / cycle;
  return {
    persons: perProportion * p['personProportion']!,
    auctions: perProportion * p['auctionProportion']!,
    bids: perProportion * p['bidProportion']!,
  };
}

/** Share of the run's events that a window of event time holds, at most all. */
function windowShare({ parameters: p, durationS }: StateInput, windowUs: number): number {
  return Math.min(1, windowUs / (1e6 * p['timeDilation']! * durationS));
}

const openAuctions = (input: StateInput): number =>
  Math.min(eventCounts(input).auctions, 2 * input.parameters['inFlightAuctions']!);

const STATE: Readonly<Record<NexmarkQuery, readonly [summary: string, entries: (input: StateInput) => number]>> = {
  q1: ['currency conversion: bids in euro', () => 0],
  q2: ['selection: bids on some auctions', () => 0],
  q3: [
    'join of auctions of a category and persons of three states',
    (i) => eventCounts(i).persons / 2 + eventCounts(i).auctions / 5,
  ],
  q4: ['average price of the closed auctions per category', openAuctions],
  q5: [
    'hot items: the auctions with the most bids in a sliding window',
    (input) =>
      Math.min(
        eventCounts(input).bids,
        eventCounts(input).auctions * windowShare(input, input.parameters['q5WindowUs']!) * 4 + openAuctions(input),
      ),
  ],
  q6: ['average price of the last closed auctions per seller', (i) => openAuctions(i) + eventCounts(i).persons],
  q7: ['highest bid per window', () => 1000],
  q8: [
    'persons who opened an auction soon after registering',
    (input) => eventCounts(input).persons * windowShare(input, input.parameters['q8WindowUs']!),
  ],
};

function checkWindow(parameters: Readonly<Record<string, number>>): readonly [string, string] | undefined {
  const { q5WindowUs, q5SlideUs } = parameters;
  if (q5WindowUs! % q5SlideUs! === 0) return undefined;
  return ['q5SlideUs', `expected a divisor of q5WindowUs (${q5WindowUs}), found ${q5SlideUs}`];
}

/** Queries 4 and 6 alone: the event time of a tick. */
function checkTick(
  { timeDilation }: Readonly<Record<string, number>>,
  tickNs: number,
): readonly [string, string] | undefined {
  if ((timeDilation! * tickNs) / 1000 <= LONGEST_TICK_US) return undefined;
  const longest = Math.floor((1000 * LONGEST_TICK_US) / tickNs);
  return ['timeDilation', `expected at most ${longest} at ticks of ${tickNs} ns, found ${timeDilation}`];
}

/** What a query is. */
export function describeQuery(query: NexmarkQuery): WorkloadDescription {
  const [summary, entries] = STATE[query];
  const closesAuctions = query === 'q4' || query === 'q6';
  return {
    summary: `NEXMark query ${query.slice(1)}, ${summary}`,
    hasDomain: false,
    parameters,
    check: (given, tickNs) => checkWindow(given) ?? (closesAuctions ? checkTick(given, tickNs) : undefined),
    stateBytes: (input) => ENTRY_BYTES * entries(input),
    loadedRecords: () => 0,
  };
}
