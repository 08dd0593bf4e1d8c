import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import process from 'node:process';
import { SetupError } from './setup-error.mjs';

const npmTimeoutMs = 15 * 60_000;
const outputCharactersMax = 200_000;
const offlineCodes =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE)\b/;

/**
 * Runs `npm <args>` in `cwd` with `node` first on the PATH. Resolves to its exit code and output for either outcome;
 * throws a SetupError when npm is missing, takes longer than 15 minutes or cannot reach its registry.
 */
export function runNpm(args, { cwd, node }) {
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd,
      // A Node of the distribution often trusts the system's certificates, the fetched one only its own. Behind a proxy
      // with a certificate of its own, npm would otherwise work under the first and retry for ever under the second.
      env: { NODE_USE_SYSTEM_CA: '1', ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: npmTimeoutMs,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout = (stdout + chunk).slice(-outputCharactersMax);
    });
    child.stderr.on('data', (chunk) => {
      stderr = (stderr + chunk).slice(-outputCharactersMax);
    });
    child.on('error', (error) => {
      if (error.code !== 'ENOENT') return reject(error);
      reject(
        new SetupError(
          'Setup needs npm, and found no "npm" on the PATH. Nothing was installed. Install npm and run it again.',
        ),
      );
    });
    child.on('close', (code, signal) => {
      if (signal !== null) {
        reject(
          new SetupError(`npm was ended by ${signal} (its limit is 15 minutes). Setup is not complete. Run it again.`),
        );
      } else if (code !== 0 && offlineCodes.test(stderr)) {
        reject(
          new SetupError(
            `npm could not reach its registry (${offlineCodes.exec(stderr)[1]}). Setup is not complete and nothing half-made is left. Check the network or the proxy, and run it again.`,
          ),
        );
      } else {
        resolve({ code, stdout, stderr });
      }
    });
  });
}
