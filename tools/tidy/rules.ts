import type { Rule } from './rule.ts';
import { dependencies } from './rules/dependencies.ts';
import { modules } from './rules/modules.ts';
import { purity } from './rules/purity.ts';
import { size } from './rules/size.ts';
import { testTitles } from './rules/test-titles.ts';
import { text } from './rules/text.ts';

/** Every rule about our own code that needs no other tool. */
export const rules: readonly Rule[] = [...size, ...purity, ...modules, ...testTitles, ...text, ...dependencies];
