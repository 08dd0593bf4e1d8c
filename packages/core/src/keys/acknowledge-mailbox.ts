import type { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { done, type Outcome } from '../outcome.ts';

/** BOX-1: deletes the items of the asking device up to a place. Repeating is harmless. */
export async function acknowledgeMailbox(
  core: Pick<Core, 'mailbox'>,
  actor: Actor,
  { upTo }: { readonly upTo: number },
): Promise<Outcome<undefined>> {
  await core.mailbox.acknowledge(actor.deviceId, upTo);
  return done(undefined);
}
