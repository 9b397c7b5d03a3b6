/** The checked programs once more, in the plainest way: one thread, no bins, records and pending entries in order. */
import type { Timestamp } from '../../progress/timestamp.ts';
import type { TimedRow } from '../../runtime/tests/timed-rows.ts';
import { inputOf, type ProgramName, type Scenario } from './scenario.ts';

/** The rules of one program. */
interface Rules {
  readonly onLeft: Handler;
  readonly onRight: Handler;
  readonly onPending: Handler;
}

/** Handles a record or an entry. */
type Handler = (time: Timestamp, key: number, value: number) => void;

/** Writes a result. */
type Emit = (time: Timestamp, ...values: number[]) => void;
/** Asks for `onPending`. */
type Notify = (time: Timestamp, key: number, value: number) => void;

const rules: Record<ProgramName, (emit: Emit, notify: Notify) => Rules> = {
  reminders(emit, notify) {
    const counts = new Map<number, number>();
    const sums = new Map<number, number>();
    const onLeft = (time: Timestamp, key: number, value: number): void => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      emit(time, key, 0, count);
      if (value % 3 === 0) notify(time + (value % 7), key, value);
    };
    return {
      onLeft,
      onRight: onLeft,
      onPending(time, key, value) {
        const sum = (sums.get(key) ?? 0) + value;
        sums.set(key, sum);
        emit(time, key, 1, sum * 1000 + counts.get(key)!);
        if (value > 1) notify(time + (value % 3), key, value >> 1);
      },
    };
  },
  join(emit, notify) {
    const sums = new Map<number, number>();
    return {
      onLeft: (_time, key, value) => void sums.set(key, (sums.get(key) ?? 0) + value),
      onRight(time, key, value) {
        emit(time, key, 2, (sums.get(key) ?? 0) * 1000 + value);
        if (value % 4 === 0) notify(time + 1 + (value % 5), key, value);
      },
      onPending: (time, key, value) => emit(time, key, 3, (sums.get(key) ?? 0) * 1000 + value),
    };
  },
  chain(emit) {
    const first = new Map<number, number>();
    const second = new Map<number, number>();
    const onLeft = (time: Timestamp, key: number): void => {
      const count = (first.get(key) ?? 0) + 1;
      first.set(key, count);
      if (count % 2 === 0) return;
      const repeats = (second.get(count) ?? 0) + 1;
      second.set(count, repeats);
      emit(time, count, 4, repeats);
    };
    return { onLeft, onRight: onLeft, onPending: () => {} };
  },
};

/** All results of a scenario: (key, kind, value) at their times. */
export function oracle(scenario: Scenario, wide: boolean): TimedRow[] {
  const results: TimedRow[] = [];
  const pending: { time: Timestamp; key: number; value: number }[] = [];
  const { onLeft, onRight, onPending } = rules[scenario.program](
    (time, ...values) => results.push({ time, values }),
    (time, key, value) => pending.push({ time, key, value }),
  );
  const { left, right } = inputOf(scenario, wide);
  const records = [
    ...left.flat().map((row) => ({ ...row, handle: onLeft, order: 0 })),
    ...right.flat().map((row) => ({ ...row, handle: onRight, order: 1 })),
  ].sort((a, b) => a.time - b.time || a.order - b.order);
  for (let next = 0; ;) {
    pending.sort((a, b) => a.time - b.time || a.key - b.key || a.value - b.value);
    const entry = pending[0];
    const record = records[next];
    if (record !== undefined && (entry === undefined || record.time <= entry.time)) {
      record.handle(record.time, record.values[0]!, record.values[1]!);
      next += 1;
    } else if (entry !== undefined) {
      pending.shift();
      onPending(entry.time, entry.key, entry.value);
    } else {
      return results;
    }
  }
}
