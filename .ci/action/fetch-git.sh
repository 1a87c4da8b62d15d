#!/usr/bin/env bash
# Fetches the files of the last release from a branch of the remote into a folder: `fetch-git.sh FOLDER`.
#
# Prints the release's tag, and nothing where there is no such branch yet. Fails where that cannot be known.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1
mkdir -p "$folder"

tip=$(remote_ref "refs/heads/$DECKC_RELEASES")
[ -n "$tip" ] || exit 0
fetch_ref "refs/heads/$DECKC_RELEASES" || fail "cannot fetch the branch $DECKC_RELEASES: nothing was published"

# Bytes as they are: a checkout would apply the attributes of the sources' branch, such as other ends of lines.
list=$(mktemp)
trap 'rm -f "$list"' EXIT
git ls-tree -r -z --full-tree --name-only FETCH_HEAD >"$list"
while IFS= read -r -d '' name; do
    mkdir -p "$(dirname "$folder/$name")"
    git cat-file blob "FETCH_HEAD:$name" >"$folder/$name"
done <"$list"
version=$(git log -1 --format=%s FETCH_HEAD)
printf '%s' "$DECKC_TAG_PREFIX${version#Release }"
