/** The NEXMark queries as workloads. */
import type { Workload } from '../../workload.ts';
import { nexmarkWorkload } from '../query.ts';
import { q1Megaphone } from './q1-megaphone.ts';
import { q1Native } from './q1-native.ts';
import { q2Megaphone } from './q2-megaphone.ts';
import { q2Native } from './q2-native.ts';
import { q3Megaphone } from './q3-megaphone.ts';
import { q3Native } from './q3-native.ts';
import { q4Megaphone } from './q4-megaphone.ts';
import { q4Native } from './q4-native.ts';
import { q5Megaphone } from './q5-megaphone.ts';
import { q5Native } from './q5-native.ts';
import { q6Megaphone } from './q6-megaphone.ts';
import { q6Native } from './q6-native.ts';
import { q7Megaphone } from './q7-megaphone.ts';
import { q7Native } from './q7-native.ts';
import { q8Megaphone } from './q8-megaphone.ts';
import { q8Native } from './q8-native.ts';

/** Workloads by the query's name. */
export const nexmarkWorkloads: Readonly<Record<string, Workload>> = {
  q1: nexmarkWorkload('q1', q1Native, q1Megaphone),
  q2: nexmarkWorkload('q2', q2Native, q2Megaphone),
  q3: nexmarkWorkload('q3', q3Native, q3Megaphone),
  q4: nexmarkWorkload('q4', q4Native, q4Megaphone),
  q5: nexmarkWorkload('q5', q5Native, q5Megaphone),
  q6: nexmarkWorkload('q6', q6Native, q6Megaphone),
  q7: nexmarkWorkload('q7', q7Native, q7Megaphone),
  q8: nexmarkWorkload('q8', q8Native, q8Megaphone),
};
