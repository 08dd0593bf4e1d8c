import { type Codec, SUBPROTOCOLS, WEBSOCKET_PATH } from '@parley/protocol';
import type { ClientEnvironment } from '../environment.ts';
import { ABNORMAL_CLOSURE, NORMAL_CLOSURE, type OpenTransport } from './transport.ts';

/** One WebSocket, with the codec's subprotocol. */
export function webSocketTransport(
  environment: Pick<ClientEnvironment, 'createSocket'>,
  baseUrl: string,
  codec: Codec,
): OpenTransport {
  const url = new URL(WEBSOCKET_PATH, baseUrl);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return (listener) => {
    let isOpen = true;
    const end = (code: number): void => {
      if (!isOpen) return;
      isOpen = false;
      listener.onClosed(code);
    };
    const socket = environment.createSocket(url.href, SUBPROTOCOLS[codec.name], {
      onData(data) {
        if (!isOpen) return;
        const decoded = codec.decodeServerFrame(data);
        if (decoded.kind === 'ok') listener.onFrame(decoded.value);
        // A newer server may say things that this client does not know (FRAME-5); anything else means that frames are damaged on the way.
        else if (decoded.kind !== 'unknown_type') {
          socket.close(NORMAL_CLOSURE);
          end(ABNORMAL_CLOSURE);
        }
      },
      onClosed: end,
    });
    return {
      send: (command) => {
        if (isOpen) socket.send(codec.encodeCommand(command));
      },
      close: () => {
        isOpen = false;
        socket.close(NORMAL_CLOSURE);
      },
    };
  };
}
