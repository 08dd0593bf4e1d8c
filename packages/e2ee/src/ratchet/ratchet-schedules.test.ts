import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRecordingProvider } from '../../test/recording-provider.ts';
import { makeSessionPeers, openAt, type SessionPeer, sealFrom, startSession } from '../../test/sessions.ts';
import { classicProfile, productProfile, refreshingProfile } from '../profile/product-profile.ts';
import type { Profile } from '../profile/profile.ts';

/** 10,000 short schedules by default; PARLEY_E2EE_SCHEDULES asks for another number, PARLEY_E2EE_EVENTS for longer ones. */
const SCHEDULES = Number(process.env.PARLEY_E2EE_SCHEDULES ?? 10_000);
const EVENTS_MAX = Number(process.env.PARLEY_E2EE_EVENTS ?? 10);

/** What happens next: who acts, what, and a number that picks the message. */
const event = fc.record({
  isAlice: fc.boolean(),
  what: fc.constantFrom('send', 'send', 'send', 'deliver', 'deliver', 'deliver', 'lose', 'replay', 'tamper' as const),
  pick: fc.nat(1_000_000),
});
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface Wire {
  readonly inFlight: { readonly payload: Uint8Array; readonly text: string }[];
  readonly opened: Uint8Array[];
}

/** Two peers that have a session; each schedule starts from a copy of it. */
async function peersOf(profile: Profile) {
  const provider = makeRecordingProvider();
  const [alice, bob] = await makeSessionPeers(profile, provider);
  await startSession(alice, bob);
  await openAt(bob, await sealFrom(alice, 'hello'));
  await openAt(alice, await sealFrom(bob, 'hello too'));
  return { provider, alice, bob };
}

async function play(
  from: SessionPeer,
  to: SessionPeer,
  wire: Wire,
  { what, pick }: Event,
  text: string,
): Promise<void> {
  switch (what) {
    case 'send':
      wire.inFlight.push({ payload: await sealFrom(from, text), text });
      return;
    case 'lose':
      wire.inFlight.splice(pick % (wire.inFlight.length + 1), 1);
      return;
    case 'deliver': {
      const [message] = wire.inFlight.splice(pick % (wire.inFlight.length || 1), 1);
      if (message === undefined) return;
      expect(await openAt(to, message.payload)).toBe(message.text);
      wire.opened.push(message.payload);
      return;
    }
    case 'replay': {
      const payload = wire.opened[pick % (wire.opened.length || 1)];
      if (payload !== undefined) expect(await openAt(to, payload)).toMatch(/^\[(already_opened|not_authentic)\]$/);
      return;
    }
    case 'tamper': {
      const message = wire.inFlight[pick % (wire.inFlight.length || 1)];
      if (message === undefined) return;
      const forged = Uint8Array.from(message.payload);
      const at = pick % forged.length;
      forged[at] = (forged[at] ?? 0) ^ (1 << (pick % 8));
      expect(await openAt(to, forged)).toMatch(/^\[/);
    }
  }
}

describe('random schedules', () => {
  it.each([
    ['productProfile', productProfile, 0.8],
    ['classicProfile', classicProfile, 0.1],
    ['refreshingProfile', refreshingProfile, 0.1],
  ] as const)(
    '[R2, R4] %s: what is delivered opens once, nothing else does, no refusal leaves a trace, no (key, nonce) comes twice',
    async (_name, profile, share) => {
      const { provider, alice, bob } = await peersOf(profile);
      const start = [alice.stored, bob.stored] as const;
      let openedCount = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: EVENTS_MAX, size: 'max' }), async (events) => {
          [alice.stored, bob.stored] = start;
          provider.forget();
          const wires: readonly [Wire, Wire] = [
            { inFlight: [], opened: [] },
            { inFlight: [], opened: [] },
          ];
          for (const [index, each] of events.entries()) {
            const [from, to, wire] = each.isAlice ? [alice, bob, wires[0]] : [bob, alice, wires[1]];
            await play(from, to, wire, each, `text ${index}`);
          }
          openedCount += wires[0].opened.length + wires[1].opened.length;
        }),
        { numRuns: Math.ceil(SCHEDULES * share) },
      );
      expect(provider.sealedCount()).toBeGreaterThan(SCHEDULES * share);
      // 0.55 a schedule on average, with a deviation of 0.02 for a thousand: a bound that holds nearly always would be none.
      expect(openedCount).toBeGreaterThan(SCHEDULES * share * 0.4);
    },
    600_000,
  );

  it('[R3] a long conversation with a KEM refresh every 50 messages goes on, both orders of loss included', async () => {
    const { alice, bob } = await peersOf(refreshingProfile);
    const sizes: number[] = [];
    for (let turn = 0; turn < 120; turn += 1) {
      const [from, to] = turn % 2 === 0 ? [alice, bob] : [bob, alice];
      if (turn % 7 === 3) await sealFrom(from, 'lost');
      const payload = await sealFrom(from, `turn ${turn}`);
      sizes.push(payload.length);
      expect(await openAt(to, payload)).toBe(`turn ${turn}`);
    }
    const large = sizes.filter((size) => size > 1_000);
    // 120 messages and 17 lost ones hold two refreshes: an offer and an answer each.
    expect(large.length).toBe(4);
  });
});
