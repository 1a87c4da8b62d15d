#!/usr/bin/env bash
# Fetches the files of the last release from GitHub into a folder: `fetch-github.sh FOLDER`.
#
# Prints the release's tag, and nothing where there is no release yet. Fails where that cannot be known.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1
mkdir -p "$folder"

# All pages: a deck's last release may stand behind many of something else.
releases=$(gh api --paginate 'repos/{owner}/{repo}/releases?per_page=100' \
    --jq '.[] | select(.draft | not) | [.published_at, .tag_name] | @tsv') ||
    fail "cannot ask GitHub for the last release: nothing was published; run again when it answers"

tag=
while IFS=$'\t' read -r published name; do
    is_release_tag "$name" || continue
    if [[ -z $tag || $published > $newest ]]; then
        tag=$name newest=$published
    fi
done <<<"$releases"

if [ -n "$tag" ]; then
    gh release download "$tag" --dir "$folder" ||
        fail "cannot fetch the files of the release $tag: nothing was published; run again, or delete that release if it never was one of this deck"
    restore_names "$folder"
fi
printf '%s' "$tag"
