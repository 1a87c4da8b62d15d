#!/usr/bin/env bash
# Installs deckc: the released binary for this machine, checked by its checksum, or one built from the sources beside this script.
#
# `install.sh plan` prints what will be installed (folder=, key= for a cache) and does nothing; `install.sh` installs it, unless it
# is there. DECKC_VERSION names a version that has to be downloaded; without it the version is that of these sources. DECKC_DOWNLOADS
# is where releases are, if not at the repository of the action; DECKC_BIN is the folder to install into. Without either of the
# first two, only an action that is used as `vVERSION` gets the binary of that release: any other ref runs the code that it names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
root=$(cd "$here/../.." && pwd)

own=$(sed -n '/^\[package\]/,/^$/s/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml")
version=${DECKC_VERSION:-$own}
version=${version#v}
[[ $version =~ ^[0-9]+(\.[0-9]+)*(-[0-9A-Za-z.-]+)?$ ]] || fail "\`$version\` is no version of deckc, such as \`$own\`"

# The names are those of Rust's targets, as in the release's files.
case ${RUNNER_OS:-$(uname -s)} in
    Linux) system=unknown-linux-musl archive=tgz binary=deckc ;;
    macOS | Darwin) system=apple-darwin archive=tgz binary=deckc ;;
    Windows | MINGW* | MSYS*) system=pc-windows-msvc archive=zip binary=deckc.exe ;;
    *) system=none archive=tgz binary=deckc ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
    X64 | x86_64 | amd64) target=x86_64-$system ;;
    ARM64 | arm64 | aarch64) target=aarch64-$system ;;
    *) target=none-$system ;;
esac
# Sources of one version may differ, so what is built is told apart by their checksum.
sum=$(cd "$root" && find Cargo.toml Cargo.lock src -type f | LC_ALL=C sort | xargs cat | sha256 /dev/stdin)
sum=${sum:0:16}

# A runner keeps actions in `_actions/OWNER/REPOSITORY/REF`, which is surer than what a nested action is told. A ref may have slashes.
repository='' ref=''
if [[ $root =~ /_actions/([^/]+/[^/]+)/(.+)$ ]]; then
    repository=${BASH_REMATCH[1]} ref=${BASH_REMATCH[2]}
fi
if [ -n "${DECKC_VERSION:-}${DECKC_DOWNLOADS:-}" ] || [ "$ref" = "v$own" ]; then
    kind=released name=$version-$target
else
    kind=built name=$version-$target-$sum
fi
folder=${DECKC_BIN:-${RUNNER_TOOL_CACHE:-$HOME/.cache}/deckc/$name}

if [ "${1:-}" = plan ]; then
    printf 'folder=%s\nkey=deckc-%s-%s-%s-%s\n' "$folder" "$kind" "$version" "$target" "$sum"
    exit
fi

# Downloads and unpacks; returns 1 where there is no such release. A wrong checksum ends the script: that is never worked around.
download() {
    local name=deckc-$version-$target work=$1
    local from=${DECKC_DOWNLOADS:-} file
    if [ -z "$from" ]; then
        [ -n "$repository" ] || return 1
        from=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download
    fi
    for file in SHA256SUMS "$name.$archive"; do
        curl --fail --silent --show-error --location --retry 3 --output "$work/$file" "$from/v$version/$file" || return 1
    done
    local listed
    listed=$(awk -v name="$name.$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
    [ -n "$listed" ] && [ "$(sha256 "$work/$name.$archive")" = "$listed" ] ||
        fail "\`$name.$archive\` is not as SHA256SUMS lists it: it is not installed"
    if [ "$archive" = zip ]; then
        unzip -q "$work/$name.zip" -d "$work" || return 1
    else
        tar -xzf "$work/$name.tgz" -C "$work" || return 1
    fi
    place "$work/$name/$binary"
}

# At once: a run that dies leaves no half of a program.
place() {
    mv "$1" "$folder/new-$$" && mv "$folder/new-$$" "$folder/$binary"
}

mkdir -p "$folder"
if [ ! -x "$folder/$binary" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    installed=no
    # Not in a condition of its own commands: each failing one returns by itself.
    [ "$kind" = built ] || { download "$work" && installed=yes; }
    if [ "$installed" = no ]; then
        why='these sources are not those of a release'
        [ "$kind" = built ] || why="there is no release of deckc $version for $target"
        [ "$version" = "$own" ] || fail "$why to download"
        command -v cargo >/dev/null || fail "$why, and there is no Rust to build with"
        say "$why: it is built"
        cargo build --release --locked --manifest-path "$root/Cargo.toml" --target-dir "$work/target" >&2
        place "$work/target/release/$binary"
    fi
fi
"$folder/$binary" --version >&2
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$folder" >>"$GITHUB_PATH"
printf '%s\n' "$folder"
