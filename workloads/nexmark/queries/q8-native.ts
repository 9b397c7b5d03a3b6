/**
 * Query 8, monitor new users. Each worker keeps its persons in a table, and in a queue in the order in which they came, from
 * whose front they are removed when their window has passed. Auctions of unknown persons wait until their own time has passed.
 */
import { binary, exchangeBy } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import type { Auctions, Persons } from '../schemas.ts';
import { type Q8Rows, q8Schema } from './q8-rows.ts';
import { RowQueue } from './row-queue.ts';
import { workerTable } from './worker-table.ts';

/** Columns of the persons. */
const [NAME, REGISTERED] = [0, 1] as const;
/** Columns of the queue of persons: the last time at which an auction matches. */
const [PERSON, UNTIL] = [0, 1] as const;

/** An auction that came before its seller. */
interface WaitingAuction {
  readonly id: number;
  readonly opened: number;
}

/** The auctions that were opened within the window after their seller had registered. */
export const q8Native: NativeQuery<Q8Rows> = ({ persons, auctions }, { parameters, eventTime }) => {
  const { q8WindowUs } = parameters;
  const { peers } = persons.scope;
  const pacts = [exchangeBy<Persons>('id', peers), exchangeBy<Auctions>('seller', peers)] as const;
  return binary(persons, auctions, 'q8', pacts, q8Schema, ({ output }) => {
    const registered = workerTable(2);
    const queue = new RowQueue(2);
    const waiting = new Map<number, WaitingAuction[]>();

    const match = (person: number, row: number, auction: number, opened: number): void => {
      const since = opened - registered.get(row, REGISTERED);
      if (since < 0 || since >= q8WindowUs) return;
      const out = output.append();
      output.columns.timeUs[out] = opened;
      output.columns.person[out] = person;
      output.columns.name[out] = registered.get(row, NAME);
      output.columns.auction[out] = auction;
    };
    const register = (person: number, name: number, dateTime: number): void => {
      const row = registered.insert(person);
      registered.set(row, NAME, name);
      registered.set(row, REGISTERED, dateTime);
      const queued = queue.push();
      queue.set(queued, PERSON, person);
      queue.set(queued, UNTIL, dateTime + q8WindowUs - 1);
      for (const { id, opened } of waiting.get(person) ?? []) match(person, row, id, opened);
      waiting.delete(person);
    };
    const wait = (seller: number, auction: WaitingAuction): void => {
      const others = waiting.get(seller);
      if (others === undefined) waiting.set(seller, [auction]);
      else others.push(auction);
    };

    return (left, right) => {
      for (const batch of left.arrivals) {
        output.at(batch.time);
        const { id, name, dateTime } = batch.columns;
        for (let i = 0; i < batch.length; i++) register(id[i]!, name[i]!, dateTime[i]!);
      }
      for (const batch of right.arrivals) {
        output.at(batch.time);
        const { id, seller, dateTime } = batch.columns;
        for (let i = 0; i < batch.length; i++) {
          const row = registered.find(seller[i]!);
          if (row >= 0) match(seller[i]!, row, id[i]!, dateTime[i]!);
          else wait(seller[i]!, { id: id[i]!, opened: dateTime[i]! });
        }
      }
      const frontier = Math.min(left.frontier, right.frontier);
      while (queue.size > 0 && eventTime.timerAt(queue.get(queue.first, UNTIL)) < frontier) {
        registered.delete(queue.get(queue.first, PERSON));
        queue.drop();
      }
      for (const [seller, all] of waiting) {
        const rest = all.filter(({ opened }) => eventTime.timerAt(opened) >= frontier);
        if (rest.length === 0) waiting.delete(seller);
        else if (rest.length < all.length) waiting.set(seller, rest);
      }
    };
  });
};
