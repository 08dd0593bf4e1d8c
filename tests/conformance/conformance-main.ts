import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

/** `npm run conformance -- --url http://localhost:8080`: the suite against any server. It should be started without limits: `--writes-per-minute 0 --requests-per-minute 0 --connections-per-minute 0`. */
const { values } = parseArgs({ options: { url: { type: 'string' } } });
if (values.url !== undefined && !URL.canParse(values.url)) {
  process.stderr.write(`"${values.url}" is no address such as http://localhost:8080. Nothing was run.\n`);
  process.exit(2);
}
const provide = values.url === undefined ? {} : { conformanceUrl: new URL(values.url).origin };
const vitest = await startVitest('test', ['tests/conformance'], { run: true, watch: false, provide });
await vitest?.close();
