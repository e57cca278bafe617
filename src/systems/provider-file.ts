// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access
import { providerFileExporter } from '../kubernetes/provider-file-out.ts';
import { insecure, readerChecks } from '../kubernetes/reader-checks.ts';
import { system } from '../system.ts';

export default system({
  title: 'Access provider file (KEP-4322)',
  exporter: providerFileExporter({ loses: [], checks: [...readerChecks, insecure] }),
});
