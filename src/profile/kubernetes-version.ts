/** Versions of Kubernetes, as the clusters of a fleet report them. */

const versionSyntax = /^v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]*)?$/;

/** True for a version that programs can compare, of whatever distribution. */
export const isKubernetesVersion = (text: string): boolean => versionSyntax.test(text);

/** A version as Kubernetes writes it; clouds leave out the `v`. */
export const addLeadingV = (version: string | undefined): string | undefined => version?.replace(/^(?=\d)/, 'v');

/** Distributions put their own suffix behind the version: `v1.31.4-gke.1`, `v1.31.4+k3s1`. It does not make it older. */
export const takePlainVersion = (version: string): string => /^v?(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1] ?? '';
