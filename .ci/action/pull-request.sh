#!/usr/bin/env bash
# Looks at a pull request: findings as annotations, and what it changes for learners in the summary (elsewhere than on GitHub, on
# standard error). It writes nothing else, but for a comment where DECKC_COMMENT is true. Run it in the project's folder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
one_of comment "${DECKC_COMMENT:-false}" true false
one_of strict "${DECKC_STRICT:-false}" true false
one_of forge "$DECKC_FORGE" github git
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
summary=${GITHUB_STEP_SUMMARY:-/dev/stderr}
mark='<!-- deckc diff -->'

set -- check "$DECKC_PATH"
[ -z "${GITHUB_ACTIONS:-}" ] || set -- "$@" --message-format github
[ "${DECKC_STRICT:-false}" = false ] || set -- "$@" --strict
# Annotations name files from the top of the repository.
top=$(git rev-parse --show-prefix | sed 's/[&|\\]/\\&/g')
run_deckc "$@" | sed "s|^\(::[a-z]* file=\)|\1$top|"

tag=$("$here/fetch-$DECKC_FORGE.sh" "$work/last")
{
    printf '%s\n' "$mark"
    if [ -n "$(find "$work/last" -name '*.apkg')" ]; then
        printf 'Since %s:\n\n' "$tag"
        run_deckc diff "$work/last" "$DECKC_PATH" --format markdown
    elif [ -n "$tag" ]; then
        printf 'The last release, %s, has no package to compare with.\n' "$tag"
    else
        printf 'There is no release yet: all notes will be new.\n'
    fi
} >"$work/diff.md"
cat "$work/diff.md" >>"$summary"

if [ "${DECKC_COMMENT:-false}" = true ] && [ -n "${DECKC_PULL_REQUEST:-}" ]; then
    # The comment of an earlier run is brought up to date, so that there is one. In a pull request from a fork the token cannot
    # write, which is no reason to fail.
    comments="repos/{owner}/{repo}/issues/$DECKC_PULL_REQUEST/comments"
    jq='.[] | select(.body | startswith("'"$mark"'")) | .id'
    if id=$(gh api --paginate "$comments?per_page=100" --jq "$jq" | head -n 1) &&
        if [ -n "$id" ]; then
            gh api --silent --method PATCH "repos/{owner}/{repo}/issues/comments/$id" -F "body=@$work/diff.md"
        else
            gh api --silent --method POST "$comments" -F "body=@$work/diff.md"
        fi; then
        say "the difference is in a comment"
    else
        printf '::warning title=deckc::cannot comment: the token may not write to pull requests; the summary has the difference\n'
    fi
fi
