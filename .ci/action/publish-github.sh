#!/usr/bin/env bash
# Publishes the release in a folder on GitHub: `publish-github.sh FOLDER VERSION`.
#
# Nothing is public before everything is uploaded: the release is a draft until the last command, which also makes the tag.
# Drafts that interrupted runs left are removed first.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1
tag=$DECKC_TAG_PREFIX$2
# Stands in the text of a release that this script made: only such drafts are ever deleted.
mark='<!-- deckc release -->'
check_files "$folder"

releases=$(gh api --paginate 'repos/{owner}/{repo}/releases?per_page=100' \
    --jq '.[] | [.id, .draft, .tag_name, ((.body // "") | contains("'"$mark"'"))] | @tsv') ||
    fail "cannot ask GitHub for its releases: nothing was published; run again when it answers"
while IFS=$'\t' read -r id draft name ours; do
    if [ "$draft $ours" = "true true" ] && is_release_tag "$name"; then
        say "a draft $name of an interrupted run is removed"
        gh api --silent --method DELETE "repos/{owner}/{repo}/releases/$id"
    elif [ "$draft $name" = "true $tag" ]; then
        fail "there is a draft $tag that somebody made: nothing was published; publish it, delete it, or give it another tag"
    elif [ "$draft $name" = "false $tag" ]; then
        fail "the release $tag is public already: nothing was published; is another run at work?"
    fi
done <<<"$releases"

# An asset is a name without folders, of letters that GitHub leaves alone. The next run finds the names again by the checksums.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/assets"
count=0
while IFS= read -r name; do
    asset=$(printf '%s' "$name" | LC_ALL=C tr -cs 'A-Za-z0-9._-' '-')
    count=$((count + 1))
    # Two may come out as one, and a point at the beginning is taken away.
    if [ -e "$work/assets/$asset" ] || [[ $asset == .* ]]; then
        asset=$count-$asset
    fi
    cp "$folder/$name" "$work/assets/$asset"
done < <(files_of "$folder")

{
    cat "$folder/CHANGELOG.md"
    printf '\n%s\n' "$mark"
} >"$work/notes.md"
gh release create "$tag" --draft --title "$2" --notes-file "$work/notes.md" --target "$(git rev-parse HEAD)" >&2
gh release upload "$tag" "$work/assets"/* >&2
uploaded=$(gh release view "$tag" --json assets --jq '.assets | length')
[ "$uploaded" = "$count" ] || fail "GitHub has $uploaded of $count files: the draft $tag was not published; run again"
gh release edit "$tag" --draft=false >&2
say "published $tag on GitHub"
