import { accessCases } from './access.ts';
import { documentCases } from './document.ts';
import { inventoryCases } from './inventory.ts';
import { placementCases } from './placement.ts';
import { secretCases } from './secrets.ts';
import { specCases } from './spec.ts';
import { statusCases } from './status.ts';
import type { RuleCase } from './profiles.ts';

/** A good and a bad case for each rule, several where a rule has several parts. */
export const ruleCases: readonly RuleCase[] = [
  ...documentCases,
  ...specCases,
  ...statusCases,
  ...accessCases,
  ...secretCases,
  ...inventoryCases,
  ...placementCases,
];
