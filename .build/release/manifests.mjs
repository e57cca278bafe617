// What package managers read: a krew plugin, a Homebrew formula, a Scoop app. `files` has the archives with their sums.
import { stringify } from 'yaml';

const about = 'Generate, inspect and ship ClusterProfiles';

const description = [
  'Every multi-cluster system keeps its own list of clusters. This plugin reads them, GKE fleets, Azure Fleet Manager, OCM,',
  'Karmada, Argo CD, kubeconfigs and more, and prints, diffs or applies them as ClusterProfiles (multicluster.x-k8s.io,',
  'KEP-4322); and it writes from that inventory what Argo CD, Kueue, Flux and others take.',
].join('\n');

const platforms = {
  'linux-x64': ['linux', 'amd64'],
  'linux-arm64': ['linux', 'arm64'],
  'darwin-x64': ['darwin', 'amd64'],
  'darwin-arm64': ['darwin', 'arm64'],
  'windows-x64': ['windows', 'amd64'],
};

/** The archives of targets that a package manager has a name for, with that name. */
const chooseFiles = (files, format) =>
  Object.entries(platforms).flatMap(([target, [os, arch]]) =>
    files
      .filter((each) => each.target === target && each.format === (os === 'windows' ? 'zip' : format))
      .map((each) => ({ ...each, os, arch })),
  );

/** The manifest of the krew plugin `clusterprofile`; krew reads .tar.gz and .zip only. */
export function formatKrew({ version, homepage, url }, files) {
  const manifest = {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'clusterprofile' },
    spec: {
      version: `v${version}`,
      homepage,
      shortDescription: about,
      description: `${description}\n`,
      platforms: chooseFiles(files, 'tar.gz').map(({ os, arch, name, sha256 }) => ({
        selector: { matchLabels: { os, arch } },
        uri: url(name),
        sha256,
        bin: `clusterprofile${os === 'windows' ? '.exe' : ''}`,
      })),
    },
  };
  return stringify(manifest, { lineWidth: 0 });
}

/** The part of a formula for one system: a block for each processor. */
function formatFormulaSystem(name, files, url) {
  const blocks = files.map(
    (file) =>
      `    on_${file.arch === 'arm64' ? 'arm' : 'intel'} do\n` +
      `      url "${url(file.name)}"\n      sha256 "${file.sha256}"\n    end`,
  );
  return blocks.length === 0 ? '' : `  on_${name} do\n${blocks.join('\n')}\n  end\n\n`;
}

/** A Homebrew formula that installs the binary, the kubectl plugin, completions and manual pages. */
export function formatHomebrew({ version, homepage, url }, files) {
  const chosen = chooseFiles(files, 'tar.gz');
  const of = (system) => chosen.filter(({ os }) => os === system);
  return `class Clusterprofile < Formula
  desc "${about}"
  homepage "${homepage}"
  version "${version}"
  license "Apache-2.0"

${formatFormulaSystem('macos', of('darwin'), url)}${formatFormulaSystem('linux', of('linux'), url)}  def install
    bin.install "clusterprofile"
    bin.install_symlink "clusterprofile" => "kubectl-clusterprofile"
    man1.install Dir["man/man1/*"]
    generate_completions_from_executable(bin/"clusterprofile", "completion")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/clusterprofile version")
  end
end
`;
}

/** A Scoop manifest for Windows. */
export function formatScoop({ version, homepage, url }, files) {
  const [file] = chooseFiles(files, 'zip');
  if (!file) return undefined;
  const manifest = {
    version,
    description: about,
    homepage,
    license: 'Apache-2.0',
    architecture: { '64bit': { url: url(file.name), hash: file.sha256 } },
    bin: ['clusterprofile.exe', ['clusterprofile.exe', 'kubectl-clusterprofile']],
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
