// https://github.com/kubernetes-sigs/multicluster-runtime/tree/main/providers/cluster-inventory-api
import { providerFileExporter } from '../../export/kit/provider-file.ts';
import { healthyOnly, droppedByReaders, readerChecks } from '../../export/kit/reader-checks.ts';

export default providerFileExporter({ drops: () => droppedByReaders, checks: [...readerChecks, healthyOnly] });
