// A container image as an OCI archive, put together from files: the binary, what glibc needs, the public roots, one user.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar, place } from './archives.mjs';

/** The roots of the machine that builds, as Debian's and Fedora's packages write them. */
const roots = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** Where an image has the roots, below its own root. */
const rootsOfImage = 'etc/ssl/certs/ca-certificates.crt';

/** The number of the user `nonroot`, the one of distroless images. */
const nonroot = 65532;

/** The libraries that a program asks its loader for, and the loader. */
function listLibraries(program) {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path);
}

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tree with the libraries where the loader looks, users, roots and a home that may be read only. */
function layBase(folder, program) {
  for (const library of listLibraries(program)) {
    const to = join(folder, library);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(realpathSync(library), to, { dereference: true });
  }
  const bundle = roots.find((path) => existsSync(path));
  if (!bundle) throw new Error(`no public roots at ${roots.join(' or ')}: install ca-certificates`);
  place(folder, rootsOfImage, readFileSync(bundle));
  place(
    folder,
    'etc/passwd',
    `root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:${nonroot}:${nonroot}::/home/nonroot:/sbin/nologin\n`,
  );
  place(folder, 'etc/group', `root:x:0:\nnonroot:x:${nonroot}:\n`);
  place(folder, 'etc/nsswitch.conf', 'hosts: files dns\n');
}

/** Packs a tree as a layer: its blob, and the digest of the tree before gzip, which the configuration names. */
function packLayer(folder, time) {
  const file = join(mkdtempSync(join(tmpdir(), 'layer-')), 'layer.tar');
  try {
    const tar = readFileSync(packTar(folder, file, time, false));
    return { blob: gzipSync(tar, { level: 9 }), diff: digestOf(tar) };
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
}

const type = (name) => `application/vnd.oci.image.${name}`;

/** What an image says of itself, and how its program is started. */
function describeImage({ time, version, revision, homepage }, layers) {
  const labels = {
    'org.opencontainers.image.title': 'clusterprofile',
    'org.opencontainers.image.description': 'Generate, inspect and ship ClusterProfiles',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.revision': revision,
    'org.opencontainers.image.source': homepage,
    'org.opencontainers.image.licenses': 'Apache-2.0',
  };
  const config = {
    created: new Date(time * 1000).toISOString(),
    architecture: 'amd64',
    os: 'linux',
    config: {
      User: `${nonroot}:${nonroot}`,
      Env: ['PATH=/usr/bin', `SSL_CERT_FILE=/${rootsOfImage}`, `NODE_EXTRA_CA_CERTS=/${rootsOfImage}`],
      Entrypoint: ['/usr/bin/clusterprofile'],
      WorkingDir: '/',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diff }) => diff) },
  };
  return { config, labels };
}

/** Lays the blobs of an image out as OCI wants them in a folder. */
function layImage(layout, release, layers) {
  const put = (mediaType, content) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    place(layout, `blobs/${digestOf(bytes).replace(':', '/')}`, bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const { config, labels } = describeImage(release, layers);
  const manifest = put(type('manifest.v1+json'), {
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: put(type('config.v1+json'), config),
    layers: layers.map(({ blob }) => put(type('layer.v1.tar+gzip'), blob)),
    annotations: labels,
  });
  const named = { 'org.opencontainers.image.ref.name': release.version };
  place(layout, 'oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  place(layout, 'index.json', JSON.stringify({ schemaVersion: 2, manifests: [{ ...manifest, annotations: named }] }));
}

/**
 * Writes an image of a Linux binary as an OCI archive, which `skopeo copy oci-archive:FILE`, `podman load` and
 * `docker load` (25 and later) take. The release's `time` is seconds since the epoch.
 */
export function buildImage({ program, file, licences, ...release }) {
  const work = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    const [base, own, layout] = ['base', 'own', 'layout'].map((name) => join(work, name));
    layBase(base, program);
    place(own, 'usr/bin/clusterprofile', readFileSync(program), true);
    place(own, 'usr/share/doc/clusterprofile/THIRD-PARTY-LICENSES.txt', licences);
    layImage(
      layout,
      release,
      [base, own].map((folder) => packLayer(folder, release.time)),
    );
    return packTar(layout, file, release.time, false);
  } finally {
    rmSync(work, { recursive: true });
  }
}
