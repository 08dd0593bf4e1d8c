import { Driver } from './driver/driver.ts';
import type { Order, Report } from './driver/plan.ts';

/** A driver process: started by the bench, which sends it orders and gets reports. */
const report = (message: Report): void => void process.send?.(message);
const driver = new Driver(report);

process.on('message', (order: Order) => {
  driver.take(order).catch((error: unknown) => {
    report({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
  });
});
process.on('uncaughtException', (error) => report({ kind: 'failed', problem: error.stack ?? error.message }));
// The bench is gone: nobody would stop this process otherwise.
process.on('disconnect', () => process.exit(1));
