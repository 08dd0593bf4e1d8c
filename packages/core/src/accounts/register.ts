import type { SessionTokens } from '@parley/protocol';
import type { Core } from '../core.ts';
import { done, type Outcome, type Refused, refused } from '../outcome.ts';
import { invitationIdOf } from '../place/invitations.ts';
import { hasOwner, readPlace } from '../place/read-place.ts';
import { StoreError } from '../ports/store-error.ts';
import type { RequestOf } from '../route-call.ts';
import { takeRegistration } from './login-attempts.ts';
import { openSession } from './open-session.ts';

type Used = Pick<
  Core,
  | 'accountStore'
  | 'deviceStore'
  | 'placeStore'
  | 'passwordHasher'
  | 'rateLimiter'
  | 'tokenSigner'
  | 'broker'
  | 'clock'
  | 'random'
  | 'digest'
  | 'ids'
  | 'settings'
  | 'log'
>;

/** AUTH-1: creates an account and its first device. `address`: the client's, whose tries are counted (AUTH-5). */
export async function register(
  core: Used,
  input: RequestOf<'register'>['body'],
  address: string,
): Promise<Outcome<SessionTokens>> {
  const tooMany = await takeRegistration(core, address);
  if (tooMany !== undefined) return tooMany;
  const admission = await admit(core, input.invitation);
  if (admission.kind === 'refused') return admission;
  const outcome = await createAccount(core, input, admission).catch(async (error: unknown) => {
    // Of an unknown outcome the use stays counted: the account may be there.
    if (error instanceof StoreError && error.applied === 'no') await giveBack(core, admission);
    throw error;
  });
  // Somebody else was the first while the password was hashed.
  if (outcome.kind === 'not_first') return byInvitationOnly('no invitation was given');
  if (outcome.kind === 'identifier_taken') {
    await giveBack(core, admission);
    return refused(
      'IDENTIFIER_TAKEN',
      `The ${FIELD_WORDS[outcome.field]} is in use. No account was created; choose another or log in.`,
      {
        fields: [{ field: outcome.field, message: 'is already in use' }],
      },
    );
  }
  core.log.info('account.registered', { userId: outcome.account.userId, address });
  return done(await openSession(core, outcome.account, input.device_name));
}

async function createAccount(core: Used, input: RequestOf<'register'>['body'], admission: Admitted) {
  const account = {
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
  } as const;
  return await core.accountStore.create(account, admission.onlyAsFirst ? 'only_as_first' : 'always');
}

async function giveBack(core: Pick<Core, 'placeStore'>, { invitationId }: Admitted): Promise<void> {
  if (invitationId !== null) await core.placeStore.giveBack(invitationId);
}

const FIELD_WORDS = { username: 'username', email: 'e-mail address', phone: 'phone number' } as const;

interface Admitted {
  readonly kind: 'admitted';
  /** One use of it was counted. */
  readonly invitationId: string | null;
  readonly onlyAsFirst: boolean;
}

/** PLACE-3: who may make an account. The first of all needs no invitation: there is nobody who could have made one. */
async function admit(core: Used, code: string | undefined): Promise<Admitted | Refused> {
  const { registration } = await readPlace(core);
  if (registration === 'closed')
    return refused('FORBIDDEN', 'This server takes no new accounts. Nothing was stored; ask its operator.');
  if (registration === 'open') return { kind: 'admitted', invitationId: null, onlyAsFirst: false };
  if (!(await hasOwner(core))) return { kind: 'admitted', invitationId: null, onlyAsFirst: true };
  const invitationId = invitationIdOf(core, code ?? '');
  if (code !== undefined && (await core.placeStore.redeem(invitationId, core.clock.now())))
    return { kind: 'admitted', invitationId, onlyAsFirst: false };
  return byInvitationOnly(
    code === undefined ? 'no invitation was given' : 'this invitation is unknown, used up, expired or withdrawn',
  );
}

const byInvitationOnly = (state: string): Refused =>
  refused(
    'FORBIDDEN',
    `An account is made here by invitation only, and ${state}. Nothing was stored; ask an administrator for a new link.`,
  );
