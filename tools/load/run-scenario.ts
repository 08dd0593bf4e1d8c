import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilledBuckets } from './measure/histogram.ts';
import { machine } from './measure/machine.ts';
import { type BenchResult, FigureBook } from './report/figures.ts';
import { Progress } from './report/progress.ts';
import type { Scenario, Settings } from './scenarios/scenario.ts';

/** Runs one scenario in a folder of its own and gives everything that it measured. `parent`: where that folder is made. */
export async function runScenario(scenario: Scenario, settings: Settings, parent = tmpdir()): Promise<BenchResult> {
  const startedAt = new Date().toISOString();
  const directory = await mkdtemp(join(parent, `parley-${scenario.name.toLowerCase()}-`));
  const book = new FigureBook();
  const progress = new Progress();
  const used: Record<string, string | number> = {
    codec: settings.codec,
    'text-bytes': settings.textBytes,
    rounds: settings.rounds,
    seconds: settings.durationMs / 1_000,
  };
  const histograms: Record<string, FilledBuckets> = {};
  try {
    await scenario.run({
      settings,
      directory,
      book,
      progress,
      number: (name, fallback) => {
        const value = settings.numbers.get(name) ?? fallback;
        used[name] = value;
        return value;
      },
      keepHistogram: (name, histogram) => {
        histograms[name] = histogram;
      },
    });
  } finally {
    progress.clear();
    await rm(directory, { recursive: true, force: true });
  }
  const { name, title, about } = scenario;
  for (const number of settings.numbers.keys())
    if (!(number in used)) process.stderr.write(`${name} has no --${number}: it changed nothing.\n`);
  return {
    scenario: name,
    title,
    about,
    startedAt,
    machine: machine(),
    settings: used,
    figures: book.figures(),
    histograms,
  };
}
