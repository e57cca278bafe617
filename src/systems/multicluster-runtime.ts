// https://github.com/kubernetes-sigs/multicluster-runtime/tree/main/providers/cluster-inventory-api
import { providerFileExporter } from '../kubernetes/provider-file-out.ts';
import { healthyOnly, lostByReaders, readerChecks } from '../kubernetes/reader-checks.ts';
import { system } from '../system.ts';

export default system({
  exporter: providerFileExporter({ loses: lostByReaders, checks: [...readerChecks, healthyOnly] }),
});
