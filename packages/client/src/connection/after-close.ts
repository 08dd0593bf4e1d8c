import { CLOSE, type CloseName } from '@parley/protocol';

/** What the close table tells the client to do (CONN-9). Codes that are not in it mean a cut line: resume. */
export function afterClose(code: number): {
  readonly advice: 'resume' | 'authenticate' | 'stop';
  readonly reason: CloseName | 'connection_lost';
} {
  // The cast holds: these are the keys of the table, and Object.keys loses their type.
  const name = (Object.keys(CLOSE) as CloseName[]).find((candidate) => CLOSE[candidate].code === code);
  return name === undefined
    ? { advice: 'resume', reason: 'connection_lost' }
    : { advice: CLOSE[name].advice, reason: name };
}
