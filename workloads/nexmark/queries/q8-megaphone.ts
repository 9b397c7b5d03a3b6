/** Query 8, monitor new users, with migration. */
import type { MegaphoneQuery } from '../query.ts';
import { megaphoneBinary } from '../../keyed-operator.ts';
import { q8Join } from './q8-join.ts';
import type { Q8Rows } from './rows.ts';

/** The auctions that were opened within the window after their seller had registered. */
export const q8Megaphone: MegaphoneQuery<Q8Rows> = ({ persons, auctions }, control, context) => {
  const joined = megaphoneBinary(persons, auctions, ['id', 'seller'], control, q8Join(context));
  return { stream: joined.stream, migratables: [joined] };
};
