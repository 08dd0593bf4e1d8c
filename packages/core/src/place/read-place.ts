import type { Core } from '../core.ts';
import type { PlaceDecisions } from '../ports/place-store.ts';
import type { Settings } from '../settings.ts';

/** What this place is called and who may make an account, as it holds now (PLACE-1). */
export interface Place {
  readonly name: string;
  readonly registration: Settings['registration'];
}

export async function readPlace(core: Pick<Core, 'placeStore' | 'settings'>): Promise<Place> {
  return placeOf(core, await core.placeStore.read());
}

/** `closed` is the operator's word and stays above the owner's. */
export const placeOf = ({ settings }: Pick<Core, 'settings'>, decisions: PlaceDecisions): Place => ({
  name: decisions.name ?? settings.serverName,
  registration: settings.registration === 'closed' ? 'closed' : (decisions.registration ?? settings.registration),
});

/** Whether anybody has ever made an account here: the first becomes the administrator (AUTH-1). */
export const hasOwner = async (core: Pick<Core, 'accountStore'>): Promise<boolean> =>
  (await core.accountStore.list(undefined, null, 1)).length > 0;
