/** The label by which Argo CD finds its cluster Secrets. */
export const argocdMarker = 'argocd.argoproj.io/secret-type';

/** Labels that would make Argo CD take the Secret for something else, or for a part of an Application. */
export const foreignLabel = /(^|\.)argoproj\.io\/|^app\.kubernetes\.io\/instance$/;
