// https://gardener.cloud/docs/gardener/shoot/shoot_status/

/** Where Gardener publishes the CAs of the API servers; the Secret of the same name is older. */
export const suffix = '.ca-cluster';
