import type { SessionTokens } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { RequestOf } from '../route-call.ts';
import { openSession } from './open-session.ts';

type Used = Pick<
  Core,
  | 'accountStore'
  | 'deviceStore'
  | 'passwordHasher'
  | 'tokenSigner'
  | 'broker'
  | 'clock'
  | 'random'
  | 'digest'
  | 'ids'
  | 'settings'
  | 'log'
>;

/** AUTH-1: creates an account and its first device. `address`: the client's, for the log. */
export async function register(
  core: Used,
  input: RequestOf<'register'>['body'],
  address: string,
): Promise<Outcome<SessionTokens>> {
  if (core.settings.registration === 'closed')
    return refused('FORBIDDEN', 'This server takes no new accounts. Nothing was stored; ask its operator.');
  const outcome = await core.accountStore.create({
    userId: core.ids.userId(),
    username: input.username ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    name: input.name,
    status: null,
    avatarUrl: null,
    privacy: { last_seen: 'everyone', read_receipts: true },
    passwordHash: await core.passwordHasher.hash(input.password),
    createdAt: core.clock.now(),
  });
  if (outcome.kind === 'identifier_taken')
    return refused(
      'IDENTIFIER_TAKEN',
      `The ${FIELD_WORDS[outcome.field]} is in use. No account was created; choose another or log in.`,
      {
        fields: [{ field: outcome.field, message: 'is already in use' }],
      },
    );
  core.log.info('account.registered', { userId: outcome.account.userId, address });
  return done(await openSession(core, outcome.account, input.device_name));
}

const FIELD_WORDS = { username: 'username', email: 'e-mail address', phone: 'phone number' } as const;
