/**
 * The schema library tries once whether it may make code from text, which the content security policy reports as an attack. This is its own switch for
 * pages such as ours; it must be set before the first schema is used, so this module is imported first.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
