'use strict';

// Who may import whom: the table of the architecture (docs/code-tour.md) as rules. Every comment is the sentence that the
// person who breaks the rule reads.

/** Test files and `test/` folders may reach a little further than the code they test. */
const testFile = String.raw`\.test\.ts$|/(test|bench)/`;

/** Paths of the test files of a folder (itself a pattern). */
const testsOf = (folder) => [String.raw`^${folder}/.*\.test\.ts$`, `^${folder}/(test|bench)/`, `^${folder}/.*/test/`];
const ownRooms = '^(packages|adapters|apps|tools|tests)/';

/** Entries beside the index: light ones for worker threads (protocol), one for each runtime and for contracts (e2ee). */
const subpaths = [
  String.raw`^packages/protocol/src/(ids|limits)\.ts$`,
  String.raw`^packages/e2ee/src/(crypto/node-provider|signal/index|store/session-store-contract)\.ts$`,
];

/** A rule for one room's shipped code and one for its tests. `mayImport` and `testsMayImport` are folders. */
function room(name, folder, { mayImport, testsMayImport = [], comment }) {
  const shipped = [folder, ...mayImport];
  const inTests = [...shipped, ...testsMayImport, 'packages/testkit', 'adapters/memory'];
  const within = (folders) => `^(${folders.join('|')})/`;
  return [
    {
      name: `${name}-imports`,
      severity: 'error',
      comment,
      from: { path: `^${folder}/`, pathNot: testFile },
      to: { path: ownRooms, pathNot: within(shipped) },
    },
    {
      name: `${name}-test-imports`,
      severity: 'error',
      comment: `Tests of ${folder} may also import testkit, adapters/memory${testsMayImport.map((f) => `, ${f}`).join('')}. ${comment}`,
      from: { path: testsOf(folder) },
      to: { path: ownRooms, pathNot: within(inTests) },
    },
  ];
}

/** npm packages that a room may use in shipped code; `null` matches none. */
function drivers(name, folder, allowed, comment) {
  return {
    name: `${name}-packages`,
    severity: 'error',
    comment,
    from: { path: `^${folder}/`, pathNot: testFile },
    to: { path: 'node_modules/', ...(allowed === null ? {} : { pathNot: `node_modules/(${allowed})/` }) },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment:
        'Two files need each other at run time, in a circle. Move what both need into a third file, or turn one import around.',
      from: {},
      // Types may refer to each other: they are gone before anything runs.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-deep-imports',
      severity: 'error',
      comment:
        'A package is entered through what its package.json exports. Export the name there, or ask whether you need it at all.',
      from: { path: '^(?:packages|adapters|apps)/([^/]+)/' },
      to: {
        path: '^(packages|adapters|apps)/[^/]+/',
        pathNot: ['^(?:packages|adapters|apps)/$1/', '/src/(index|node|browser)\\.ts$', ...subpaths],
      },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'This import leads nowhere. Correct its path, or add the package to package.json of this room.',
      // The interoperation bench and the peers of the load bench install their own, which nobody else needs.
      from: { pathNot: '^tools/(e2ee-interop|load/peers)/' },
      to: { couldNotResolve: true },
    },
    ...room('protocol', 'packages/protocol', {
      mayImport: [],
      comment: 'The protocol is the ground floor: it imports nothing of ours.',
    }),
    ...room('core', 'packages/core', {
      mayImport: ['packages/protocol'],
      comment: 'The rules of chat know only the protocol. Ask for what you need through a port in core/ports.',
    }),
    ...room('gateway', 'packages/gateway', {
      mayImport: ['packages/core', 'packages/protocol'],
      comment: 'The WebSocket edge calls the core; it knows no adapter, no client and not the HTTP edge.',
    }),
    ...room('rest', 'packages/rest', {
      mayImport: ['packages/core', 'packages/protocol'],
      testsMayImport: ['adapters/argon2', 'adapters/jose'],
      comment: 'The HTTP edge calls the core; it knows no adapter, no client and not the WebSocket edge.',
    }),
    ...room('e2ee', 'packages/e2ee', {
      mayImport: ['packages/protocol'],
      comment: 'End-to-end encryption knows nothing of transport, client or server; it may use types of the protocol.',
    }),
    ...room('client', 'packages/client', {
      mayImport: ['packages/protocol', 'packages/e2ee'],
      testsMayImport: ['packages/core', 'packages/gateway', 'packages/rest'],
      comment: 'The SDK meets the server only on the wire: it imports the protocol and e2ee, never the core.',
    }),
    ...room('web', 'packages/web', {
      mayImport: ['packages/client', 'packages/protocol'],
      comment: 'The web app uses the SDK and the protocol, never server code.',
    }),
    ...room('testkit', 'packages/testkit', {
      mayImport: ['packages/core', 'packages/protocol'],
      comment: 'The test kit knows ports, not engines: adapters import it in their tests, never the other way round.',
    }),
    {
      name: 'adapter-imports',
      severity: 'error',
      comment:
        'An adapter implements ports of the core and speaks to one engine. It imports no other adapter and no edge.',
      from: { path: '^adapters/([^/]+)/', pathNot: testFile },
      to: { path: ownRooms, pathNot: '^(adapters/$1|packages/core|packages/protocol)/' },
    },
    {
      name: 'adapter-test-imports',
      severity: 'error',
      comment: 'Tests of an adapter may also import testkit and adapters/memory, and no other adapter or edge.',
      from: { path: testsOf('adapters/([^/]+)') },
      to: {
        path: ownRooms,
        pathNot: '^(adapters/$1|adapters/memory|packages/core|packages/protocol|packages/testkit)/',
      },
    },
    {
      name: 'server-imports',
      severity: 'error',
      comment: 'The server program composes server rooms. The client, the web app and the test kit are not part of it.',
      from: { path: '^apps/server/', pathNot: testFile },
      to: { path: ownRooms, pathNot: '^(apps/server|adapters/[^/]+|packages/(protocol|core|gateway|rest))/' },
    },
    {
      name: 'server-test-imports',
      severity: 'error',
      comment: 'Tests of the server may also import the client and the test kit.',
      from: { path: testsOf('apps/server') },
      to: {
        path: ownRooms,
        pathNot: '^(apps/server|adapters/[^/]+|packages/(protocol|core|gateway|rest|client|testkit))/',
      },
    },
    ...room('cli', 'apps/cli', {
      mayImport: ['packages/client', 'packages/protocol'],
      comment: 'The command line is a client like any other: it uses the SDK and the protocol.',
    }),
    {
      name: 'programs-are-not-imported',
      severity: 'error',
      comment: 'A program is started, not imported. Move what you need into a package.',
      from: { pathNot: '^apps/' },
      to: { path: '^apps/' },
    },
    {
      name: 'outside-imports',
      severity: 'error',
      comment:
        'Tools and whole-system tests see what a user sees: the client, the protocol, e2ee, the test kit and the server as a process.',
      from: { path: '^(tools|tests)/', pathNot: '^tools/faults/(simulation|real)/' },
      to: { path: ownRooms, pathNot: '^(tools|tests|packages/(client|protocol|testkit|e2ee))/' },
    },
    {
      name: 'real-faults-imports',
      severity: 'error',
      comment:
        'The faults of real processes see what a user sees, and open the store that a server left behind, to compare it with what was told.',
      from: { path: '^tools/faults/real/' },
      to: {
        path: ownRooms,
        pathNot: '^(tools|adapters/sqlite|packages/(client|protocol|testkit|core))/',
      },
    },
    {
      name: 'simulation-imports',
      severity: 'error',
      comment:
        'The simulation runs core, edges and SDK in one process, on the memory adapter: no other engine, no program.',
      from: { path: '^tools/faults/simulation/' },
      to: {
        path: ownRooms,
        pathNot: '^(tools|adapters/memory|packages/(client|protocol|testkit|core|gateway|rest))/',
      },
    },
    {
      name: 'no-testkit-in-shipped-code',
      severity: 'error',
      comment: 'The test kit is for tests only.',
      from: { path: '^(packages|adapters|apps)/', pathNot: `^packages/testkit/|${testFile}` },
      to: { path: '^packages/testkit/' },
    },
    drivers(
      'protocol',
      'packages/protocol',
      'zod|@bufbuild/protobuf',
      'The protocol uses zod and @bufbuild/protobuf and no other package.',
    ),
    drivers(
      'core',
      'packages/core',
      null,
      'The core uses no npm package. Put the driver behind a port and into an adapter.',
    ),
    drivers('e2ee', 'packages/e2ee', '@noble/[^/]+', 'End-to-end encryption uses @noble/* and no other package.'),
    drivers('gateway', 'packages/gateway', null, 'The WebSocket edge uses no npm package.'),
    drivers('rest', 'packages/rest', 'fastify', 'The HTTP edge uses fastify and no other package.'),
    {
      name: 'no-runtime-apis',
      severity: 'error',
      comment: 'The protocol and the core run anywhere: they import no node: module. Ask for it through a port.',
      from: { path: '^packages/(protocol|core)/', pathNot: testFile },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'e2ee-runtime-apis',
      severity: 'error',
      comment:
        'Only the Node provider of e2ee may import node:crypto, and nothing else of Node: the rest runs in browsers.',
      from: {
        path: '^packages/e2ee/',
        pathNot: `${testFile}|^packages/e2ee/src/node\\.ts$|^packages/e2ee/src/.*node-[^/]*provider\\.ts$`,
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'e2ee-provider-only-crypto',
      severity: 'error',
      comment: 'The Node provider of e2ee may import node:crypto and nothing else of Node.',
      from: { path: String.raw`^packages/e2ee/src/(node|.*node-[^/]*provider)\.ts$`, pathNot: testFile },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'browser-runtime-apis',
      severity: 'error',
      comment:
        'The client and the web app run in browsers: only client/src/node.ts, node/ and the build of the web app may import node: modules.',
      from: {
        path: '^packages/(client|web)/',
        pathNot: `${testFile}|^packages/client/src/node(\\.ts$|/)|^packages/web/[^/]+\\.ts$`,
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(^|/)(dist|coverage|\.parley)/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
