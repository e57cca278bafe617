// https://headlamp.dev/docs/latest/ (cluster inventory, Headlamp 0.43 and later)
import { createProviderFileExporter } from '../../export/kit/provider-file.ts';
import { droppedByReaders, readerChecks } from '../../export/kit/reader-checks.ts';

export default createProviderFileExporter(
  { drops: () => droppedByReaders, checks: readerChecks },
  'start Headlamp 0.43 or later with -enable-cluster-inventory -cluster-inventory-provider-file=FILE',
);
