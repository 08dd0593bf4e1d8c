import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CONVERSATION, makePair, NOW } from '../../test/people.ts';
import { makeSessionPeers, openAt, recordOf, sealFrom, startSession } from '../../test/sessions.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import { generateSenderKey } from '../groups/sender-key.ts';
import { generateIdentitySecrets } from '../identity/device-identity.ts';
import { sealMedia } from '../media/seal-media.ts';
import { StateVault } from '../store/state-vault.ts';
import { base64UrlOf, hexOf, utf8 } from './bytes.ts';
import { SecretBytes } from './secret-bytes.ts';

/** Every secret found anywhere in a value, and everything that could be printed of it. */
function secretsIn(value: unknown, found: SecretBytes[] = []): SecretBytes[] {
  if (value instanceof SecretBytes) found.push(value);
  else if (value instanceof Map) for (const each of value.values()) secretsIn(each, found);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const each of Object.values(value)) secretsIn(each, found);
  }
  return found;
}

function expectHidden(value: unknown, secretCountMin: number): void {
  const secrets = secretsIn(value);
  expect(secrets.length).toBeGreaterThanOrEqual(secretCountMin);
  const printed = [JSON.stringify(value), inspect(value, { depth: 20, maxArrayLength: null }), String(value)].join(
    '\n',
  );
  for (const secret of secrets) {
    const bytes = secret.reveal();
    const forms = [hexOf(bytes), base64UrlOf(bytes), bytes.join(','), Array.from(bytes).join(', ')];
    for (const form of forms) expect(printed).not.toContain(form);
    expect(`${secret}${JSON.stringify(secret)}${inspect(secret)}`).toBe('[secret]"[secret]"[secret]');
  }
}

describe('secrets', () => {
  it('never show in what JSON.stringify, String or console.log make of the objects of this package', async () => {
    const [alice, bob] = await makeSessionPeers();
    await startSession(alice, bob);
    await sealFrom(alice, 'skipped');
    await openAt(bob, await sealFrom(alice, 'hello'));
    expectHidden(recordOf(alice), 2);
    expectHidden(recordOf(bob), 3);
    expectHidden(bob.preKeys, 3);
    expectHidden(await generateIdentitySecrets(nodeProvider), 2);
    const scope = { groupId: 'grp', sender: alice.bundle.address, epoch: 1, membershipHash: new Uint8Array(32) };
    expectHidden(await generateSenderKey(nodeProvider, scope, NOW), 2);
    const sealing = sealMedia(nodeProvider, [utf8('file')]);
    await sealing.next();
    expectHidden((await sealing.next()).value, 1);
  });

  it('never show in a device, its context or its errors', async () => {
    const [alice, bob] = await makePair();
    const recipients = [await bob.recipient()];
    const body = utf8('canary text of a message');
    await alice.device.send({ messageId: 'm', conversation: CONVERSATION, body, recipients, nowMs: NOW });
    const printed = `${inspect(alice.device, { depth: 20 })}${JSON.stringify(alice.device)}${inspect(alice.context.vault)}`;
    expect(printed).not.toContain('canary');
    expect(printed).not.toMatch(/\d+, ?\d+, ?\d+, ?\d+/);
    const key = new SecretBytes(new Uint8Array(32).fill(0xab));
    const wrong = new StateVault(nodeProvider, key);
    const attempt = () => wrong.open({ kind: 'session', id: 'x' }, new Uint8Array(100));
    expect(attempt).toThrow(/cannot be read/);
    try {
      attempt();
    } catch (error) {
      expect(inspect(error, { showHidden: true })).not.toMatch(/abab|171/);
    }
  });
});
