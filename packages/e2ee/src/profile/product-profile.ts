import { E2EE_LIMITS } from '../limits.ts';
import { productChains } from './product-chains.ts';
import { productHandshakes } from './product-handshakes.ts';
import { productMessages } from './product-messages.ts';
import type { ProductVersion } from './product-version.ts';
import type { Profile } from './profile.ts';

function productProfileOf(version: ProductVersion): Profile {
  return {
    name: `Parley v${version.version}`,
    handshake: version.handshake,
    kemRefreshMessages: version.hasKemRefresh ? E2EE_LIMITS.kemRefreshMessages : undefined,
    chains: productChains(version),
    messages: productMessages(version),
    handshakes: productHandshakes(version),
  };
}

/** What ships: PQXDH with ML-KEM-768, Double Ratchet, AES-256-GCM. */
export const productProfile: Profile = productProfileOf({ version: 1, handshake: 'pqxdh', hasKemRefresh: false });

/** The same with an ML-KEM refresh every 50 messages; off by default because it costs 2.3 kB each time. */
export const refreshingProfile: Profile = productProfileOf({ version: 2, handshake: 'pqxdh', hasKemRefresh: true });

/** X3DH without a KEM, for peers that cannot compute one. Never chosen by a server: both ends must be told to use it. */
export const classicProfile: Profile = productProfileOf({ version: 3, handshake: 'x3dh', hasKemRefresh: false });
