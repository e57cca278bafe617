// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access
import { providerFileExporter } from '../kubernetes/provider-file-out.ts';
import { insecure, readerChecks } from '../kubernetes/reader-checks.ts';
import { system } from '../system.ts';

export default system({
  exporter: providerFileExporter({ loses: [], checks: [...readerChecks, insecure] }),
});
