/**
 * The join of query 8: persons wait for auctions until their window has passed, auctions for a person until their own time has
 * passed; a pending entry per bin removes both.
 */
import { HashTable, Multimap } from 'megaphone-engine/migration';

import type { QueryContext } from '../query.ts';
import type { Auctions, Persons } from '../schemas.ts';
import type { KeyedBinary } from '../../keyed-operator.ts';
import { type Q8Rows, q8Schema } from './rows.ts';

/** Columns of the persons. */
const [NAME, REGISTERED] = [0, 1] as const;
/** Columns of the auctions that wait for their seller. */
const [ID, OPENED] = [0, 1] as const;

type State = Readonly<{ registered: HashTable; waiting: Multimap }>;

/** The auctions that were opened within the window after their seller had registered; keyed by the person. */
export function q8Join({ parameters, eventTime }: QueryContext): KeyedBinary<Persons, Auctions, State, Q8Rows> {
  const { q8WindowUs } = parameters;
  /** From one removal to the next, in microseconds of event time. */
  const period = q8WindowUs / 4;
  return {
    name: 'q8',
    state: (bins) => ({ registered: new HashTable(bins, 2), waiting: new Multimap(bins, 2) }),
    output: q8Schema,
    // A removal visits a whole bin: that of all persons of a worker would stop it for milliseconds.
    nativeBinShift: 8,
    kernel({ state, output, notificator }) {
      const { registered, waiting } = state;

      const match = (person: number, row: number, auction: number, opened: number): void => {
        const since = opened - registered.get(row, REGISTERED);
        if (since < 0 || since >= q8WindowUs) return;
        const out = output.append();
        output.columns.timeUs[out] = opened;
        output.columns.person[out] = person;
        output.columns.name[out] = registered.get(row, NAME);
        output.columns.auction[out] = auction;
      };
      /** Removes from the key's bin what no event after `timeUs` matches, once all events until then were applied. */
      const removeAt = (timeUs: number, key: number): void =>
        notificator.notifyAt(eventTime.timerAt(timeUs), key, timeUs);
      /** After an entry of the key was added; the first one of a bin decides when it is cleaned. Not all bins at one time. */
      const added = (key: number, dateTime: number): void => {
        const bin = registered.binOf(key);
        if (registered.entries(bin) + waiting.parts.rows.entries(bin) > 1) return;
        removeAt(dateTime + q8WindowUs + (key % 64) * (period / 64), key);
      };

      return {
        onLeft({ columns, length }): void {
          for (let i = 0; i < length; i++) {
            const person = columns.id[i]!;
            const row = registered.insert(person);
            registered.set(row, NAME, columns.name[i]!);
            registered.set(row, REGISTERED, columns.dateTime[i]!);
            added(person, columns.dateTime[i]!);
            for (let auction = waiting.first(person); auction >= 0; auction = waiting.next(auction)) {
              match(person, row, waiting.get(auction, ID), waiting.get(auction, OPENED));
            }
            waiting.deleteKey(person);
          }
        },
        onRight({ columns, length }): void {
          for (let i = 0; i < length; i++) {
            const seller = columns.seller[i]!;
            const opened = columns.dateTime[i]!;
            const row = registered.find(seller);
            if (row >= 0) {
              match(seller, row, columns.id[i]!, opened);
            } else {
              const auction = waiting.append(seller);
              waiting.set(auction, ID, columns.id[i]!);
              waiting.set(auction, OPENED, opened);
              added(seller, opened);
            }
          }
        },
        onPending(_time, key, timeUs): void {
          const bin = registered.binOf(key);
          registered.deleteInBin(bin, (_person, row) => registered.get(row, REGISTERED) + q8WindowUs <= timeUs);
          waiting.deleteKeysInBin(bin, (seller) => {
            let latest = 0;
            for (let auction = waiting.first(seller); auction >= 0; auction = waiting.next(auction)) {
              latest = Math.max(latest, waiting.get(auction, OPENED));
            }
            return latest <= timeUs;
          });
          if (registered.entries(bin) + waiting.parts.rows.entries(bin) > 0) removeAt(timeUs + period, key);
        },
      };
    },
  };
}
