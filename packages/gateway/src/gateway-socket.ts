import { WebSocket } from 'ws';
import type { Connection } from './connection.ts';

/** Codes with which `ws` answers bytes that are no WebSocket frames of this protocol. */
const POLICY_VIOLATION = 1008;
const VIOLATIONS: ReadonlyMap<number | undefined, 'BAD_FRAME' | 'TOO_LARGE'> = new Map([
  [1002, 'BAD_FRAME'],
  [1007, 'BAD_FRAME'],
  [POLICY_VIOLATION, 'BAD_FRAME'],
  [1009, 'TOO_LARGE'],
]);

/** The server's end of one WebSocket. Holds its connection in a field, so that all sockets share the same listeners. */
export class GatewaySocket extends WebSocket {
  connection: Connection | undefined = undefined;

  /** `ws` calls this itself when the peer breaks the framing: answered with our own close codes (FRAME-2, FRAME-3). */
  override close(code?: number, reason?: string | Buffer): void {
    const violation = VIOLATIONS.get(code);
    if (violation !== undefined && this.connection !== undefined) this.connection.frameRefused(violation);
    else super.close(code, reason);
  }
}
