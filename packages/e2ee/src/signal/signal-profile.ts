import type { Profile } from '../profile/profile.ts';
import { signalChains } from './signal-chains.ts';
import { signalHandshakes } from './signal-handshakes.ts';
import { signalMessages } from './signal-messages.ts';

/**
 * Signal's own protocol, message version 3 (X3DH without Kyber): its labels, AES-256-CBC with HMAC, XEdDSA and protobuf headers.
 * It exists so that the ratchet, handshake and session rules of this package can be run against implementations that others
 * wrote. Not for use: its message tags are 8 bytes and it binds neither device nor conversation.
 */
export const signalProfile: Profile = {
  name: 'Signal v3',
  handshake: 'x3dh',
  kemRefreshMessages: undefined,
  chains: signalChains,
  messages: signalMessages,
  handshakes: signalHandshakes,
};
