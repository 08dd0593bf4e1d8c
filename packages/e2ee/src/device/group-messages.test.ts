import { describe, expect, it } from 'vitest';
import { addressOf, CONVERSATION, makeDevice, NOW, type TestDevice } from '../../test/people.ts';
import { textOf, utf8 } from '../bytes/bytes.ts';
import { sealGroupMessage } from '../groups/group-message.ts';
import type { GroupRole, MembershipState } from '../groups/membership-log.ts';
import { generateSenderKey } from '../groups/sender-key.ts';
import { readOwnSenderKey } from '../groups/sender-key-codec.ts';
import { readDistribution, writeDistribution } from '../groups/sender-key-distribution.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import { type Content, writeContent } from './content.ts';
import { DurableStep } from './durable-step.ts';
import { sendContent } from './send-content.ts';

const GROUP = 'grp_0000000000007';

const membershipOf = (epoch: number, ...devices: readonly TestDevice[]): MembershipState => ({
  groupId: GROUP,
  height: epoch,
  hash: new Uint8Array(32).fill(epoch),
  epoch,
  epochHash: new Uint8Array(32).fill(epoch),
  members: new Map(devices.map(({ address }) => [address.userId, 'member' as GroupRole])),
});

let items = 0;

/** Sends to the group, sharing the sender key with whoever lacks it. */
async function speak(
  from: TestDevice,
  membership: MembershipState,
  others: readonly TestDevice[],
  text: string,
  nowMs = NOW,
): Promise<Uint8Array> {
  const devices = others.map(({ address }) => address);
  const request = { messageId: `${text} ${from.address.deviceId}`, body: utf8(text), membership, devices, nowMs };
  const outcome = await from.device.sendToGroup(request);
  if (outcome.kind === 'sealed') return outcome.payload;
  if (outcome.kind === 'refused') throw new Error(`Refused: ${outcome.reason}.`);
  const lacking = others.filter(({ address }) => outcome.addresses.includes(address));
  const recipients = await Promise.all(lacking.map((other) => other.recipient()));
  const shared = await from.device.shareSenderKey({ membership, devices, recipients, nowMs });
  if (shared.kind !== 'sealed') throw new Error(`Sharing failed: ${shared.kind}.`);
  for (const { address, payload } of shared.payloads) {
    items += 1;
    const to = others.find((other) => other.address === address);
    const request = {
      itemId: `${items}`,
      from: from.address,
      conversation: GROUP,
      payload,
      expectedIdentity: undefined,
      nowMs,
    };
    // The key itself stays inside.
    expect(await to?.device.receive(request)).toEqual({ kind: 'received', content: { kind: 'sender_key' } });
  }
  const sealed = await from.device.sendToGroup(request);
  if (sealed.kind !== 'sealed') throw new Error(`Sending failed: ${sealed.kind}.`);
  return sealed.payload;
}

async function hear(to: TestDevice, from: TestDevice, memberships: readonly MembershipState[], payload: Uint8Array) {
  items += 1;
  const outcome = await to.device.receiveFromGroup({
    itemId: `${items}`,
    groupId: GROUP,
    from: from.address,
    payload,
    membershipAt: (epoch) => memberships.find((membership) => membership.epoch === epoch),
  });
  if (outcome.kind === 'undecryptable') return `[${outcome.reason}]`;
  return outcome.kind === 'received' && outcome.content.kind === 'message'
    ? textOf(outcome.content.body)
    : `[${outcome.kind}]`;
}

const makeFour = () => Promise.all([1, 2, 3, 4].map((user) => makeDevice(addressOf(user))));

describe('group messages', () => {
  it('[G1] one payload is read by all, in any order, once', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob, carol);
    const payloads = [];
    for (const text of ['one', 'two', 'three']) payloads.push(await speak(alice, group, [bob, carol], text));
    for (const listener of [bob, carol]) {
      expect(await hear(listener, alice, [group], payloads[2] ?? new Uint8Array())).toBe('three');
      expect(await hear(listener, alice, [group], payloads[0] ?? new Uint8Array())).toBe('one');
      expect(await hear(listener, alice, [group], payloads[1] ?? new Uint8Array())).toBe('two');
      expect(await hear(listener, alice, [group], payloads[1] ?? new Uint8Array())).toBe('[duplicate]');
    }
    expect((payloads[0]?.length ?? 0) - 'one'.length).toBeLessThan(96);
  });

  it('[G1] no member can speak as another, no byte can be changed, no payload be read under another name', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob, carol);
    const payload = await speak(alice, group, [bob, carol], 'text');
    await speak(bob, group, [alice, carol], 'other');
    for (let at = 0; at < payload.length; at += 1) {
      const spoilt = payload.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(await hear(carol, alice, [group], spoilt)).toMatch(/^\[(malformed|key_unknown|not_authentic)\]$/);
    }
    expect(await hear(carol, bob, [group], payload)).toBe('[key_unknown]');
    expect(await hear(carol, alice, [group], payload.slice(0, 50))).toBe('[malformed]');
    expect(await hear(carol, alice, [group], payload)).toBe('text');
  });

  it('[G2] who leaves reads nothing sent after, who joins nothing sent before', async () => {
    const [alice, bob, carol, dave] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const before = membershipOf(1, alice, bob, carol);
    const early = await speak(alice, before, [bob, carol], 'early');
    const after = membershipOf(2, alice, bob, dave);
    const late = await speak(alice, after, [bob, dave], 'late');
    expect(await hear(bob, alice, [before, after], early)).toBe('early');
    expect(await hear(bob, alice, [before, after], late)).toBe('late');
    expect(await hear(carol, alice, [before, after], late)).toBe('[key_unknown]');
    expect(await hear(dave, alice, [before, after], early)).toBe('[key_unknown]');
    expect(await hear(dave, alice, [before, after], late)).toBe('late');
  });

  it('[G2] a sender key is replaced after 100 messages and after 7 days', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob);
    const keyIds = new Set<string>();
    const idOf = (payload: Uint8Array) => payload.slice(1, 9).join();
    for (let count = 0; count < E2EE_LIMITS.senderKeyMessagesMax; count += 1) {
      keyIds.add(idOf(await speak(alice, group, [bob], `message ${count}`)));
    }
    expect(keyIds.size).toBe(1);
    keyIds.add(idOf(await speak(alice, group, [bob], 'after 100')));
    expect(keyIds.size).toBe(2);
    keyIds.add(idOf(await speak(alice, group, [bob], 'after a week', NOW + E2EE_LIMITS.senderKeyAgeMsMax)));
    expect(keyIds.size).toBe(3);
  });

  it('[G3] a message of an epoch that the own log does not know, or by a non-member, is not shown', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob);
    const payload = await speak(alice, group, [bob], 'text');
    expect(await hear(bob, alice, [], payload)).toBe('[epoch_unknown]');
    const forged = { ...group, epochHash: new Uint8Array(32).fill(9) };
    expect(await hear(bob, alice, [forged], payload)).toBe('[epoch_unknown]');
    expect(await hear(bob, alice, [membershipOf(1, bob, carol)], payload)).toBe('[sender_not_a_member]');
    expect(await hear(bob, alice, [group], payload)).toBe('text');
  });

  it('[G4] no device is skipped: one that lacks the key stops the send; a later one gets the later position only', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob, carol);
    const early = await speak(alice, group, [bob], 'early');
    const devices = [bob.address, carol.address];
    const request = { messageId: 'm', body: utf8('m'), membership: group, devices, nowMs: NOW };
    expect(await alice.device.sendToGroup(request)).toEqual({ kind: 'share_needed', addresses: [carol.address] });
    const late = await speak(alice, group, [bob, carol], 'late');
    expect(await hear(carol, alice, [group], early)).toBe('[duplicate]');
    expect(await hear(carol, alice, [group], late)).toBe('late');
  });

  it('[G2] a device that has left its account reads nothing sent after, and is not heard any more once forgotten', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const stolen = await makeDevice(addressOf(2, 2));
    const group = membershipOf(1, alice, bob, carol);
    await speak(alice, group, [bob, stolen, carol], 'before');
    const byThief = await speak(stolen, group, [alice, bob, carol], 'by the thief');
    const after = await speak(alice, group, [bob, carol], 'after');
    expect(await hear(stolen, alice, [group], after)).toBe('[key_unknown]');
    expect(await hear(bob, alice, [group], after)).toBe('after');
    await carol.device.forgetDevice(stolen.address);
    expect(await hear(carol, stolen, [group], byThief)).toBe('[key_unknown]');
    expect(await hear(bob, stolen, [group], byThief)).toBe('by the thief');
  });

  it('[G2] two branches of the log with the same epoch number do not share a sender key', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    await speak(alice, membershipOf(2, alice, bob, carol), [bob, carol], 'one branch');
    const other = { ...membershipOf(2, alice, bob), epochHash: new Uint8Array(32).fill(99) };
    const payload = await speak(alice, other, [bob], 'the other');
    expect(await hear(bob, alice, [other], payload)).toBe('the other');
    expect(await hear(carol, alice, [other], payload)).toBe('[key_unknown]');
  });

  it('[G3] nothing is sent under an epoch older than one that was used already', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    await speak(alice, membershipOf(3, alice, bob), [bob], 'new epoch');
    const old = membershipOf(2, alice, bob, carol);
    const devices = [bob.address, carol.address];
    const request = { messageId: 'm', body: utf8('m'), membership: old, devices, nowMs: NOW };
    expect(await alice.device.sendToGroup(request)).toEqual({ kind: 'refused', reason: 'epoch_rolled_back' });
    const recipients = [await carol.recipient()];
    const shared = await alice.device.shareSenderKey({ membership: old, devices, recipients, nowMs: NOW });
    expect(shared).toEqual({ kind: 'refused', address: undefined, reason: 'epoch_rolled_back' });
  });

  it('[G3] a device whose user is not in the group gets no key, whatever list of devices the server gives', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const membership = membershipOf(1, alice, bob);
    const devices = [bob.address, carol.address];
    const request = { messageId: 'm', body: utf8('m'), membership, devices, nowMs: NOW };
    const reason = 'device_not_of_a_member';
    expect(await alice.device.sendToGroup(request)).toEqual({ kind: 'refused', reason });
    const recipients = [await carol.recipient()];
    for (const listed of [devices, [bob.address]]) {
      const outcome = await alice.device.shareSenderKey({ membership, devices: listed, recipients, nowMs: NOW });
      expect(outcome).toEqual({ kind: 'refused', address: carol.address, reason });
    }
    expect(await alice.device.generation()).toBe(0);
  });

  it('[R5] a message id of another conversation is refused in a group too', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const recipients = [await bob.recipient()];
    const body = utf8('private');
    await alice.device.send({ messageId: 'm', conversation: CONVERSATION, body, recipients, nowMs: NOW });
    const membership = membershipOf(1, alice, bob);
    const request = { messageId: 'm', body, membership, devices: [bob.address], nowMs: NOW };
    await expect(alice.device.sendToGroup(request)).rejects.toThrow(/another conversation/);
  });

  it('[G2] the start of a sender key is gone from the store when the key is replaced', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    await speak(alice, membershipOf(1, alice, bob), [bob], 'one');
    const sharesOf = async () => {
      const ids = await alice.context.store.list('outgoing', '', 100);
      return ids.filter((id) => id.startsWith('sender_key/'));
    };
    const first = await sharesOf();
    expect(first.length).toBe(1);
    await speak(alice, membershipOf(2, alice, bob), [bob], 'two');
    const second = await sharesOf();
    expect(second.length).toBe(1);
    expect(second).not.toEqual(first);
    await alice.device.settleOutgoing(second);
    expect(await sharesOf()).toEqual([]);
  });

  it('[R7] a device that lost its keys asks and gets the message through its session, a stranger does not', async () => {
    const [alice, bob, carol] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob);
    const payload = await speak(alice, group, [bob], 'text');
    // A newer key of the sender's does not take the right away.
    await speak(alice, membershipOf(2, alice, bob), [bob], 'newer');
    expect(await hear(carol, alice, [group], payload)).toBe('[key_unknown]');
    const messageId = `text ${alice.address.deviceId}`;
    const refused = await alice.device.resend({
      itemId: 'r',
      messageId,
      recipient: await carol.recipient(),
      nowMs: NOW,
    });
    expect(refused).toEqual({ kind: 'not_available' });
    const again = await alice.device.resend({ itemId: 'r', messageId, recipient: await bob.recipient(), nowMs: NOW });
    if (again.kind !== 'sealed') throw new Error('The resend was not sealed.');
    const request = {
      itemId: 'again',
      from: alice.address,
      conversation: GROUP,
      payload: again.payload,
      expectedIdentity: undefined,
      nowMs: NOW,
    };
    const outcome = await bob.device.receive(request);
    expect(outcome.kind === 'received' && outcome.content.kind === 'message' && textOf(outcome.content.body)).toBe(
      'text',
    );
  });

  it('cross-use: a session payload is no group message and a group message no session payload', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob);
    const groupPayload = await speak(alice, group, [bob], 'text');
    const base = { itemId: 'x', from: alice.address, conversation: GROUP, expectedIdentity: undefined, nowMs: NOW };
    const asSession = await bob.device.receive({ ...base, payload: groupPayload });
    expect(asSession).toEqual({ kind: 'undecryptable', reason: 'malformed', canHeal: true });
    const recipients = [await bob.recipient()];
    const sent = await alice.device.send({
      messageId: 'm',
      conversation: GROUP,
      body: utf8('m'),
      recipients,
      nowMs: NOW,
    });
    if (sent.kind !== 'sealed') throw new Error('Sending failed.');
    for (const { payload } of sent.payloads) expect(await hear(bob, alice, [group], payload)).toBe('[malformed]');
  });

  it('cross-use: neither a key nor a request for a message travels in a group message, whoever signs it', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const group = membershipOf(1, alice, bob);
    await speak(alice, group, [bob], 'text');
    const name = recordNames.ownSenderKey(GROUP);
    const stored = await alice.context.store.read(name);
    const own = stored && readOwnSenderKey(alice.context.vault.open(name, stored.sealed));
    if (own === undefined) throw new Error('There is no sender key.');
    const contents: Content[] = [
      { kind: 'sender_key', body: writeDistribution(own.key) },
      { kind: 'resend_request', messageId: 'm' },
    ];
    for (const content of contents) {
      const { payload } = await sealGroupMessage(alice.context.provider, own.key, writeContent(content));
      expect(await hear(bob, alice, [group], payload)).toBe('[malformed]');
    }
  });

  it('cross-use: a sender key for one group is nothing in another conversation', async () => {
    const [alice, bob] = (await makeFour()) as [TestDevice, TestDevice, TestDevice, TestDevice];
    const scope = { groupId: GROUP, sender: alice.address, epoch: 1, membershipHash: new Uint8Array(32) };
    const body = writeDistribution(await generateSenderKey(alice.context.provider, scope, NOW));
    expect(readDistribution(body, GROUP, alice.address)).toBeDefined();
    expect(readDistribution(body, 'grp_0000000000008', alice.address)).toBeUndefined();
    const outcome = await sendContent(
      alice.context,
      new DurableStep(alice.context.store, alice.context.vault),
      { messageId: 's', conversation: CONVERSATION, recipients: [await bob.recipient()], nowMs: NOW },
      { kind: 'sender_key', body },
    );
    if (outcome.kind !== 'sealed') throw new Error('Sending failed.');
    const item = {
      itemId: 's',
      from: alice.address,
      conversation: CONVERSATION,
      expectedIdentity: undefined,
      nowMs: NOW,
    };
    await bob.device.receive({ ...item, payload: outcome.payloads[0]?.payload ?? new Uint8Array() });
    expect(await bob.context.store.list('peer_sender_keys', '', 10)).toEqual([]);
  });
});
