/** The join of query 3: sellers, and auctions that wait for their seller, whichever of the two comes first. */
import { filter, type Stream } from 'megaphone-engine';
import { HashTable, Multimap } from 'megaphone-engine/migration';

import type { NexmarkParameters } from '../parameters.ts';
import type { Auctions, NexmarkStreams, Persons } from '../schemas.ts';
import { query3States } from '../vocabulary.ts';
import type { KeyedBinary } from '../../keyed-operator.ts';
import { type Q3Rows, q3Schema } from './rows.ts';

/** Columns of the sellers. */
const [NAME, CITY, STATE, REGISTERED] = [0, 1, 2, 3] as const;
/** Columns of the waiting auctions. */
const [AUCTION, OPENED] = [0, 1] as const;

/** The persons who live in one of the states, and the auctions of the category. */
export function q3Inputs(
  { persons, auctions }: NexmarkStreams,
  { q3Category }: NexmarkParameters,
): readonly [Stream<Persons>, Stream<Auctions>] {
  return [
    filter(persons, ({ state }, row) => query3States.includes(state[row]!)),
    filter(auctions, ({ category }, row) => category[row] === q3Category),
  ];
}

type State = Readonly<{ sellers: HashTable; waiting: Multimap }>;

/** A row per auction, once it and its seller have arrived; keyed by the seller. */
export const q3Join: KeyedBinary<Persons, Auctions, State, Q3Rows> = {
  name: 'q3',
  state: (bins) => ({ sellers: new HashTable(bins, 4), waiting: new Multimap(bins, 2) }),
  output: q3Schema,
  kernel({ state, output }) {
    const { sellers, waiting } = state;
    const emit = (seller: number, auction: number, opened: number): void => {
      const out = output.append();
      output.columns.timeUs[out] = Math.max(opened, sellers.get(seller, REGISTERED));
      output.columns.name[out] = sellers.get(seller, NAME);
      output.columns.city[out] = sellers.get(seller, CITY);
      output.columns.state[out] = sellers.get(seller, STATE);
      output.columns.auction[out] = auction;
    };
    return {
      onLeft({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const id = columns.id[i]!;
          const seller = sellers.insert(id);
          sellers.set(seller, NAME, columns.name[i]!);
          sellers.set(seller, CITY, columns.city[i]!);
          sellers.set(seller, STATE, columns.state[i]!);
          sellers.set(seller, REGISTERED, columns.dateTime[i]!);
          for (let row = waiting.first(id); row >= 0; row = waiting.next(row)) {
            emit(seller, waiting.get(row, AUCTION), waiting.get(row, OPENED));
          }
          waiting.deleteKey(id);
        }
      },
      onRight({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const seller = sellers.find(columns.seller[i]!);
          if (seller >= 0) {
            emit(seller, columns.id[i]!, columns.dateTime[i]!);
          } else {
            const row = waiting.append(columns.seller[i]!);
            waiting.set(row, AUCTION, columns.id[i]!);
            waiting.set(row, OPENED, columns.dateTime[i]!);
          }
        }
      },
    };
  },
};
