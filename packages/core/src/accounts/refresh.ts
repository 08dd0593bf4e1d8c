import type { SessionTokens } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { disconnectDevice } from './disconnect.ts';
import { makeRefreshToken, sessionTokens } from './open-session.ts';
import { ownAccount } from './own-account.ts';

type Used = Pick<
  Core,
  'accountStore' | 'deviceStore' | 'tokenSigner' | 'broker' | 'clock' | 'random' | 'digest' | 'settings' | 'log'
>;

/** AUTH-3: exchanges a refresh token for new tokens; one that was used before logs the device out. */
export async function refresh(core: Used, input: RequestOf<'refresh'>['body']): Promise<Outcome<SessionTokens>> {
  const next = makeRefreshToken(core);
  const digest = core.digest.sha256Hex(input.refresh_token);
  const outcome = await core.deviceStore.rotate(digest, next.stored, core.clock.now());
  switch (outcome.kind) {
    case 'unknown':
      return refused('TOKEN_INVALID', 'The refresh token is not valid here. No token was given; log in again.');
    case 'expired':
      return refused('TOKEN_EXPIRED', 'The refresh token has expired. No token was given; log in again.');
    case 'reused': {
      const { userId, deviceId } = outcome.device;
      core.log.warn('device.refresh_token_reused', { userId, deviceId });
      disconnectDevice(core, userId, deviceId);
      return refused(
        'REFRESH_REUSED',
        'This refresh token was used before: somebody else may have it. The device was logged out; log in again.',
      );
    }
    case 'rotated':
    case 'repeated': {
      const account = await ownAccount(core, outcome.device.userId);
      if (account.kind === 'refused') return account;
      return done(await sessionTokens(core, account.value, outcome.device, next));
    }
  }
}
