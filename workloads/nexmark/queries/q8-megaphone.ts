/**
 * Query 8, monitor new users, with migration: persons wait for auctions until their window has passed, auctions wait for a
 * person until their own time has passed; pending entries remove both.
 */
import { binary, type HashedBinning, HashTable, Multimap } from 'megaphone-engine/migration';

import type { MegaphoneQuery } from '../query.ts';
import { type Q8Rows, q8Schema } from './q8-rows.ts';

/** Columns of the persons. */
const [NAME, REGISTERED] = [0, 1] as const;
/** Columns of the auctions that wait for their seller. */
const [ID, OPENED] = [0, 1] as const;

/** The auctions that were opened within the window after their seller had registered. */
export const q8Megaphone: MegaphoneQuery<Q8Rows> = (streams, control, { parameters, eventTime }) => {
  const { q8WindowUs } = parameters;
  const options = {
    name: 'q8',
    state: (binning: HashedBinning) => ({ registered: new HashTable(binning, 2), waiting: new Multimap(binning, 2) }),
  };
  const { persons, auctions } = streams;
  const joined = binary(persons, auctions, ['id', 'seller'], control, options, q8Schema, (context) => {
    const { state, output, notificator } = context;
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
    /** Looks after the key once all events up to and with `timeUs` were applied. */
    const removeAfter = (timeUs: number, key: number): void =>
      notificator.notifyAt(eventTime.timerAt(timeUs), key, timeUs);

    return {
      onLeft({ columns, length }): void {
        for (let i = 0; i < length; i++) {
          const person = columns.id[i]!;
          const row = registered.insert(person);
          registered.set(row, NAME, columns.name[i]!);
          registered.set(row, REGISTERED, columns.dateTime[i]!);
          removeAfter(columns.dateTime[i]! + q8WindowUs - 1, person);
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
            removeAfter(opened, seller);
          }
        }
      },
      onPending(_time, key, timeUs): void {
        const row = registered.find(key);
        if (row >= 0 && registered.get(row, REGISTERED) + q8WindowUs - 1 <= timeUs) registered.delete(key);
        // The entry of the last auction to open removes all.
        let latest = -1;
        for (let auction = waiting.first(key); auction >= 0; auction = waiting.next(auction)) {
          latest = Math.max(latest, waiting.get(auction, OPENED));
        }
        if (latest <= timeUs) waiting.deleteKey(key);
      },
    };
  });
  return { stream: joined.stream, migratables: [joined] };
};
