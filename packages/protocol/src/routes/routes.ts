import { authRoutes } from './auth.ts';
import { conversationRoutes } from './conversations.ts';
import { keyRoutes } from './keys.ts';
import { messageRoutes } from './messages.ts';
import { pollRoutes, serverRoutes } from './server.ts';
import { userRoutes } from './users.ts';

export const API_PREFIX = '/api/v1';
export const WEBSOCKET_PATH = '/api/v1/ws';

/** Every HTTP address of the API. */
export const ROUTES = {
  ...authRoutes,
  ...userRoutes,
  ...conversationRoutes,
  ...messageRoutes,
  ...keyRoutes,
  ...serverRoutes,
  ...pollRoutes,
};
export type RouteName = keyof typeof ROUTES;
