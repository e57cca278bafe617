#!/usr/bin/env bash
# Fetches a release, checks its sum, and says where the program is.
set -euo pipefail
fail() {
  echo "::error::$1"
  exit 1
}
[[ $VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "version is that of a release, such as 0.1.0"
[[ $REPOSITORY =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] ||
  fail "an action of the same repository has no release: build the program, and name it in the input program"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=linux-x64 ;;
  Linux-aarch64) target=linux-arm64 ;;
  Darwin-x86_64) target=darwin-x64 ;;
  Darwin-arm64) target=darwin-arm64 ;;
  *) fail "there is no release for $(uname -s) $(uname -m)" ;;
esac
# Containers of Alpine have another C library. Where musl-tools is installed both are there, and the system's own is glibc.
if compgen -G '/lib/ld-musl-*' > /dev/null && ! getconf GNU_LIBC_VERSION > /dev/null 2>&1; then target=$target-musl; fi
archive="clusterprofile-$VERSION-$target.tar.gz"
server="${GITHUB_SERVER_URL:-https://github.com}"
base="$server/$REPOSITORY/releases/download/v$VERSION"
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/clusterprofile.XXXXXX")
cd "$folder"
# A redirect stays with the protocol of the address: https is not left.
for file in "$archive" SHA256SUMS; do
  curl --fail --silent --location --proto-redir "=${server%%:*}" --retry 3 --max-time 300 --output "$file" "$base/$file" ||
    fail "$base/$file cannot be fetched (curl ended with $?)"
done
wanted=$(awk -v name="$archive" '$2 == name { print $1 }' SHA256SUMS)
if command -v sha256sum > /dev/null; then sum=$(sha256sum "$archive"); else sum=$(shasum --algorithm 256 "$archive"); fi
# Both print the sum first.
[[ $wanted =~ ^[0-9a-f]{64}$ && ${sum%% *} = "$wanted" ]] || fail "$archive is not the file that SHA256SUMS has"
tar -xzf "$archive" clusterprofile
./clusterprofile version > /dev/null 2>&1 || fail "the program of $archive does not run here; on Alpine it needs: apk add libstdc++"
echo "program=$folder/clusterprofile" >> "$GITHUB_OUTPUT"
