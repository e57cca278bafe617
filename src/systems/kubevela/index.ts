// https://github.com/oam-dev/cluster-gateway/tree/master/pkg/apis/cluster/v1alpha1
import { defineSystem } from '../system.ts';

export default defineSystem({
  docs: 'https://kubevela.io/docs/platform-engineers/system-operation/managing-clusters/',
  importer: () => import('./import.ts'),
  exporter: () => import('./export.ts'),
  mapping: () => import('./mapping.ts'),
});
