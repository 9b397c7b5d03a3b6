import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { allocateRing, RingReader, RingWriter } from '../live-ring.ts';

/** Writes the records 0, 1, .. from another thread: each has 1 to 7 words, and all are the number of the record. */
const RECORDS = 200_000;
const program = `
import { workerData } from 'node:worker_threads';
const { RingWriter } = await import(${JSON.stringify(new URL('../live-ring.ts', import.meta.url).href)});
const ring = new RingWriter(workerData);
for (let record = 0; record < ${RECORDS};) {
  const words = 1 + (record % 7);
  if (!ring.begin(1 + words)) continue;
  for (let i = 0; i < words; i++) ring.put(record);
  ring.commit();
  record += 1;
}
`;

describe('a ring of records', () => {
  it('brings every record in whole and in order from one thread to another', async () => {
    const memory = allocateRing();
    const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const worker = new Worker(url, { workerData: memory });
    let ended = false;
    const exit = once(worker, 'exit').then(() => (ended = true));
    const reader = new RingReader(memory);
    let next = 0;
    const take = (words: Float64Array): void => {
      if (words.length !== 1 + (next % 7) || words.some((word) => word !== next)) {
        assert.fail(`record ${next} is ${words.join()}`);
      }
      next += 1;
    };
    while (!ended) {
      reader.read(take);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await exit;
    reader.read(take);
    assert.equal(next, RECORDS);
  });

  it('takes nothing more when it is full, until it was read', () => {
    const memory = allocateRing();
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    let written = 0;
    while (writer.begin(3)) {
      writer.put(written);
      writer.put(-written);
      writer.commit();
      written += 1;
    }
    assert.ok(written > 1000);
    let read = 0;
    reader.read((words) => assert.deepEqual([...words], [read, read++ * -1]));
    assert.equal(read, written);
    assert.equal(writer.begin(3), true);
  });

  it('shows nothing of a record before its end', () => {
    const memory = allocateRing();
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    writer.begin(2);
    reader.read(() => assert.fail());
    writer.put(7);
    writer.commit();
    reader.read((words) => assert.deepEqual([...words], [7]));
  });
});
