import { cpus, loadavg } from 'node:os';
import { nobleProvider } from '../src/crypto/noble-provider.ts';
import { nodeProvider } from '../src/crypto/node-provider.ts';
import { openWebCryptoProvider } from '../src/crypto/webcrypto-provider.ts';
import { measure } from './workload.ts';

/** `node packages/e2ee/bench/node.ts`: the three providers in Node, about a minute. */
const cpuMs = async (): Promise<number> => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

console.log(`Node ${process.version}, ${cpus().length} cores, load average at the start ${loadavg()[0]?.toFixed(1)}`);
for (const provider of [nodeProvider, await openWebCryptoProvider(), nobleProvider]) {
  console.log(JSON.stringify(await measure(provider, cpuMs)));
}
