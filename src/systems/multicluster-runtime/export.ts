// https://github.com/kubernetes-sigs/multicluster-runtime/tree/main/providers/cluster-inventory-api
import { createProviderFileExporter } from '../../export/kit/provider-file.ts';
import { checkHealthy, droppedByReaders, readerChecks } from '../../export/kit/reader-checks.ts';

export default createProviderFileExporter({
  drops: () => droppedByReaders,
  checks: readerChecks,
  cautions: [checkHealthy],
});
