import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defaultNexmarkParameters,
  microsPerAuction,
  NexmarkParameterError,
  resolveNexmarkParameters,
} from '../parameters.ts';

describe('resolveNexmarkParameters', () => {
  it('completes with the defaults', () => {
    assert.deepEqual(resolveNexmarkParameters(1000, { timeDilation: 79 }), {
      ...defaultNexmarkParameters,
      ratePerSecond: 1000,
      timeDilation: 79,
    });
  });

  it('refuses unknown names and values out of range, and names them', () => {
    const refused: [number, Record<string, number>, RegExp][] = [
      [1, { dilation: 2 }, /unknown NEXMark parameter dilation/],
      [1, { timeDilation: 0 }, /timeDilation is 0, expected a positive/],
      [0, {}, /ratePerSecond is 0/],
      [NaN, {}, /ratePerSecond is NaN/],
      [1, { bidProportion: 0 }, /bidProportion is 0, expected an integer from 1/],
      [1, { inFlightAuctions: 1.5 }, /inFlightAuctions is 1.5/],
      [1, { firstAuctionId: -1 }, /firstAuctionId is -1, expected an integer from 0/],
      [1, { hotBlock: 1 }, /hotBlock is 1, expected an integer from 2/],
      [1, { q5WindowUs: 25, q5SlideUs: 10 }, /q5WindowUs is 25, expected a multiple of q5SlideUs \(10\)/],
    ];
    for (const [rate, given, message] of refused) {
      assert.throws(
        () => resolveNexmarkParameters(rate, given),
        (error) => error instanceof NexmarkParameterError && message.test(error.message),
      );
    }
  });

  it('tells the mean event time between two auctions', () => {
    // 50 events at 1000 events/s bring 3 auctions in 50 ms, 79 times as long in event time: 3.95 s.
    assert.equal(microsPerAuction(resolveNexmarkParameters(1000, { timeDilation: 79 })), 3.95e6 / 3);
  });
});
