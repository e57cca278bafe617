// https://headlamp.dev/docs/latest/ (cluster inventory, Headlamp 0.43 and later)
import { byText } from '../../util/text.ts';
import { createProviderFileExporter, type Wanted } from '../../export/kit/provider-file.ts';
import { droppedByReaders, readerChecks } from '../../export/kit/reader-checks.ts';

const joinNames = (names: readonly string[]): string => [...new Set(names)].toSorted(byText).join(',');

/** Headlamp reads profiles of its own namespace unless it is told others, and its next release asks which logins it may use. */
function describeStart(wanted: readonly Wanted[]): string {
  const namespaces = joinNames(wanted.map(({ profile }) => profile.metadata.namespace ?? 'NAMESPACE'));
  const providers = joinNames(wanted.flatMap((each) => each.providers));
  return `start Headlamp 0.43 or later with -enable-cluster-inventory -cluster-inventory-provider-file=FILE -cluster-inventory-namespaces=${namespaces}; later than 0.45 also with -cluster-inventory-auth-type=access-provider -cluster-inventory-access-providers=${providers}`;
}

export default createProviderFileExporter({
  drops: () => droppedByReaders,
  checks: readerChecks,
  // cloneAccessConfig in backend/pkg/clusterinventory.
  copies: true,
  hint: describeStart,
});
