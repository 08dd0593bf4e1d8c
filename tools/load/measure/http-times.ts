import { Agent, get } from 'node:http';
import { API_PREFIX } from '@parley/protocol';
import { Histogram } from './histogram.ts';

export interface HttpTimes {
  readonly perSecond: number;
  readonly us: Histogram;
  readonly bytesMean: number;
}

/** One GET over a kept-alive connection; resolves with the size of the answer. */
function ask(agent: Agent, url: string, token: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url} was answered with ${response.statusCode}.`));
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** `count` requests, `atOnce` at a time; from the call to the last byte of the answer. `next` names the path below the API and the token. */
export async function timeRequests(
  url: string,
  { count, atOnce }: { readonly count: number; readonly atOnce: number },
  next: () => { readonly path: string; readonly token: string },
): Promise<HttpTimes> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const us = new Histogram();
  let bytes = 0;
  let left = count;
  const startedAt = performance.now();
  const askSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { path, token } = next();
      const from = performance.now();
      bytes += await ask(agent, `${url}${API_PREFIX}${path}`, token);
      us.add((performance.now() - from) * 1_000);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askSome));
  agent.destroy();
  return { perSecond: (count * 1_000) / (performance.now() - startedAt), us, bytesMean: bytes / count };
}
