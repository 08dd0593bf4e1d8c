import { type Conversation, ROUTES, type RouteInput } from '@parley/protocol';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';

const TRIES_MAX = 3;

/** Throws ApiError. No answer means unknown (S10), so it is asked again with the same key, which cannot make a second conversation. */
export async function createConversation(
  api: Pick<Api, 'call'>,
  idempotencyKey: string,
  body: RouteInput<typeof ROUTES.createConversation>['body'],
): Promise<Conversation> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await api.call(ROUTES.createConversation, { body }, { idempotencyKey });
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'unreachable' || tries === TRIES_MAX) throw error;
    }
  }
}
