// https://github.com/kubernetes-sigs/cluster-inventory-api/tree/main/pkg/access
import { createProviderFileExporter } from '../../export/kit/provider-file.ts';
import { checkInsecure, readerChecks } from '../../export/kit/reader-checks.ts';

export default createProviderFileExporter({ drops: () => [], checks: [...readerChecks, checkInsecure] });
