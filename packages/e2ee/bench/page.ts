import { nobleProvider } from '../src/crypto/noble-provider.ts';
import { openWebCryptoProvider } from '../src/crypto/webcrypto-provider.ts';
import { measure } from './workload.ts';

/** Runs in the browser, served by `chromium.ts`. */
const report = (body: unknown) => fetch('/result', { method: 'POST', body: JSON.stringify(body) });
/** The server asks the system for the processor time of the browser's processes. */
const cpuMs = async () => Number(await (await fetch('/cpu')).text());

try {
  const figures = [];
  for (const provider of [await openWebCryptoProvider(), nobleProvider]) figures.push(await measure(provider, cpuMs));
  await report({ agent: navigator.userAgent, figures });
} catch (error) {
  await report({ error: String(error) });
}
