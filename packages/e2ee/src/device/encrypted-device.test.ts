import { describe, expect, it } from 'vitest';
import { addressOf, CONVERSATION, makeDevice, makePair, NOW, type TestDevice } from '../../test/people.ts';
import { textOf, utf8 } from '../bytes/bytes.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { SessionRecord } from '../session/session-record.ts';
import { readSessionRecord, writeSessionRecord } from '../session/session-record-codec.ts';
import { recordNames } from '../store/record-names.ts';
import { DamagedStateError, StateVault } from '../store/state-vault.ts';
import { EncryptedDevice, RolledBackStateError } from './encrypted-device.ts';
import { resendRequestId } from './heal.ts';

async function send(from: TestDevice, to: TestDevice, messageId: string, nowMs = NOW): Promise<Uint8Array> {
  const recipients = [await to.recipient()];
  const outcome = await from.device.send({
    messageId,
    conversation: CONVERSATION,
    body: utf8(messageId),
    recipients,
    nowMs,
  });
  const payload = outcome.kind === 'sealed' ? outcome.payloads[0]?.payload : undefined;
  if (payload === undefined) throw new Error(`Sending failed: ${outcome.kind}.`);
  return payload;
}

let items = 0;
async function receive(to: TestDevice, from: TestDevice, payload: Uint8Array, nowMs = NOW): Promise<string> {
  items += 1;
  const outcome = await to.device.receive({
    itemId: `item ${items}`,
    from: from.address,
    conversation: CONVERSATION,
    payload,
    expectedIdentity: from.context.self.publicIdentity,
    nowMs,
  });
  if (outcome.kind === 'undecryptable') return `[${outcome.reason}]`;
  if (outcome.kind === 'duplicate') return '[duplicate]';
  return outcome.content.kind === 'message' ? textOf(outcome.content.body) : `[${outcome.content.kind}]`;
}

/** Makes what takes days or much traffic: a record in another state. */
async function changeRecord(
  { context }: TestDevice,
  peer: TestDevice,
  change: (record: SessionRecord) => SessionRecord,
): Promise<void> {
  const name = recordNames.session(peer.address);
  const stored = await context.store.read(name);
  const record = stored && readSessionRecord(context.vault.open(name, stored.sealed));
  if (stored === undefined || record === undefined) throw new Error('There is no session record.');
  const sealed = context.vault.seal(name, writeSessionRecord(change(record)));
  await context.store.commit([{ name, expectedVersion: stored.version, sealed }]);
}

describe('EncryptedDevice', () => {
  it('[R5] the same message id gives the same bytes, also after a restart', async () => {
    const [alice, bob] = await makePair();
    const payload = await send(alice, bob, 'first');
    const reopened = { ...alice, device: await alice.reopen() };
    expect(await send(reopened, bob, 'first')).toEqual(payload);
    expect(await receive(bob, alice, payload)).toBe('first');
  });

  it('[R5] an item that comes again before it is settled gives the same content, after that it is a duplicate', async () => {
    const [alice, bob] = await makePair();
    const payload = await send(alice, bob, 'first');
    const request = {
      itemId: 'i',
      from: alice.address,
      conversation: CONVERSATION,
      payload,
      expectedIdentity: undefined,
      nowMs: NOW,
    };
    const first = await bob.device.receive(request);
    expect(await (await bob.reopen()).receive(request)).toEqual(first);
    await bob.device.settleIncoming(['i']);
    expect(await bob.device.receive(request)).toEqual({ kind: 'duplicate' });
  });

  it('an item id that the server gives to two senders does not put words into a mouth', async () => {
    const [alice, bob] = await makePair();
    const carol = await makeDevice(addressOf(3));
    const base = { itemId: 'same', conversation: CONVERSATION, expectedIdentity: undefined, nowMs: NOW };
    const fromAlice = { ...base, from: alice.address, payload: await send(alice, bob, 'by alice') };
    expect((await bob.device.receive(fromAlice)).kind).toBe('received');
    const reused = { kind: 'undecryptable', reason: 'item_id_reused', canHeal: false };
    const fromCarol = { ...base, from: carol.address, payload: await send(carol, bob, 'by carol') };
    expect(await bob.device.receive(fromCarol)).toEqual(reused);
    expect(await bob.device.receive({ ...fromAlice, conversation: 'grp_0000000000007' })).toEqual(reused);
  });

  it('ids that could not be read back, and a message id of another conversation, are refused before anything is written', async () => {
    const [alice, bob] = await makePair();
    const request = {
      messageId: 'm',
      conversation: CONVERSATION,
      body: utf8('m'),
      recipients: [await bob.recipient()],
      nowMs: NOW,
    };
    await expect(alice.device.send({ ...request, conversation: 'ü'.repeat(33) })).rejects.toThrow(RangeError);
    await expect(alice.device.send({ ...request, messageId: 'm'.repeat(201) })).rejects.toThrow(RangeError);
    const item = { from: bob.address, conversation: CONVERSATION, payload: utf8('x'), nowMs: NOW };
    const tooLong = { ...item, itemId: 'i'.repeat(181), expectedIdentity: undefined };
    await expect(alice.device.receive(tooLong)).rejects.toThrow(RangeError);
    expect(resendRequestId('i'.repeat(180)).length).toBeLessThanOrEqual(E2EE_LIMITS.messageIdBytesMax);
    expect(await alice.device.generation()).toBe(0);
    await alice.device.send(request);
    await expect(alice.device.send({ ...request, conversation: 'grp_0000000000007' })).rejects.toThrow(
      /another conversation/,
    );
  });

  it('a device without a session needs a bundle and nothing happens until it has one', async () => {
    const [alice, bob] = await makePair();
    const recipients = [{ address: bob.address, expectedIdentity: undefined, bundle: undefined }];
    const request = { messageId: 'm', conversation: CONVERSATION, body: utf8('m'), recipients, nowMs: NOW };
    expect(await alice.device.send(request)).toEqual({ kind: 'bundles_needed', addresses: [bob.address] });
    expect(await alice.device.generation()).toBe(0);
  });

  it('[R7] two devices that start at once read each other and settle on one session', async () => {
    const [alice, bob] = await makePair();
    const [fromAlice, fromBob] = [await send(alice, bob, 'a1'), await send(bob, alice, 'b1')];
    expect(await receive(bob, alice, fromAlice)).toBe('a1');
    expect(await receive(alice, bob, fromBob)).toBe('b1');
    for (let round = 2; round < 6; round += 1) {
      expect(await receive(bob, alice, await send(alice, bob, `a${round}`))).toBe(`a${round}`);
      expect(await receive(alice, bob, await send(bob, alice, `b${round}`))).toBe(`b${round}`);
    }
    // A later message needs no initial fields any more.
    expect((await send(alice, bob, 'settled')).length).toBeLessThan(100);
  });

  it('[R7] a device that lost its sessions asks, the sender encrypts anew, and only for a device the message was for', async () => {
    const [alice, bob] = await makePair();
    const carol = await makeDevice(addressOf(3));
    await receive(bob, alice, await send(alice, bob, 'hello'));
    await receive(alice, bob, await send(bob, alice, 'hello too'));
    const payload = await send(alice, bob, 'unreadable');
    await bob.device.forgetDevice(alice.address);
    expect(await receive(bob, alice, payload)).toBe('[session_unknown]');

    const sender = await alice.recipient();
    const draft = { itemId: 'i', messageId: 'unreadable', conversation: CONVERSATION, sender, nowMs: NOW };
    const request = await bob.device.requestResend(draft);
    expect(await bob.device.requestResend(draft)).toEqual(request);
    if (request.kind !== 'sealed') throw new Error('The request was not sealed.');
    expect(await receive(alice, bob, request.payload)).toBe('[resend_request]');

    const stranger = await alice.device.resend({
      itemId: 'c',
      messageId: 'unreadable',
      recipient: await carol.recipient(),
      nowMs: NOW,
    });
    expect(stranger).toEqual({ kind: 'not_available' });
    const recipient = await bob.recipient();
    const orderOf = (count: number) => ({ itemId: `request ${count}`, messageId: 'unreadable', recipient, nowMs: NOW });
    for (let count = 0; count < E2EE_LIMITS.resendsMax; count += 1) {
      const outcome = await alice.device.resend(orderOf(count));
      expect(await alice.device.resend(orderOf(count))).toEqual(outcome);
      if (outcome.kind !== 'sealed') throw new Error('The resend was not sealed.');
      expect(await receive(bob, alice, outcome.payload)).toBe('unreadable');
    }
    expect(await alice.device.resend(orderOf(99))).toEqual({ kind: 'too_many_resends' });
    await alice.device.settleOutgoing(['unreadable', resendRequestId('i')]);
    expect(await alice.device.resend(orderOf(99))).toEqual({ kind: 'not_available' });
  });

  it('[R7] a sender whose handshakes are no longer remembered is read through a session of the other direction', async () => {
    const [alice, bob] = await makePair();
    await receive(bob, alice, await send(alice, bob, 'hello'));
    const handshakes = Array.from({ length: E2EE_LIMITS.handshakesRememberedMax }, (_, index) => ({
      baseKey: new Uint8Array(32).fill(index),
      acceptedAtMs: NOW,
    }));
    await changeRecord(bob, alice, (record) => ({ ...record, handshakes }));

    await alice.device.forgetDevice(bob.address);
    const payload = await send(alice, bob, 'on a new session');
    const item = { itemId: 'new', from: alice.address, conversation: CONVERSATION, payload, nowMs: NOW };
    const outcome = await bob.device.receive({ ...item, expectedIdentity: undefined });
    expect(outcome).toEqual({ kind: 'undecryptable', reason: 'too_many_handshakes', canHeal: true });
    const sender = await alice.recipient();
    const draft = { itemId: 'new', messageId: 'on a new session', conversation: CONVERSATION, sender, nowMs: NOW };
    const request = await bob.device.requestResend(draft);
    if (request.kind !== 'sealed') throw new Error('The request was not sealed.');
    expect(await receive(alice, bob, request.payload)).toBe('[resend_request]');
    const order = { itemId: 'r', messageId: 'on a new session', recipient: await bob.recipient(), nowMs: NOW };
    const again = await alice.device.resend(order);
    if (again.kind !== 'sealed') throw new Error('The resend was not sealed.');
    expect(await receive(bob, alice, again.payload)).toBe('on a new session');
  });

  it('[R3] a session that was never answered is given up after 30 days', async () => {
    const [alice, bob] = await makePair();
    await send(alice, bob, 'first');
    const later = NOW + E2EE_LIMITS.unansweredSessionAgeMsMax + 1;
    const recipients = [{ address: bob.address, expectedIdentity: undefined, bundle: undefined }];
    const request = { messageId: 'm', conversation: CONVERSATION, body: utf8('m'), recipients };
    expect((await alice.device.send({ ...request, nowMs: later })).kind).toBe('bundles_needed');
    expect((await alice.device.send({ ...request, nowMs: later - 1 })).kind).toBe('sealed');
  });

  it('[R3] 40 replaced sessions still read late messages, the 41st does not', async () => {
    const [alice, bob] = await makePair();
    const late: Uint8Array[] = [];
    for (let index = 0; index < E2EE_LIMITS.archivedSessionsMax + 2; index += 1) {
      await alice.device.forgetDevice(bob.address);
      await receive(bob, alice, await send(alice, bob, `first ${index}`));
      late.push(await send(alice, bob, `late ${index}`));
    }
    const outcomes = [];
    for (const payload of late.slice(0, 3)) outcomes.push(await receive(bob, alice, payload));
    expect(outcomes).toEqual(['[handshake_replayed]', 'late 1', 'late 2']);
  });

  it('keys that are not those of the device list are refused on both sides', async () => {
    const [alice, bob] = await makePair();
    const mallory = await makeDevice(bob.address);
    const swapped = { ...(await bob.recipient()), bundle: await mallory.bundle() };
    const request = { messageId: 'm', conversation: CONVERSATION, body: utf8('m'), recipients: [swapped], nowMs: NOW };
    const outcome = await alice.device.send(request);
    expect(outcome).toEqual({ kind: 'refused', address: bob.address, reason: 'identity_unexpected' });

    const forged = await send(mallory, alice, 'forged');
    expect(await receive(alice, bob, forged)).toBe('[identity_unexpected]');
    // And under the name of another device the handshake's binding does not hold.
    const carol = await makeDevice(addressOf(3));
    const claim = { itemId: 'x', from: carol.address, conversation: CONVERSATION, payload: forged, nowMs: NOW };
    const claimed = await alice.device.receive({ ...claim, expectedIdentity: undefined });
    expect(claimed).toEqual({ kind: 'undecryptable', reason: 'identity_not_bound', canHeal: false });
  });

  it('without a device list the keys of the first session stay the expected ones until the device is forgotten', async () => {
    const [alice, bob] = await makePair();
    const mallory = await makeDevice(alice.address);
    const receiveUnlisted = async (payload: Uint8Array) => {
      items += 1;
      const base = { itemId: `item ${items}`, from: alice.address, conversation: CONVERSATION, nowMs: NOW };
      const outcome = await bob.device.receive({ ...base, payload, expectedIdentity: undefined });
      return outcome.kind === 'undecryptable' ? outcome.reason : outcome.kind;
    };
    expect(await receiveUnlisted(await send(alice, bob, 'first'))).toBe('received');
    const forged = await send(mallory, bob, 'forged');
    expect(await receiveUnlisted(forged)).toBe('identity_unexpected');
    // Nor does a request for a message go to keys that the server has exchanged.
    const sender = { ...(await mallory.recipient()), expectedIdentity: undefined };
    const draft = { itemId: 'i', messageId: 'first', conversation: CONVERSATION, sender, nowMs: NOW };
    expect(await bob.device.requestResend(draft)).toEqual({ kind: 'refused', reason: 'identity_unexpected' });
    await bob.device.forgetDevice(alice.address);
    expect(await receiveUnlisted(forged)).toBe('received');
  });

  it('[R2] a device that is named twice in one request gets one payload, and the session goes on', async () => {
    const [alice, bob] = await makePair();
    const recipients = [await bob.recipient(), await bob.recipient()];
    const request = { messageId: 'twice', conversation: CONVERSATION, body: utf8('twice'), recipients, nowMs: NOW };
    const outcome = await alice.device.send(request);
    if (outcome.kind !== 'sealed') throw new Error('Sending failed.');
    expect(outcome.payloads.length).toBe(1);
    expect(await receive(bob, alice, outcome.payloads[0]?.payload ?? new Uint8Array())).toBe('twice');
    expect(await receive(alice, bob, await send(bob, alice, 'answer'))).toBe('answer');
  });

  it('[R8] a one-time pair serves one handshake; pre-keys rotate weekly and answer for 30 more days', async () => {
    const [alice, bob] = await makePair();
    const bundle = await bob.bundle();
    const carol = await makeDevice(addressOf(3));
    const recipients = [{ address: bob.address, expectedIdentity: undefined, bundle }];
    const request = { messageId: 'm', conversation: CONVERSATION, body: utf8('m'), recipients, nowMs: NOW };
    const [one, two] = [await alice.device.send(request), await carol.device.send(request)];
    if (one.kind !== 'sealed' || two.kind !== 'sealed') throw new Error('Sending failed.');
    expect(await receive(bob, alice, one.payloads[0]?.payload ?? new Uint8Array())).toBe('m');
    expect(await receive(bob, carol, two.payloads[0]?.payload ?? new Uint8Array())).toBe('[pre_key_gone]');

    const dave = await makeDevice(addressOf(4));
    const stale = await send(dave, bob, 'stale');
    const week = E2EE_LIMITS.signedPreKeyAgeMsMax;
    const rotated = await bob.device.publishPreKeys({ oneTimeKeysLeft: 100, nowMs: NOW + week });
    expect(rotated.signedPreKey.keyId).not.toBe(bundle.signedPreKey.keyId);
    expect(rotated.oneTime).toEqual([]);
    await bob.device.publishPreKeys({ oneTimeKeysLeft: 100, nowMs: NOW + week + E2EE_LIMITS.replacedPreKeyAgeMsMax });
    expect(await receive(bob, dave, stale)).toBe('[pre_key_gone]');
  });

  it('[R8] a replayed initial message is refused when its memory has expired, though no key was rotated since, and after forgetting', async () => {
    const [alice, bob] = await makePair({ hasOneTimeKeys: false });
    const payload = await send(alice, bob, 'first');
    expect(await receive(bob, alice, payload)).toBe('first');
    await changeRecord(bob, alice, (record) => ({ ...record, sessions: [] }));
    expect(await receive(bob, alice, payload)).toBe('[handshake_replayed]');
    expect(await receive(bob, alice, payload, NOW + E2EE_LIMITS.handshakeMemoryMs)).toBe('[pre_key_gone]');
    await bob.device.forgetDevice(alice.address);
    expect(await receive(bob, alice, payload)).toBe('[handshake_replayed]');
  });

  it('[R6] two objects on one store never use a key twice: the slower one reads again', async () => {
    const [alice, bob] = await makePair();
    await receive(bob, alice, await send(alice, bob, 'hello'));
    const tabs = await Promise.all([alice.reopen(), alice.reopen()]);
    const recipient = await bob.recipient();
    const payloads = await Promise.all(
      tabs.flatMap((tab, index) =>
        [0, 1].map((count) => {
          const messageId = `tab ${index} message ${count}`;
          return tab.send({
            messageId,
            conversation: CONVERSATION,
            body: utf8(messageId),
            recipients: [recipient],
            nowMs: NOW,
          });
        }),
      ),
    );
    const texts = [];
    for (const outcome of payloads) {
      if (outcome.kind !== 'sealed') throw new Error('Sending failed.');
      texts.push(await receive(bob, alice, outcome.payloads[0]?.payload ?? new Uint8Array()));
    }
    expect(texts).toEqual(['tab 0 message 0', 'tab 0 message 1', 'tab 1 message 0', 'tab 1 message 1']);
  });

  it('[R6] a store that was rolled back is refused', async () => {
    const [alice, bob] = await makePair();
    await send(alice, bob, 'first');
    const seen = await alice.device.generation();
    await expect(EncryptedDevice.open(alice.context, seen)).resolves.toBeInstanceOf(EncryptedDevice);
    await expect(EncryptedDevice.open(alice.context, seen + 1)).rejects.toThrow(RolledBackStateError);
  });

  it('state at rest opens under its key and name only', async () => {
    const [alice, bob] = await makePair();
    await send(alice, bob, 'first');
    const { provider, store } = alice.context;
    const name = recordNames.session(bob.address);
    const stored = await store.read(name);
    if (stored === undefined) throw new Error('There is no session record.');
    expect(alice.context.vault.open(name, stored.sealed).length).toBeGreaterThan(200);
    const other = new StateVault(provider, new SecretBytes(new Uint8Array(32)));
    expect(() => other.open(name, stored.sealed)).toThrow(DamagedStateError);
    expect(() => alice.context.vault.open(recordNames.outgoing('first'), stored.sealed)).toThrow(DamagedStateError);
    expect(() => alice.context.vault.open(name, stored.sealed.slice(0, 20))).toThrow(DamagedStateError);
    expect(() => new StateVault(provider, new SecretBytes(new Uint8Array(31)))).toThrow(RangeError);
  });
});
