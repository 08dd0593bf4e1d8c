import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PASSWORD, Person } from './people.ts';
import type { IdentityName } from './policy-table.ts';
import type { Cast } from './scene.ts';

/** What each identity that is not let in sends as its token; `null` sends none. All would be the plain member if they were believed. */
export type Tokens = Readonly<Record<IdentityName, string | null>>;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token of the server's own key that was good until a minute ago. */
async function expiredToken(dataDirectory: string, { userId, deviceId }: Person): Promise<string> {
  const stored: unknown = JSON.parse(await readFile(join(dataDirectory, 'secrets.json'), 'utf8'));
  // The cast holds: the file is the server's own, and a wrong key would end in another refusal.
  const { signing_key } = stored as { signing_key: { kty: string; crv: string; x: string; d: string } };
  const now = Math.trunc(Date.now() / 1_000);
  const claims = {
    iss: 'parley',
    aud: 'parley',
    sub: userId,
    device_id: deviceId,
    iat: now - 660,
    exp: now - 60,
    jti: randomUUID(),
  };
  const signed = `${part({ alg: 'EdDSA', typ: 'at+jwt' })}.${part(claims)}`;
  const key = createPrivateKey({ key: signing_key, format: 'jwk' });
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

export async function makeTokens(url: string, dataDirectory: string, { owner, member }: Cast): Promise<Tokens> {
  const deleted = await Person.register(url, 'deleted');
  const body = { kind: 'group', name: 'Left', member_ids: [deleted.userId] };
  await owner.prepare('POST', '/conversations', body);
  await deleted.prepare('DELETE', '/me', { password: PASSWORD });
  const revoked = await member.logIn();
  await member.prepare('DELETE', `/devices/${revoked.deviceId}`);
  return {
    anonymous: null,
    expiredToken: await expiredToken(dataDirectory, member),
    refreshAsAccess: member.refreshToken,
    ticketAsAccess: String((await member.prepare('POST', '/auth/ticket')).ticket),
    deletedAccount: deleted.token,
    revokedDevice: revoked.token,
  };
}
