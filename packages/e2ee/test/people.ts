import { makeDeviceId, makeUserId } from '@parley/protocol';
import { SecretBytes } from '../src/bytes/secret-bytes.ts';
import type { CryptoProvider } from '../src/crypto/crypto-provider.ts';
import { nodeProvider } from '../src/crypto/node-provider.ts';
import type { DeviceContext } from '../src/device/device-context.ts';
import { EncryptedDevice } from '../src/device/encrypted-device.ts';
import type { PreKeyUpload } from '../src/device/publish-pre-keys.ts';
import type { Recipient } from '../src/device/seal-for-device.ts';
import type { PreKeyBundle } from '../src/handshake/pre-key-bundle.ts';
import type { DeviceAddress } from '../src/identity/device-address.ts';
import { generateIdentitySecrets, openIdentity } from '../src/identity/device-identity.ts';
import { productProfile } from '../src/profile/product-profile.ts';
import type { Profile } from '../src/profile/profile.ts';
import { MemorySessionStore } from '../src/store/memory-session-store.ts';
import type { SessionStore } from '../src/store/session-store.ts';
import { StateVault } from '../src/store/state-vault.ts';

export const NOW = 1_800_000_000_000;
export const CONVERSATION = 'dir_0000000000001_0000000000002';

export const addressOf = (user: number, device = 1): DeviceAddress => ({
  userId: makeUserId(BigInt(user)),
  deviceId: makeDeviceId(BigInt(user * 100 + device)),
});

export interface TestDevice {
  readonly context: DeviceContext;
  readonly device: EncryptedDevice;
  readonly address: DeviceAddress;
  /** A bundle as a server would hand it out: the next one-time pair, or the last-resort key when there are none. */
  bundle(): Promise<PreKeyBundle>;
  /** The device as someone else addresses it, with a fresh bundle. */
  recipient(): Promise<Recipient>;
  /** The same device after a restart: new objects, same store. */
  reopen(): Promise<EncryptedDevice>;
}

export interface TestDeviceOptions {
  readonly provider?: CryptoProvider;
  readonly profile?: Profile;
  readonly store?: SessionStore;
  readonly hasOneTimeKeys?: boolean;
}

export async function makeDevice(address: DeviceAddress, options: TestDeviceOptions = {}): Promise<TestDevice> {
  const provider = options.provider ?? nodeProvider;
  const store = options.store ?? new MemorySessionStore();
  const context: DeviceContext = {
    provider,
    profile: options.profile ?? productProfile,
    self: await openIdentity(provider, address, await generateIdentitySecrets(provider)),
    store,
    vault: new StateVault(provider, new SecretBytes(provider.randomBytes(32))),
  };
  const device = await EncryptedDevice.open(context);
  const hasOneTimeKeys = options.hasOneTimeKeys ?? true;
  let stock: PreKeyUpload | undefined;
  let handedOut = 0;

  const bundle = async (): Promise<PreKeyBundle> => {
    if (stock === undefined || (hasOneTimeKeys && handedOut === stock.oneTime.length)) {
      // 98 left: the device makes two more, which is quick.
      stock = await device.publishPreKeys({ oneTimeKeysLeft: hasOneTimeKeys ? 98 : 100, nowMs: NOW });
      handedOut = 0;
    }
    const pair = hasOneTimeKeys ? stock.oneTime[handedOut] : undefined;
    handedOut += 1;
    return {
      address,
      identity: stock.identity,
      signedPreKey: stock.signedPreKey,
      oneTimePreKey: pair && { keyId: pair.keyId, publicKey: pair.curveKey },
      kemPreKey: pair === undefined ? { ...stock.lastResort, use: 'last_resort' } : { ...pair.kem, use: 'one_time' },
    };
  };
  return {
    context,
    device,
    address,
    bundle,
    recipient: async () => ({ address, expectedIdentity: context.self.publicIdentity, bundle: await bundle() }),
    reopen: () => EncryptedDevice.open(context),
  };
}

export const makePair = async (options: TestDeviceOptions = {}): Promise<readonly [TestDevice, TestDevice]> => [
  await makeDevice(addressOf(1), options),
  await makeDevice(addressOf(2), options),
];
