// https://docs.kubestellar.io/release-0.28.0/direct/its
// https://github.com/kubestellar/kubestellar/blob/main/api/control/v1alpha1/types.go (customization properties)

export const kubestellarConfigMap = {
  group: '',
  versions: ['v1'],
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespace: 'customization-properties',
};
