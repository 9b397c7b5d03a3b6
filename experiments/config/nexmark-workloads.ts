/** What configs may say about the NEXMark queries: the parameters of generator and queries, and the memory of each query. */
import { defaultNexmarkParameters } from '../../workloads/nexmark/parameters.ts';
import type { ParameterDescription, StateInput, WorkloadDescription } from './workloads.ts';

/** What each parameter does, and its unit; every parameter of the workload has to be here. */
const SUMMARIES: Readonly<Record<keyof typeof defaultNexmarkParameters, string>> = {
  timeDilation: 'event time runs so many times faster than the schedule',
  personProportion: 'persons in each cycle of events',
  auctionProportion: 'auctions in each cycle of events',
  bidProportion: 'bids in each cycle of events',
  firstPersonId: 'id of the first person',
  firstAuctionId: 'id of the first auction',
  firstCategory: 'lowest category',
  categories: 'number of categories',
  hotSellerRatio: 'all but one of so many auctions are opened by the hot seller',
  hotAuctionRatio: 'all but one of so many bids go to the hot auction',
  hotBidderRatio: 'all but one of so many bids are made by the hot bidder',
  hotBlock: 'the hot ids change when so many more persons (or auctions) exist',
  activePeople: 'sellers and bidders that are not hot are drawn from so many latest persons',
  inFlightAuctions: 'auctions that are open at a time on average',
  idLead: 'drawn ids may be ahead of the latest by up to so many',
  closingStepTicks: 'queries 4 and 6 close auctions at the multiples of so many ticks',
  q2Modulus: 'query 2 keeps bids whose auction is a multiple of this',
  q3Category: 'query 3 keeps auctions of this category',
  q5WindowUs: 'length of the window of query 5, microseconds of event time',
  q5SlideUs: 'slide of query 5, microseconds of event time',
  q6Closings: 'query 6 averages so many closed auctions of a seller',
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

const STATE: Readonly<Record<string, readonly [summary: string, entries: (input: StateInput) => number]>> = {
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

function checkWindow({
  q5WindowUs,
  q5SlideUs,
}: Readonly<Record<string, number>>): readonly [string, string] | undefined {
  if (q5WindowUs! % q5SlideUs! === 0) return undefined;
  return ['q5SlideUs', `expected a divisor of q5WindowUs (${q5WindowUs}), found ${q5SlideUs}`];
}

/** The queries by name. */
export const NEXMARK_WORKLOADS: Readonly<Record<string, WorkloadDescription>> = Object.fromEntries(
  Object.entries(STATE).map(([name, [summary, entries]]) => [
    name,
    {
      summary: `NEXMark query ${name.slice(1)}, ${summary}`,
      hasDomain: false,
      parameters,
      check: checkWindow,
      stateBytes: (input: StateInput) => ENTRY_BYTES * entries(input),
      loadedRecords: () => 0,
    },
  ]),
);
