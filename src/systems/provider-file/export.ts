// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access
import { providerFileExporter } from '../../export/kit/provider-file.ts';
import { insecure, readerChecks } from '../../export/kit/reader-checks.ts';

export default providerFileExporter({ drops: () => [], checks: [...readerChecks, insecure] });
