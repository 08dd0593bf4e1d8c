/** First byte of every payload of this package: what it is in the high half, the profile's version in the low half. */
export const PAYLOAD_KINDS = { message: 1, initial: 2, group: 3 } as const;
export type PayloadKind = keyof typeof PAYLOAD_KINDS;

export const payloadByte = (kind: PayloadKind, version: number): number => (PAYLOAD_KINDS[kind] << 4) | version;

/** By the first byte alone: says nothing about whether the rest is sound. */
export function payloadKindOf(bytes: Uint8Array): PayloadKind | undefined {
  switch ((bytes[0] ?? 0) >> 4) {
    case PAYLOAD_KINDS.message:
      return 'message';
    case PAYLOAD_KINDS.initial:
      return 'initial';
    case PAYLOAD_KINDS.group:
      return 'group';
    default:
      return undefined;
  }
}
