/** Query 3, incremental join: sellers in columns, and auctions that wait for their seller in linked lists. */
import { binary, exchangeBy, filter } from 'megaphone-engine';

import type { NativeQuery } from '../query.ts';
import type { Auctions, Persons } from '../schemas.ts';
import { query3States } from '../vocabulary.ts';
import { doubled } from './doubled.ts';
import { type Q3Rows, q3Schema } from './q3-rows.ts';

/** Ends a list of waiting auctions. */
const NONE = -1;

/** Who sells in the category and lives in one of the states: a row per auction, once it and its seller have arrived. */
export const q3Native: NativeQuery<Q3Rows> = ({ persons, auctions }, { parameters: { q3Category } }) => {
  const { peers } = persons.scope;
  const pacts = [exchangeBy<Persons>('id', peers), exchangeBy<Auctions>('seller', peers)] as const;
  const people = filter(persons, ({ state }, row) => query3States.includes(state[row]!));
  const offers = filter(auctions, ({ category }, row) => category[row] === q3Category);
  return binary(people, offers, 'q3', pacts, q3Schema, ({ output }) => {
    const slotOf = new Map<number, number>();
    let name = new Float64Array(256);
    let city = new Float64Array(256);
    let state = new Float64Array(256);
    let registered = new Float64Array(256);

    const lastOf = new Map<number, number>();
    let auction = new Float64Array(256);
    let opened = new Float64Array(256);
    let previous = new Float64Array(256);
    let waiting = 0;
    let firstFree = NONE;

    const emit = (slot: number, id: number, dateTime: number): void => {
      const out = output.append();
      output.columns.timeUs[out] = Math.max(dateTime, registered[slot]!);
      output.columns.name[out] = name[slot]!;
      output.columns.city[out] = city[slot]!;
      output.columns.state[out] = state[slot]!;
      output.columns.auction[out] = id;
    };
    const register = (id: number): number => {
      const slot = slotOf.size;
      slotOf.set(id, slot);
      if (slot === name.length) {
        name = doubled(name);
        city = doubled(city);
        state = doubled(state);
        registered = doubled(registered);
      }
      return slot;
    };
    const wait = (seller: number, id: number, dateTime: number): void => {
      let row = firstFree;
      if (row === NONE) row = waiting++;
      else firstFree = previous[row]!;
      if (row === auction.length) {
        auction = doubled(auction);
        opened = doubled(opened);
        previous = doubled(previous);
      }
      auction[row] = id;
      opened[row] = dateTime;
      previous[row] = lastOf.get(seller) ?? NONE;
      lastOf.set(seller, row);
    };
    const emitWaiting = (seller: number, slot: number): void => {
      let row = lastOf.get(seller) ?? NONE;
      while (row !== NONE) {
        emit(slot, auction[row]!, opened[row]!);
        const next = previous[row]!;
        previous[row] = firstFree;
        firstFree = row;
        row = next;
      }
      lastOf.delete(seller);
    };

    return (personInput, auctionInput) => {
      for (const { columns, length, time } of personInput.arrivals) {
        output.at(time);
        for (let i = 0; i < length; i++) {
          const slot = register(columns.id[i]!);
          name[slot] = columns.name[i]!;
          city[slot] = columns.city[i]!;
          state[slot] = columns.state[i]!;
          registered[slot] = columns.dateTime[i]!;
          emitWaiting(columns.id[i]!, slot);
        }
      }
      for (const { columns, length, time } of auctionInput.arrivals) {
        output.at(time);
        for (let i = 0; i < length; i++) {
          const slot = slotOf.get(columns.seller[i]!);
          if (slot !== undefined) emit(slot, columns.id[i]!, columns.dateTime[i]!);
          else wait(columns.seller[i]!, columns.id[i]!, columns.dateTime[i]!);
        }
      }
    };
  });
};
