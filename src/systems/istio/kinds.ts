// https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret

export const marker = 'istio/multiCluster';

export const idAnnotation = 'networking.istio.io/cluster';
