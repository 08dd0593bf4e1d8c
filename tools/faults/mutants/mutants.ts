import { CLIENT_MUTANTS } from './client-mutants.ts';
import type { Mutant } from './mutant.ts';
import { SERVER_MUTANTS } from './server-mutants.ts';

export const MUTANTS: readonly Mutant[] = [...SERVER_MUTANTS, ...CLIENT_MUTANTS];
