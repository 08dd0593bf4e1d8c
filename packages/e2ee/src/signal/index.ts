export { openSignalIdentity } from './signal-handshakes.ts';
export { signalProfile } from './signal-profile.ts';
export { signXEdDsa, verifyXEdDsa } from './xeddsa.ts';
