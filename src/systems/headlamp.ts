// https://headlamp.dev/docs/latest/ (cluster inventory, Headlamp 0.43 and later)
import { providerFileExporter } from '../kubernetes/provider-file-out.ts';
import { lostByReaders, readerChecks } from '../kubernetes/reader-checks.ts';
import { system } from '../system.ts';

export default system({
  exporter: providerFileExporter(
    { loses: lostByReaders, checks: readerChecks },
    'start Headlamp 0.43 or later with -enable-cluster-inventory -cluster-inventory-provider-file=FILE',
  ),
});
