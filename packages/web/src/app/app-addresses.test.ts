import { expect, it } from 'vitest';
import { isAppAddress } from './app-addresses.ts';

it('the app answers for its own addresses and leaves the documents of the server to the server', () => {
  for (const path of ['/', '/c/grp_0000000000001', '/settings/profile', '/admin', '/join/abc', '/welcome'])
    expect(isAppAddress(path), path).toBe(true);
  for (const path of [
    '/docs',
    '/errors',
    '/openapi.json',
    '/asyncapi.json',
    '/parley.proto',
    '/metrics',
    '/health/live',
  ])
    expect(isAppAddress(path), path).toBe(false);
});
