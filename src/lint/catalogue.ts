import { consumerRules } from './consumer.ts';
import { rules, type Rule } from './index.ts';

/** Every rule that `validate` knows: of profiles and placements, of the provider file, and of consumers. */
export async function loadAllRules(): Promise<readonly Rule[]> {
  const { providerFileRules } = await import('./rules/provider-file.ts');
  return [...rules, ...providerFileRules, ...consumerRules];
}
