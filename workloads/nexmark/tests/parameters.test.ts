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
      [1, { auctionLifetimeS: 0 }, /auctionLifetimeS is 0/],
      [1, { auctionLifetimeS: 1, inFlightAuctions: 5 }, /both/],
      [4e6, { auctionLifetimeS: 1e6 }, /inFlightAuctions is 240000000000, expected an integer/],
    ];
    for (const [rate, given, message] of refused) {
      assert.throws(
        () => resolveNexmarkParameters(rate, given),
        (error) => error instanceof NexmarkParameterError && message.test(error.message),
      );
    }
  });

  it('turns a mean lifetime into in-flight auctions', () => {
    // 50 events at 1000 events/s bring 3 auctions in 50 ms, 79 times as long in event time: 3.95 s.
    const parameters = resolveNexmarkParameters(1000, { timeDilation: 79, auctionLifetimeS: 3950 });
    assert.equal(parameters.inFlightAuctions, 3000);
    assert.equal(microsPerAuction(parameters), 3.95e6 / 3);
    assert.equal(resolveNexmarkParameters(1, { auctionLifetimeS: 0.001 }).inFlightAuctions, 1);
  });
});
