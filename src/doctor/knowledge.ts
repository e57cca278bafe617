import { readOwn } from '../object.ts';

/** What is known of a check of the doctor, beside what a run finds. */
export interface CheckKnowledge {
  /** What should be. */
  title: string;
  why: string;
  /** How to get there. */
  mend: string;
}

/** Every check, by its code. */
export const checkKnowledge: Readonly<Record<string, CheckKnowledge>> = {
  DR001: {
    title: 'A kubeconfig names a hub',
    why: 'Every command finds the hub as kubectl does: flags, then the context of the kubeconfig, then the Pod.',
    mend: 'kubectl config use-context NAME; or --kubeconfig, --context or --inventory DIR',
  },
  DR002: {
    title: 'The hub answers to this login',
    why: 'Without an answer of the API server nothing can be read or written.',
    mend: 'kubectl get --raw /apis with the same flags shows the same failure',
  },
  DR003: {
    title: 'The hub has ClusterProfiles, in a version that is known',
    why: 'ClusterProfile is a CustomResourceDefinition that somebody has to install once for every hub.',
    mend: 'clusterprofile crd install',
  },
  DR004: {
    title: 'The namespace exists',
    why: 'The profiles of one namespace are an inventory (KEP-4322), and an API server makes no namespace by itself.',
    mend: 'kubectl create namespace NAME; or import --apply --create-namespace',
  },
  DR005: {
    title: 'The login may do what the commands do',
    why: 'Each right is asked for as the API server judges it (SelfSubjectAccessReview); a write is a patch, as for server-side apply.',
    mend: 'the command that the check prints, by somebody who may give rights',
  },
  DR006: {
    title: 'The provider file has every access provider of the profiles',
    why: 'Who reads the inventory logs in by the command that the file has under the name of the provider (KEP-4322).',
    mend: 'clusterprofile export provider-file -A prints entries for known plugins',
  },
  DR007: {
    title: 'The plugin of an access provider is installed',
    why: 'access and exported kubeconfigs run it on this machine.',
    mend: 'install it, or give its path in the provider file',
  },
  DR008: {
    title: 'A login of a cloud is in reach',
    why: 'import gke, azure and eks use the usual variables and files of the clouds; they are looked for here and never read.',
    mend: 'the command of the cloud that the check prints; not needed for an import from a file',
  },
  DR009: {
    title: 'The servers of the profiles answer from here',
    why: 'A wrong name, a wrong CA or a network in between is found before a consumer finds it. No login leaves.',
    mend: 'clusterprofile describe NAME shows the server, its TLS name and its CA',
  },
  DR010: {
    title: 'The plugin of an access provider says its version',
    why: 'A plugin that does not even say its version gives no login. Those of aws, aws-iam-authenticator, gke-gcloud-auth-plugin and kubelogin are asked; no other program is run.',
    mend: 'run the command that the check prints; install the plugin anew',
  },
  DR011: {
    title: 'The Secrets are there that plugins read on the hub',
    why: 'secretreader reads the token in the Secret clusterName of the exec extension, in the namespace of the connection; kubeconfig-secretreader the kubeconfig in the Secret name. Only whether they are there is asked (metadata), and whether the login may read them (SelfSubjectAccessReview).',
    mend: 'the command that the check prints: it makes the Secret, or gives the right to read it',
  },
};

/** The check of that code, in any case. */
export const findCheck = (id: string): CheckKnowledge | undefined => readOwn(checkKnowledge, id.toUpperCase());
