import { accessKnowledge } from './access.ts';
import { consumerKnowledge } from './consumer.ts';
import { documentKnowledge } from './document.ts';
import type { Knowledge } from './example.ts';
import { extensionKnowledge } from './extensions.ts';
import { inventoryKnowledge } from './inventory.ts';
import { placementKnowledge } from './placement.ts';
import { providerFileKnowledge } from './provider-file.ts';
import { secretKnowledge } from './secrets.ts';
import { specKnowledge } from './spec.ts';
import { statusKnowledge } from './status.ts';

/** What is known of every rule, by its id. Loaded only to be shown. */
export const ruleKnowledge: Knowledge = {
  ...documentKnowledge,
  ...specKnowledge,
  ...statusKnowledge,
  ...accessKnowledge,
  ...extensionKnowledge,
  ...secretKnowledge,
  ...inventoryKnowledge,
  ...placementKnowledge,
  ...providerFileKnowledge,
  ...consumerKnowledge,
};
