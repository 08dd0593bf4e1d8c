import { describe, expect, it } from 'vitest';
import { makeSessionPeers, openAt, type SessionPeer, sealFrom, startSession } from '../../test/sessions.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { readSessionRecord } from '../session/session-record-codec.ts';

async function talkingPeers(): Promise<readonly [SessionPeer, SessionPeer]> {
  const [alice, bob] = await makeSessionPeers();
  await startSession(alice, bob);
  await openAt(bob, await sealFrom(alice, 'hello'));
  await openAt(alice, await sealFrom(bob, 'hello too'));
  return [alice, bob];
}

async function sealMany(peer: SessionPeer, count: number): Promise<Uint8Array[]> {
  const payloads: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) payloads.push(await sealFrom(peer, `message ${index}`));
  return payloads;
}

describe('limits of the ratchet', () => {
  it('[R3] 2,000 messages open in any order', async () => {
    const [alice, bob] = await talkingPeers();
    const payloads = await sealMany(alice, 2_001);
    const order = payloads
      .map((_, index) => index)
      .sort((one, other) => ((one * 7_919) % 2_003) - ((other * 7_919) % 2_003));
    expect(await openAt(bob, payloads[2_000] ?? new Uint8Array())).toBe('message 2000');
    for (const index of order.filter((each) => each < 2_000)) {
      expect(await openAt(bob, payloads[index] ?? new Uint8Array())).toBe(`message ${index}`);
    }
  }, 60_000);

  it('[R3] with more than 2,000 keys skipped the oldest are gone and say so, the others open', async () => {
    const [alice, bob] = await talkingPeers();
    const payloads = await sealMany(alice, 2_002);
    expect(await openAt(bob, payloads.at(-1) ?? new Uint8Array())).toBe('message 2001');
    expect(await openAt(bob, payloads[0] ?? new Uint8Array())).toBe('[key_expired]');
    expect(await openAt(bob, payloads[1] ?? new Uint8Array())).toBe('message 1');
    expect(await openAt(bob, payloads[1] ?? new Uint8Array())).toBe('[already_opened]');
  }, 60_000);

  it('[R3] a jump of 25,000 opens, one of 25,001 is refused', async () => {
    const [alice, bob] = await talkingPeers();
    const payloads = await sealMany(alice, E2EE_LIMITS.forwardJumpMax + 2);
    expect(await openAt(bob, payloads[E2EE_LIMITS.forwardJumpMax + 1] ?? new Uint8Array())).toBe('[too_far_ahead]');
    expect(await openAt(bob, payloads[E2EE_LIMITS.forwardJumpMax] ?? new Uint8Array())).toBe('message 25000');
  }, 60_000);

  it('[R3] late messages of the four chains before the current one open, of older ones not', async () => {
    const [alice, bob] = await talkingPeers();
    const late: Uint8Array[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      late.push(await sealFrom(alice, `late ${turn}`));
      await openAt(bob, await sealFrom(alice, `turn ${turn}`));
      await openAt(alice, await sealFrom(bob, `turn ${turn}`));
    }
    const outcomes = [];
    for (const payload of late) outcomes.push(await openAt(bob, payload));
    expect(outcomes).toEqual(['[not_authentic]', 'late 1', 'late 2', 'late 3', 'late 4', 'late 5']);
  });

  it('[R3] a chain that the peer has ended keeps no chain key', async () => {
    const [alice, bob] = await talkingPeers();
    const skipped = await sealFrom(alice, 'skipped');
    await openAt(bob, await sealFrom(alice, 'last of this chain'));
    await openAt(alice, await sealFrom(bob, 'step'));
    await openAt(bob, await sealFrom(alice, 'new chain'));
    const chains = readSessionRecord(bob.stored)?.sessions[0]?.ratchet.receiving;
    expect(chains?.map((chain) => [chain.chainKey !== undefined, chain.skipped.size])).toEqual([
      [true, 0],
      [false, 1],
      [false, 0],
    ]);
    expect(await openAt(bob, skipped)).toBe('skipped');
  });

  it('[R7] a counter behind the end of a closed chain is damage to be healed, not a repetition to be forgotten', async () => {
    const [alice, bob] = await talkingPeers();
    const last = await sealFrom(alice, 'last of this chain');
    await openAt(bob, last);
    await openAt(alice, await sealFrom(bob, 'step'));
    await openAt(bob, await sealFrom(alice, 'new chain'));
    const damaged = Uint8Array.from(last);
    // The counter follows kind, tag and ratchet key.
    damaged[1 + 8 + 32] = 0x7f;
    expect(await openAt(bob, damaged)).toBe('[too_far_ahead]');
    expect(await openAt(bob, last)).toBe('[already_opened]');
  });
});
