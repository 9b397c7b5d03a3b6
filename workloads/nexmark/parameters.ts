/**
 * The constants of NEXMark as parameters: what the generator draws (paper section 5.1 and the constants of the public
 * generators) and the lengths and filters of the queries. All are numbers, so that a config file can set them by name.
 *
 * Event time is a count of whole microseconds since event 0; it runs `timeDilation` times faster than the schedule.
 */

/** Everything that the input and the queries depend on, apart from the seed. */
export interface NexmarkParameters {
  /** Events per second of the schedule, over all workers; positive. */
  readonly ratePerSecond: number;
  /** How many times faster event time runs than the schedule; positive. */
  readonly timeDilation: number;
  /** Persons in each cycle of persons, auctions and bids. */
  readonly personProportion: number;
  /** Auctions in each cycle; they follow the cycle's persons. */
  readonly auctionProportion: number;
  /** Bids in each cycle; they follow the cycle's auctions. */
  readonly bidProportion: number;
  /** Id of the first person. */
  readonly firstPersonId: number;
  /** Id of the first auction. */
  readonly firstAuctionId: number;
  /** Lowest category. */
  readonly firstCategory: number;
  /** Number of categories. */
  readonly categories: number;
  /** Of this many auctions, all but one are opened by the hot seller. */
  readonly hotSellerRatio: number;
  /** Of this many bids, all but one go to the hot auction. */
  readonly hotAuctionRatio: number;
  /** Of this many bids, all but one are made by the hot bidder. */
  readonly hotBidderRatio: number;
  /** Persons (or auctions) after which the hot ids change; at least 2. */
  readonly hotBlock: number;
  /** Latest persons, from whom sellers and bidders that are not hot are drawn. */
  readonly activePeople: number;
  /**
   * Latest auctions, from which those that are not hot are drawn; an auction is open on average for the time that it takes to generate
   * as many others.
   */
  readonly inFlightAuctions: number;
  /** How far drawn ids may be ahead of the latest existing id. */
  readonly idLead: number;
  /** Queries 4 and 6 close auctions at the multiples of this, in ticks: each timestamp needs a batch of its own. */
  readonly closingStepTicks: number;
  /** Query 2 keeps bids whose auction id is a multiple of this. */
  readonly q2Modulus: number;
  /** Query 3 keeps auctions of this category. */
  readonly q3Category: number;
  /** Length of query 5's window, in microseconds of event time; a multiple of the slide. */
  readonly q5WindowUs: number;
  /** Distance of query 5's window ends, in microseconds of event time. */
  readonly q5SlideUs: number;
  /** Latest closed auctions of a seller that query 6 averages. */
  readonly q6Closings: number;
  /** Length of query 7's window, in microseconds of event time. */
  readonly q7WindowUs: number;
  /** How long after registering query 8 still looks at a person's auctions, in microseconds of event time. */
  readonly q8WindowUs: number;
}

/** The parameters' defaults; the rate has none, since it belongs to the run. */
export const defaultNexmarkParameters: Omit<NexmarkParameters, 'ratePerSecond'> = {
  timeDilation: 1,
  personProportion: 1,
  auctionProportion: 3,
  bidProportion: 46,
  firstPersonId: 1000,
  firstAuctionId: 1000,
  firstCategory: 10,
  categories: 5,
  hotSellerRatio: 4,
  hotAuctionRatio: 2,
  hotBidderRatio: 4,
  hotBlock: 100,
  activePeople: 1000,
  inFlightAuctions: 100,
  idLead: 10,
  closingStepTicks: 256,
  q2Modulus: 123,
  q3Category: 10,
  q5WindowUs: 60e6,
  q5SlideUs: 1e6,
  q6Closings: 10,
  q7WindowUs: 10e6,
  q8WindowUs: 12 * 3600e6,
};

/**
 * Queries 4 and 6 keep a bid that waits for its auction as one number: of its 53 bits, the price takes 27, and the rest tells apart
 * this many event times (in microseconds) of one timestamp.
 */
export const EVENT_TIMES_PER_TIMESTAMP = 2 ** 26;

/** The most event time that may pass in a tick of queries 4 and 6, in microseconds (`EventTime.earliestAt` is up to three off). */
export const LONGEST_TICK_US = EVENT_TIMES_PER_TIMESTAMP - 3;

/** The lowest value of the parameters that may be below 1. */
const lowest: Readonly<Partial<Record<string, number>>> = {
  firstPersonId: 0,
  firstAuctionId: 0,
  firstCategory: 0,
  q3Category: 0,
  idLead: 0,
  hotBlock: 2,
};

/** A NEXMark parameter that does not exist or whose value makes no sense. */
export class NexmarkParameterError extends Error {
  override readonly name = 'NexmarkParameterError';
}

/**
 * Completes parameters given by name with the defaults, and checks them.
 * @param ratePerSecond events per second over all workers
 * @param given the parameters that differ from the defaults, by name
 * @returns all parameters
 * @throws {NexmarkParameterError} when a name is unknown or a value is out of its range
 */
export function resolveNexmarkParameters(
  ratePerSecond: number,
  given: Readonly<Record<string, number>> = {},
): NexmarkParameters {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaultNexmarkParameters, name)) {
      const known = Object.keys(defaultNexmarkParameters).join(', ');
      throw new NexmarkParameterError(`unknown NEXMark parameter ${name}, expected one of ${known}`);
    }
  }
  const parameters: NexmarkParameters = { ...defaultNexmarkParameters, ...given, ratePerSecond };
  check(parameters);
  return parameters;
}

/**
 * The mean event time between two auctions.
 * @param parameters the parameters of the input
 * @returns microseconds of event time, not rounded
 */
export function microsPerAuction(parameters: NexmarkParameters): number {
  const { personProportion, auctionProportion, bidProportion, timeDilation, ratePerSecond } = parameters;
  const eventsPerAuction = (personProportion + auctionProportion + bidProportion) / auctionProportion;
  return (eventsPerAuction * 1e6 * timeDilation) / ratePerSecond;
}

function check(parameters: NexmarkParameters): void {
  for (const [name, value] of Object.entries(parameters) as [string, number][]) {
    if (name === 'ratePerSecond' || name === 'timeDilation') {
      if (value > 0 && value < Infinity) continue;
      throw new NexmarkParameterError(`NEXMark parameter ${name} is ${value}, expected a positive number`);
    }
    const least = lowest[name] ?? 1;
    const most = name.endsWith('Us') ? Number.MAX_SAFE_INTEGER : 2 ** 31;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new NexmarkParameterError(
        `NEXMark parameter ${name} is ${value}, expected an integer from ${least} to ${most}`,
      );
    }
  }
  if (parameters.q5WindowUs % parameters.q5SlideUs !== 0) {
    throw new NexmarkParameterError(
      `NEXMark parameter q5WindowUs is ${parameters.q5WindowUs}, expected a multiple of q5SlideUs (${parameters.q5SlideUs})`,
    );
  }
}
