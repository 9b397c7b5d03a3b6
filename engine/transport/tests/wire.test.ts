import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import {
  controlMessage,
  encodeMessage,
  MESSAGE,
  MessageReader,
  parseControl,
  WireError,
  writeMessageHeader,
} from '../wire.ts';

/** Streams that are mutated: more under MEGAPHONE_SIMULATIONS. */
const STREAMS = 10_000 * Number(process.env['MEGAPHONE_SIMULATIONS'] ?? 1);
const MOST = 64;

type Message = readonly [kind: number, payload: Buffer];

function bytesOf(messages: readonly Message[]): Buffer {
  return Buffer.concat(messages.map(([kind, payload]) => encodeMessage(kind, payload)));
}

const message: fc.Arbitrary<Message> = fc.tuple(
  fc.constantFrom(MESSAGE.control, MESSAGE.frame, MESSAGE.raises),
  fc.uint8Array({ maxLength: MOST }).map((bytes) => Buffer.from(bytes)),
);

/** Reads the bytes in pieces that end at the given places; has no room for a message as often, at first, as `refusals` says. */
function read(bytes: Buffer, cuts: readonly number[], refusals: readonly number[] = []): Message[] {
  const found: Message[] = [];
  let refused = 0;
  const reader = new MessageReader(MOST, (kind, payload) => {
    if (refused++ < (refusals[found.length] ?? 0)) return false;
    refused = 0;
    found.push([kind, Buffer.from(payload)]);
    return true;
  });
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let at = 0;
  for (const end of ends) {
    const chunk = Buffer.from(bytes.subarray(at, end));
    if (!reader.push(chunk)) while (!reader.retry());
    // Nobody may look at what was taken.
    chunk.fill(0xff);
    at = end;
  }
  return found;
}

describe('the reader of messages', () => {
  it('finds the same messages however the stream is cut, and however often there is no room', () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), fc.array(fc.nat(2)), (messages, cuts, refusals) => {
        assert.deepEqual(read(bytesOf(messages), cuts, refusals), messages);
      }),
    );
  });

  it('refuses other kinds and lengths', () => {
    for (const [kind, length] of [
      [0, 0],
      [4, 0],
      [-1, 0],
      [MESSAGE.frame, MOST + 1],
      [MESSAGE.raises, -1],
      [MESSAGE.control, 2 ** 21],
    ] as const) {
      // prettier-ignore
      const header = Buffer.alloc(8);
      writeMessageHeader(header, 0, kind, length);
      assert.throws(() => read(header, []), WireError);
    }
  });

  it('says what is wrong with any stream, or reads it: it neither fails otherwise nor keeps more than a message', () => {
    const mutation = fc.record({ at: fc.nat(), value: fc.nat(255), kind: fc.nat(2) });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1 }),
        fc.array(mutation, { minLength: 1 }),
        fc.array(fc.nat()),
        (messages, mutations, cuts) => {
          // prettier-ignore
          let bytes = bytesOf(messages);
          for (const { at, value, kind } of mutations) {
            const place = at % (bytes.length + 1);
            if (kind === 0)
              bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([value]), bytes.subarray(place)]);
            else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
            else if (place < bytes.length) bytes[place] = value;
          }
          try {
            for (const [kind, payload] of read(bytes, cuts)) if (kind === MESSAGE.control) parseControl(payload);
          } catch (error) {
            assert.ok(error instanceof WireError, String(error));
          }
        },
      ),
      { numRuns: STREAMS },
    );
  });
});

describe('control messages', () => {
  it('are objects with a type', () => {
    const content = { type: 'beat', steps: 7 };
    assert.deepEqual(parseControl(controlMessage(content).subarray(8)), content);
    for (const text of ['', '{', '1', 'null', '[]', '{"type":1}']) {
      assert.throws(() => parseControl(Buffer.from(text)), WireError);
    }
  });
});
