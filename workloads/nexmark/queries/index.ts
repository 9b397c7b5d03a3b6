/** The NEXMark queries as workloads. */
import { type Workload } from '../../workload.ts';
import { nexmarkWorkload } from '../query.ts';
import { q1Megaphone } from './q1-megaphone.ts';
import { q1Native } from './q1-native.ts';
import { q2Megaphone } from './q2-megaphone.ts';
import { q2Native } from './q2-native.ts';
import { q3Megaphone } from './q3-megaphone.ts';
import { q3Native } from './q3-native.ts';
import { q4Megaphone } from './q4-megaphone.ts';
import { q4Native } from './q4-native.ts';

/** Workloads by the query's name. */
export const nexmarkWorkloads: Readonly<Record<string, Workload>> = {
  q1: nexmarkWorkload('q1', q1Native, q1Megaphone),
  q2: nexmarkWorkload('q2', q2Native, q2Megaphone),
  q3: nexmarkWorkload('q3', q3Native, q3Megaphone),
  q4: nexmarkWorkload('q4', q4Native, q4Megaphone),
};
