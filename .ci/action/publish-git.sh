#!/usr/bin/env bash
# Publishes the release in a folder on a branch of the remote, with a tag: `publish-git.sh FOLDER VERSION`.
#
# The branch holds nothing but releases, one commit each. Branch and tag are pushed at once, both or neither, so an
# interrupted run leaves nothing behind. Any git remote will do.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1
tag=$DECKC_TAG_PREFIX$2
branch=refs/heads/$DECKC_RELEASES
check_files "$folder"

taken=$(remote_ref "refs/tags/$tag")
[ -z "$taken" ] ||
    fail "the tag $tag is at the remote already: nothing was published; set another tag prefix, or remove the tag"
before=$(remote_ref "$branch")
if [ -n "$before" ]; then
    fetch_ref "$branch" || fail "cannot fetch the branch $DECKC_RELEASES: nothing was published"
    before=$(git rev-parse FETCH_HEAD)
fi

# An index of its own, and bytes as they are: the work tree and its attributes have no say.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_INDEX_FILE=$work/index
git read-tree --empty
while IFS= read -r name; do
    blob=$(git hash-object -w --no-filters "$folder/$name")
    git update-index --add --cacheinfo "100644,$blob,$name"
done < <(files_of "$folder")
tree=$(git write-tree)

message="Release $2"$'\n\n'"From $(git rev-parse HEAD)"
: "${GIT_AUTHOR_NAME:=deckc release}" "${GIT_AUTHOR_EMAIL:=deckc@localhost}"
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL
export GIT_COMMITTER_NAME=${GIT_COMMITTER_NAME:-$GIT_AUTHOR_NAME} GIT_COMMITTER_EMAIL=${GIT_COMMITTER_EMAIL:-$GIT_AUTHOR_EMAIL}
commit=$(git commit-tree "$tree" ${before:+-p "$before"} -m "$message")
git push --quiet --atomic "$DECKC_REMOTE" "$commit:$branch" "$commit:refs/tags/$tag" ||
    fail "the remote did not take the release $tag: nothing was published; run again"
say "published $tag on the branch $DECKC_RELEASES"
