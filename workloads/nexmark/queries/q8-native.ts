/** Query 8, monitor new users, without migration. */
import type { NativeQuery } from '../query.ts';
import { nativeBinary } from '../../keyed-operator.ts';
import { q8Join } from './q8-join.ts';
import type { Q8Rows } from './rows.ts';

/** The auctions that were opened within the window after their seller had registered. */
export const q8Native: NativeQuery<Q8Rows> = ({ persons, auctions }, context) =>
  nativeBinary(persons, auctions, ['id', 'seller'], q8Join(context));
