import type { SimulatedDevice } from './simulated-device.ts';
import type { Simulation } from './simulation.ts';
import type { Weather } from './world.ts';

/** How bad the weather of a run is: drawn once, so that some runs are nearly calm and others are rough. */
export function drawWeather(below: (limit: number) => number): Weather {
  const chance = (mostly: number): number => (below(2) === 0 ? 0 : (below(100) / 100) * mostly);
  return {
    storeFailsBefore: chance(0.1),
    storeFailsAfter: chance(0.1),
    storeReadFails: chance(0.05),
    storeSlow: chance(0.05),
    brokerLoses: chance(0.4),
    brokerRepeats: chance(0.3),
    brokerDelayMs: 1 + below(below(2) === 0 ? 3 : 200),
    requestLost: chance(0.1),
    answerLost: chance(0.1),
    answerLate: chance(0.5),
    cursorsFail: below(4) === 0 ? 0.5 : chance(0.1),
    storeReadMs: below(2) === 0 ? 0 : below(40),
    lineDelayMs: 1 + below(below(2) === 0 ? 5 : 150),
  };
}

/** Something breaks, or is mended. Every kind is drawn by the seed. */
export function causeTrouble(simulation: Simulation): void {
  const { world, network, engine } = simulation;
  const chance = world.chances.faults;
  const device = simulation.devices[chance.below(simulation.devices.length)];
  const node = simulation.nodes[chance.below(simulation.nodes.length)];
  if (device === undefined) return;
  const note = (what: string): void => world.write({ type: 'fault', what });
  const die = chance.below(20);
  if (die < 4) {
    const lines = network.linesOf(device.name);
    note(`cut ${device.name}`);
    for (const line of lines) line.cut();
  } else if (die < 6) {
    note(`half open ${device.name}`);
    for (const line of network.linesOf(device.name)) line.breakSilently();
  } else if (die < 8) {
    note(`stall ${device.name}`);
    for (const line of network.linesOf(device.name)) line.stall(chance.below(8_000));
  } else if (die < 11) restartApp(simulation, device, note);
  else if (die < 13) {
    const isOffline = !network.isOffline(device.name);
    note(`${isOffline ? 'offline' : 'online'} ${device.name}`);
    network.setOffline(device.name, isOffline);
    if (!isOffline) device.client?.networkChanged(true);
  } else if (die < 16 && node !== undefined) {
    note(`kill node ${node.number}`);
    simulation.killNode(node, chance.below(3) > 0 ? 'clients_hear' : 'nobody_hears');
    simulation.startNodeLater(node.number, chance.below(6_000));
  } else if (die < 17 && node !== undefined) {
    note(`stop node ${node.number}`);
    simulation.stopNode(node);
  } else if (die < 18 && node !== undefined) {
    note(`cut node ${node.number} off the broker`);
    simulation.broker.cutOff(node.clock, true);
    world.clock.after(chance.below(10_000), () => simulation.broker.cutOff(node.clock, false));
  } else {
    note('store crash');
    engine.crash();
    world.clock.after(chance.below(4_000), () => engine.recover());
  }
}

function restartApp(simulation: Simulation, device: SimulatedDevice, note: (what: string) => void): void {
  const { world } = simulation;
  const chance = world.chances.faults;
  if (device.client === undefined) return;
  note(`kill app ${device.name}`);
  device.kill(chance.below(2) === 0 ? 'server_hears' : 'nobody_hears');
  const { life } = device;
  world.clock.after(chance.below(8_000), () => {
    if (device.life === life) simulation.inBackground(device.start());
  });
}
