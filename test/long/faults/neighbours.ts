import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDocuments } from '../../../src/documents/yaml-in.ts';
import { request } from '../../support/hub/hub.ts';
import type { Tree } from '../../support/profiles.ts';
import { isOurs, listFiles, metadataOf, profilesPath, readItems } from './content.ts';
import type { World } from './world.ts';

interface Condition {
  type: string;
  message: string;
}

const conditionsOf = (profile: Tree): Condition[] =>
  ((profile['status'] ?? {}) as { conditions?: Condition[] }).conditions ?? [];

/** A condition of the controller's own. */
const type = 'Scheduled';

/** What the controller has written last, by the profile's UID. */
type Written = Map<string, string>;

/** Writes the status as controllers do: what was read with one condition changed, refused when somebody else was faster. */
async function writeCondition(ns: string, profile: Tree, message: string, written: Written): Promise<void> {
  const { name, uid } = metadataOf(profile);
  const condition = { type, status: 'True', reason: 'Fits', message, lastTransitionTime: '2026-01-01T00:00:00Z' };
  const conditions = [...conditionsOf(profile).filter((each) => each.type !== type), condition];
  const body = JSON.stringify({ ...profile, status: { ...(profile['status'] as Tree | undefined), conditions } });
  const { status } = await request(`${profilesPath(ns)}/${name}/status?fieldManager=scheduler`, {
    method: 'PUT',
    body,
  });
  if (status === 200) written.set(uid, message);
  else if (status !== 409 && status !== 404) throw new Error(`the controller gets ${status} for ${name}`);
}

export interface Controller {
  stop(): Promise<void>;
  /** What it has written last is there, as long as the profile is. */
  assertKept(): Promise<void>;
}

/** Works until it is stopped; `stop` throws what kept it from working. */
function startWork(work: (isOn: () => boolean) => Promise<void>): Pick<Controller, 'stop'> {
  let isOn = true;
  const working = work(() => isOn);
  working.catch(() => {});
  return {
    stop: () => {
      isOn = false;
      return working;
    },
  };
}

/** Reads the files of a world again and again, as one that deploys a directory does: what is there is whole. */
export function startReader(world: World): Pick<Controller, 'stop'> {
  return startWork(async (isOn) => {
    for (; isOn(); await sleep(2))
      for (const file of listFiles(world.disk).filter((each) => /(?:\.yaml|config)$/.test(each))) assertWhole(file);
  });
}

/** A file of ours has an object, and all of its documents can be read. One that has gone meanwhile is no fault. */
function assertWhole(file: string): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (text === undefined) return;
  if (parseDocuments(text, file).length === 0) throw new Error(`${file} is there with nothing in it`);
}

/** A controller that writes a condition of its own into every profile of a namespace, again and again. */
export function startController({ ns }: World): Controller {
  const written: Written = new Map();
  const { stop } = startWork(async (isOn) => {
    for (let round = 1; isOn(); round++) {
      const profiles = (await readItems(profilesPath(ns))).filter((each) => isOurs(metadataOf(each).name));
      for (const profile of profiles) if (isOn()) await writeCondition(ns, profile, `round ${round}`, written);
      await sleep(30);
    }
  });
  return {
    stop,
    async assertKept() {
      for (const profile of await readItems(profilesPath(ns))) {
        const { name, uid } = metadataOf(profile);
        const wanted = written.get(uid);
        const found = conditionsOf(profile).find((each) => each.type === type)?.message;
        if (wanted !== found) throw new Error(`the controller wrote ${wanted} into ${name}, and there is ${found}`);
      }
    },
  };
}
