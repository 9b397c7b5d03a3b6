/**
 * A workload of one's own: customers collect stamps, and every full card is a result. Copy it to wherever you like; a config beside it
 * says `workload: { name: ./stamp-cards.ts, domain: 1e6 }`.
 *
 * Outputs are compared as a multiset, so they must be a function of the input alone: neither of how batches were cut, nor of which of two
 * records with one key came first.
 */
import { Schema, scheduledSource, type Scope } from 'megaphone-engine';
import { HashTable } from 'megaphone-engine/migration';
import {
  type KeyedUnary,
  megaphoneUnary,
  nativeUnary,
  RandomDraws,
  type Workload,
  type WorkloadInput,
} from 'megaphone/workload';

const purchases = new Schema({ customer: 'int32' });
const cards = new Schema({ customer: 'int32', card: 'float64' });

/** The customer of purchase n, a pure function of seed and n, so that any worker can make any record. */
function customers({ seed, domain }: WorkloadInput): (n: number) => number {
  const draws = new RandomDraws(seed, 1);
  return (n) => {
    draws.moveTo(Math.floor(n / 2 ** 32));
    return Math.floor((draws.word(n, 0) / 2 ** 32) * domain);
  };
}

/** The input: every customer has bought once before the clock starts; then the schedule decides when record n is due. */
function shop(scope: Scope, input: WorkloadInput) {
  const customerOf = customers(input);
  const recordsBy = (keyOf: (n: number) => number) => ({
    fill(columns: { readonly customer: Int32Array }, row: number, n: number, stride: number, count: number): void {
      for (let i = 0; i < count; i++) columns.customer[row + i] = keyOf(n + i * stride);
    },
  });
  return scheduledSource(scope, 'purchases', purchases, {
    schedule: input.schedule,
    records: recordsBy(customerOf),
    load: { total: input.domain, records: recordsBy((n) => n) },
  });
}

/** The operator, for both variants: a number per customer, in bins that can move. */
function stamping(stampsPerCard: number) {
  return {
    name: 'stamp-cards',
    state: (bins) => ({ stamps: new HashTable(bins, 1) }),
    output: cards,
    kernel: ({ state: { stamps }, output }) => ({
      onRecords({ columns, length }): void {
        for (let row = 0; row < length; row++) {
          const customer = columns.customer[row]!;
          const count = stamps.add(customer, 1);
          if (count % stampsPerCard !== 0) continue;
          const out = output.append();
          output.columns.customer[out] = customer;
          output.columns.card[out] = count / stampsPerCard;
        }
      },
    }),
  } satisfies KeyedUnary<{ customer: 'int32' }, { stamps: HashTable }, { customer: 'int32'; card: 'float64' }>;
}

const workload: Workload = {
  description: {
    summary: 'customers collect stamps; a result per full card',
    hasDomain: true,
    parameters: {
      stampsPerCard: { summary: 'purchases that fill a card', default: 10, minimum: 1, maximum: 1000, whole: true },
    },
    // A row of a hash table has 16 bytes; with unused rows, and the tables that it grew out of, it takes five times that.
    stateBytes: ({ domain }) => 80 * domain,
    loadedRecords: ({ domain }) => domain,
  },
  native(scope, input) {
    const { stream, source } = shop(scope, input);
    const operator = stamping(input.parameters['stampsPerCard']!);
    return { results: nativeUnary(stream, 'customer', operator), source, migratables: [] };
  },
  megaphone(scope, input, control) {
    const { stream, source } = shop(scope, input);
    const full = megaphoneUnary(stream, 'customer', control, stamping(input.parameters['stampsPerCard']!));
    return { results: full.stream, source, migratables: [full] };
  },
  oracle(input, result) {
    const customerOf = customers(input);
    const stamps = new Map<number, number>();
    const buy = (customer: number): void => {
      const count = (stamps.get(customer) ?? 0) + 1;
      stamps.set(customer, count);
      const stampsPerCard = input.parameters['stampsPerCard']!;
      if (count % stampsPerCard === 0) result([customer, count / stampsPerCard]);
    };
    for (let customer = 0; customer < input.domain; customer++) buy(customer);
    for (let n = 0; n < input.schedule.total; n++) buy(customerOf(n));
  },
};

export default workload;
