export { FileOutboxStorage } from './node/file-outbox-storage.ts';
export { FileStateStorage } from './node/file-state-storage.ts';
export { FileTokenStorage } from './node/file-token-storage.ts';
