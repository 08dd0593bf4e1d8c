import type { DeviceId, UserId } from '@parley/protocol';
import type { CryptoProvider } from '../src/crypto/crypto-provider.ts';
import { openGroupMessage, parseGroupMessage, sealGroupMessage } from '../src/groups/group-message.ts';
import { generateSenderKey } from '../src/groups/sender-key.ts';
import {
  readOwnSenderKey,
  readPeerSenderKeys,
  writeOwnSenderKey,
  writePeerSenderKeys,
} from '../src/groups/sender-key-codec.ts';
import { readDistribution, writeDistribution } from '../src/groups/sender-key-distribution.ts';
import { initiateSession } from '../src/handshake/initiate.ts';
import { generateOneTimePreKeys, generateRotatingPreKeys, signPreKey } from '../src/handshake/pre-keys.ts';
import { type DeviceIdentity, generateIdentitySecrets, openIdentity } from '../src/identity/device-identity.ts';
import { E2EE_LIMITS } from '../src/limits.ts';
import { sealMedia } from '../src/media/seal-media.ts';
import { productProfile as profile } from '../src/profile/product-profile.ts';
import { openPayload } from '../src/session/open-payload.ts';
import { type SessionEnds, sealInSession } from '../src/session/seal-in-session.ts';
import { EMPTY_RECORD, withNewSession, withSentSession } from '../src/session/session-record.ts';
import { readSessionRecord, writeSessionRecord } from '../src/session/session-record-codec.ts';

/**
 * What the figures of docs/e2ee.md measure: 256-byte messages; one message is its encryption and its decryption, and both ends
 * read their state from bytes and write it to bytes each time. Runs in Node and in browsers alike.
 */
export interface Figures {
  readonly provider: string;
  readonly oneWay: Rate;
  readonly pingPong: Rate;
  readonly senderKey: Rate;
  /** The primitive alone: one Ed25519 signature and its verification. No sender key can be faster. */
  readonly signAndVerify: Rate;
  readonly handshakes: Rate;
  readonly mediaMiB: Rate;
  /** Opening one message that comes 25,000 before its elders: what a peer can make us compute with it. Milliseconds. */
  readonly largestJumpMs: number;
  readonly firstMessageBytes: number;
  readonly laterOverheadBytes: number;
  readonly stateBytes: number;
}

/** `perCpuSecond` leaves out the time in which other programs had the processor: what one undisturbed core would do at least. */
export interface Rate {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

/** Processor time of this process so far, all threads, in ms. */
export type CpuClock = () => Promise<number>;

const NOW = 1_800_000_000_000;
const MESSAGE = new Uint8Array(256).fill(7);

/** Each figure is the best of three rounds of about this length, since noise only slows down. */
const ROUND_MS = 1_200;
const ROUNDS = 3;

// The casts hold: ids are opaque to this package.
const addressOf = (user: string) => ({ userId: user as UserId, deviceId: `${user}_device` as DeviceId });

interface End {
  readonly ends: SessionEnds;
  stored: Uint8Array;
}

/** What the loops below take for granted; a figure of a loop that fails is no figure. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The workload lost its state.');
  return value;
}

async function seal(end: End): Promise<Uint8Array> {
  const record = present(readSessionRecord(end.stored));
  const session = present(record.sessions[0]);
  const outcome = await sealInSession(end.ends, session, 'conversation', MESSAGE);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  end.stored = writeSessionRecord(withSentSession(record, session, outcome.session));
  return outcome.payload;
}

async function makeHandshake(provider: CryptoProvider, self: DeviceIdentity, other: DeviceIdentity) {
  const rotating = await generateRotatingPreKeys(provider, 1, NOW);
  const oneTime = await generateOneTimePreKeys(provider, 2);
  const bundle = {
    address: other.address,
    identity: other.publicIdentity,
    signedPreKey: await signPreKey(profile, other, 'signed_pre_key', 1, rotating.signedPreKey.publicKey),
    oneTimePreKey: { keyId: 2, publicKey: oneTime.curve.publicKey },
    kemPreKey: {
      ...(await signPreKey(profile, other, 'kem_one_time', 2, oneTime.kem.publicKey)),
      use: 'one_time' as const,
    },
  };
  const preKeys = { signedPreKey: rotating.signedPreKey, oneTimePreKey: oneTime.curve, kemPreKey: oneTime.kem };
  const initiate = async (): Promise<Uint8Array> => {
    const outcome = await initiateSession(provider, profile, self, bundle, NOW);
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    return writeSessionRecord(withNewSession(EMPTY_RECORD, outcome.session));
  };
  return { preKeys, initiate };
}

/** `unitsPerCall`: what one call of `unit` counts for. */
async function rateOf(cpuMs: CpuClock, unit: () => Promise<unknown>, unitsPerCall = 1): Promise<Rate> {
  const rounds: Rate[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const cpuStart = await cpuMs();
    const start = performance.now();
    let count = 0;
    while (performance.now() - start < ROUND_MS) {
      for (let index = 0; index < 10; index += 1) await unit();
      count += 10;
    }
    const milliseconds = performance.now() - start;
    const cpuMilliseconds = (await cpuMs()) - cpuStart;
    const rate = (elapsed: number) => Math.round((count * unitsPerCall * 1_000) / elapsed);
    rounds.push({ perSecond: rate(milliseconds), perCpuSecond: rate(cpuMilliseconds) });
  }
  return {
    perSecond: Math.max(...rounds.map(({ perSecond }) => perSecond)),
    perCpuSecond: Math.max(...rounds.map(({ perCpuSecond }) => perCpuSecond)),
  };
}

export async function measure(provider: CryptoProvider, cpuMs: CpuClock): Promise<Figures> {
  const alice = await openIdentity(provider, addressOf('alice'), await generateIdentitySecrets(provider));
  const bob = await openIdentity(provider, addressOf('bob'), await generateIdentitySecrets(provider));
  const { preKeys, initiate } = await makeHandshake(provider, alice, bob);
  const aliceEnd: End = { ends: { provider, profile, self: alice, peer: bob.address }, stored: await initiate() };
  const bobEnd: End = {
    ends: { provider, profile, self: bob, peer: alice.address },
    stored: writeSessionRecord(EMPTY_RECORD),
  };

  const open = async (end: End, payload: Uint8Array): Promise<void> => {
    const outcome = await openPayload(end.ends, {
      record: present(readSessionRecord(end.stored)),
      conversation: 'conversation',
      payload,
      findPreKeys: async () => preKeys,
      expectedIdentity: undefined,
      nowMs: NOW,
    });
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    end.stored = writeSessionRecord(outcome.record);
  };

  const first = await seal(aliceEnd);
  await open(bobEnd, first);
  await open(aliceEnd, await seal(bobEnd));
  const later = await seal(aliceEnd);
  await open(bobEnd, later);

  const pingPong = await rateOf(
    cpuMs,
    async () => {
      await open(aliceEnd, await seal(bobEnd));
      await open(bobEnd, await seal(aliceEnd));
    },
    2,
  );
  const stateBytes = aliceEnd.stored.length;
  const oneWay = await rateOf(cpuMs, async () => open(bobEnd, await seal(aliceEnd)));
  const largestJumpMs = await measureJump(aliceEnd, (payload) => open({ ...bobEnd }, payload));
  const handshakes = await rateOf(cpuMs, async () => {
    const start = { ...aliceEnd, stored: await initiate() };
    await open({ ...bobEnd, stored: writeSessionRecord(EMPTY_RECORD) }, await seal(start));
  });
  return {
    provider: provider.name,
    oneWay,
    pingPong,
    senderKey: await measureSenderKey(provider, cpuMs, alice),
    signAndVerify: await measureSignAndVerify(provider, cpuMs),
    handshakes,
    mediaMiB: await measureMedia(provider, cpuMs),
    largestJumpMs,
    firstMessageBytes: first.length,
    laterOverheadBytes: later.length - MESSAGE.length,
    stateBytes,
  };
}

async function measureJump(from: End, open: (payload: Uint8Array) => Promise<void>): Promise<number> {
  let payload: Uint8Array = new Uint8Array();
  for (let index = 0; index <= E2EE_LIMITS.forwardJumpMax; index += 1) payload = await seal(from);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await open(payload);
    times.push(performance.now() - start);
  }
  return Math.round(Math.min(...times));
}

async function measureSenderKey(provider: CryptoProvider, cpuMs: CpuClock, sender: DeviceIdentity): Promise<Rate> {
  const scope = { groupId: 'group', sender: sender.address, epoch: 1, membershipHash: new Uint8Array(32) };
  const fresh = async () => {
    const key = await generateSenderKey(provider, scope, NOW);
    return {
      own: writeOwnSenderKey({ key, sharedWith: [], earlier: [] }),
      peer: writePeerSenderKeys([present(readDistribution(writeDistribution(key), 'group', sender.address))]),
      left: 100,
    };
  };
  let state = await fresh();
  return rateOf(cpuMs, async () => {
    // As in use: a new key after each hundred messages.
    if (state.left === 0) state = await fresh();
    const record = present(readOwnSenderKey(state.own));
    const sealed = await sealGroupMessage(provider, record.key, MESSAGE);
    const [key] = present(readPeerSenderKeys(state.peer));
    const outcome = await openGroupMessage(provider, present(key), present(parseGroupMessage(sealed.payload)));
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    state = {
      own: writeOwnSenderKey({ ...record, key: sealed.key }),
      peer: writePeerSenderKeys([outcome.key]),
      left: state.left - 1,
    };
  });
}

/** As many bytes as a group message of this size signs. */
async function measureSignAndVerify(provider: CryptoProvider, cpuMs: CpuClock): Promise<Rate> {
  const seed = provider.randomBytes(32);
  const publicKey = await provider.ed25519.publicKey(seed);
  const message = provider.randomBytes(400);
  return rateOf(cpuMs, async () => {
    const signature = await provider.ed25519.sign(seed, message);
    if (!(await provider.ed25519.verify(publicKey, message, signature))) throw new Error('A signature did not verify.');
  });
}

/** Encrypts files of 1 MiB; the rate is in MiB. */
function measureMedia(provider: CryptoProvider, cpuMs: CpuClock): Promise<Rate> {
  const file = new Uint8Array(1_048_576);
  return rateOf(cpuMs, async () => {
    let sealedBytes = 0;
    for await (const chunk of sealMedia(provider, [file])) sealedBytes += chunk.length;
    if (sealedBytes <= file.length) throw new Error('The file was not encrypted as a whole.');
  });
}
