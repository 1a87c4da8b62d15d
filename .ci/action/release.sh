#!/usr/bin/env bash
# Makes the next release of a deck if anything changed, and publishes it. Run it in the project's folder.
#
# Standard output has what `deckc release` tells (changed=, version=, folder=, files=) and tag=; all else is on standard error.
# The order, so that a run that dies anywhere leaves the next one right: (1) the branch as it is at the remote, (2) the last
# release, (3) the build, (4) the ledger is pushed, (5) the release is published. What is public is never ahead of the ledger,
# and whether something changed is asked of the last public release alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
one_of ledger "$DECKC_LEDGER" commit release
one_of publish "$DECKC_PUBLISH" true false
one_of forge "$DECKC_FORGE" github git
one_of strict "${DECKC_STRICT:-false}" true false
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tries=5

# The branch that the ledger goes to, and whose newest sources are released; none where a tag is checked out.
branch=${DECKC_BRANCH:-}
if [ -z "$branch" ]; then
    case ${GITHUB_REF:-} in
        refs/heads/*) branch=${GITHUB_REF#refs/heads/} ;;
        '') branch=${CI_COMMIT_BRANCH:-$(git symbolic-ref --quiet --short HEAD || true)} ;;
    esac
fi
if [ -z "$branch" ] && [ "$DECKC_LEDGER $DECKC_PUBLISH" = "commit true" ]; then
    fail "no branch is checked out, and the ledger is to be committed to one: run it for a branch, or set the ledger to \`release\`"
fi

# The ledgers of the work tree, wherever the project has its own.
ledgers=':(glob)**/deckc.lock'

# The same from the top of the repository.
all_ledgers=':(top,glob)**/deckc.lock'
# A commit that came from the remote: that of the job, later the one that was fetched. Elsewhere than in CI none is known.
fetched=${GITHUB_SHA:-${CI_COMMIT_SHA:-}}

# What is released is what was committed, but for ledgers, which an interrupted run may have left.
refuse_changes() {
    git diff --quiet HEAD -- :/ ':(top,exclude,glob)**/deckc.lock' ||
        fail "files here are changed and not committed: nothing was published; commit and push them, or undo it"
}

# Puts the work tree on the branch as it is at the remote: an old job that is run again must not publish old sources. Nothing that
# is here alone is lost: neither commits nor files.
sync_branch() {
    local tip current name
    tip=$(remote_ref "refs/heads/$branch")
    [ -n "$tip" ] || fail "the remote has no branch \`$branch\`"
    if [ "$tip" = "$(git rev-parse HEAD)" ]; then
        fetched=$tip
        return 0
    fi
    fetch_ref "refs/heads/$branch" || fail "cannot fetch \`$branch\`: nothing was published"
    if [ "$(git rev-parse HEAD)" != "$fetched" ]; then
        # Only the history tells, so a shallow clone has to become a whole one.
        if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
            git fetch --quiet --no-tags --unshallow "$DECKC_REMOTE" "refs/heads/$branch" ||
                fail "cannot fetch the history of \`$branch\`: nothing was published"
        fi
        git merge-base --is-ancestor HEAD FETCH_HEAD ||
            fail "this clone has commits that \`$branch\` at the remote lacks: push them first"
    fi
    say "\`$branch\` has moved: its newest sources are released"
    # Ledgers of this clone give way to the remote's; for every other file git refuses.
    [ -z "$(git ls-files -- "$all_ledgers")" ] ||
        git restore --quiet --source=HEAD --staged --worktree -- "$all_ledgers"
    while IFS= read -r -d '' name; do
        ! git cat-file -e "FETCH_HEAD:./$name" 2>/dev/null || rm -f -- "$name"
    done < <(git ls-files -z --others -- "$all_ledgers")
    current=$(git symbolic-ref --quiet --short HEAD || true)
    if [ -n "$current" ]; then
        set -- -B "$current"
    else
        set -- --detach
    fi
    git checkout --quiet --no-overwrite-ignore --no-track "$@" FETCH_HEAD ||
        fail "files here are in the way of those that \`$branch\` brings: nothing was published; move them away"
    fetched=$(git rev-parse HEAD)
}

# Sets the time of the build: that of the commit, so that the same sources give the same bytes. The clock where that is in the
# future, or not after the last release: Anki takes only edits with a newer time.
set_time() {
    [ -z "$asked_time" ] || return 0
    local now commit last
    now=$(date +%s)
    commit=$(git log -1 --format=%ct)
    last=0
    if [ -n "$tag" ]; then
        # A release without a manifest is another tool's: its times are not known.
        last=$now
        [ ! -f "$work/last/manifest.json" ] ||
            last=$(sed -n 's/^  "time": \([0-9][0-9]*\),*$/\1/p' "$work/last/manifest.json")
    fi
    if [ "$commit" -le "$now" ] && [ "$commit" -gt "${last:-$now}" ]; then
        export SOURCE_DATE_EPOCH=$commit
    else
        export SOURCE_DATE_EPOCH=$now
    fi
}

# Pushes the ledger as the one change of a commit on HEAD. `pushed` is then yes, no (nothing to push) or moved: somebody else was
# faster, and a ledger is never merged but made again.
push_ledger() {
    local commit tip message
    pushed=no
    [ -n "$(git ls-files --cached --others --exclude-standard -- "$ledgers")" ] ||
        fail "git ignores deckc.lock, which is to be committed: take it out of .gitignore, or set the ledger to \`release\`"
    [ -n "$(git ls-files --modified --others --exclude-standard -- "$ledgers")" ] || return 0
    message="deckc.lock: as of ${version:-the last release} [skip ci]"
    export GIT_AUTHOR_NAME=${GIT_AUTHOR_NAME:-deckc release} GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL:-deckc@localhost}
    export GIT_COMMITTER_NAME=${GIT_COMMITTER_NAME:-$GIT_AUTHOR_NAME}
    export GIT_COMMITTER_EMAIL=${GIT_COMMITTER_EMAIL:-$GIT_AUTHOR_EMAIL}
    # An index of its own: a run that dies before the push leaves HEAD and index as they were.
    commit=$(
        export GIT_INDEX_FILE=$work/index
        git read-tree HEAD && git add -- "$ledgers" && tree=$(git write-tree) &&
            git commit-tree "$tree" -p HEAD -m "$message"
    )
    if git push --quiet "$DECKC_REMOTE" "$commit:refs/heads/$branch"; then
        git reset --quiet "$commit"
        pushed=yes
        say "the ledger is pushed to \`$branch\`"
        return 0
    fi
    tip=$(remote_ref "refs/heads/$branch")
    [ "$tip" != "$(git rev-parse HEAD)" ] ||
        fail "the remote does not take the ledger: nothing was published; may this job write to \`$branch\`?"
    pushed=moved
}

build() { # ARGUMENT...
    run_deckc "$@" >"$work/told" 2>"$work/said"
}

told() { # KEY: prints a value that deckc told
    sed -n "s/^$1=//p" "$work/told"
}

asked_time=${SOURCE_DATE_EPOCH:-}
[ "$DECKC_PUBLISH" = false ] || refuse_changes
for ((try = 1; ; try++)); do
    if [ -n "$branch" ] && [ "$DECKC_PUBLISH" = true ]; then
        sync_branch
    fi

    rm -rf "$work/last"
    tag=$("$here/fetch-$DECKC_FORGE.sh" "$work/last")
    set -- release "$DECKC_PATH" --out "$DECKC_OUT"
    if [ -n "$tag" ]; then
        say "the last release is $tag"
        set -- "$@" --baseline "$work/last"
    else
        say "there is no release yet: this is the first"
        # What an interrupted run built was never published, and is no last release.
        rm -f "$DECKC_OUT/manifest.json"
    fi
    if [ "$DECKC_LEDGER" = release ]; then
        [ -z "$(git ls-files -- "$ledgers")" ] ||
            fail "deckc.lock is committed, and would be used: remove it from git, or set the ledger to \`commit\`"
        # Away from the work tree: identities come from the last release's package, never from what an earlier run left.
        rm -f "$work/deckc.lock"
        set -- "$@" --ledger "$work/deckc.lock"
    fi
    [ -z "${DECKC_FORMATS:-}" ] || set -- "$@" --format "$DECKC_FORMATS"
    [ "${DECKC_STRICT:-false}" = false ] || set -- "$@" --strict
    [ -z "${GITHUB_ACTIONS:-}" ] || set -- "$@" --message-format github
    set_time
    status=0
    build "$@" || status=$?
    if [ "$status" != 0 ] && [ -z "$asked_time" ] && grep -q D415 "$work/said"; then
        # Notes may be newer than their release says, where a clock was wrong.
        SOURCE_DATE_EPOCH=$(date +%s)
        status=0
        build "$@" || status=$?
    fi
    cat "$work/said" >&2
    if [ "$status" != 0 ]; then
        say "nothing was published"
        exit "$status"
    fi
    changed=$(told changed) version=$(told version)
    if [ "$DECKC_LEDGER $changed" = "release true" ] && ! told files | grep -q '\.apkg"'; then
        fail "only a package keeps identities: add \`apkg\` to the formats, or set the ledger to \`commit\`"
    fi

    [ "$DECKC_LEDGER $DECKC_PUBLISH" = "commit true" ] || break
    push_ledger
    [ "$pushed" = moved ] || break
    [ "$try" -lt "$tries" ] || fail "\`$branch\` moved in each of $tries tries: nothing was published; run again"
    say "\`$branch\` moved meanwhile: the release is made again"
done

tag=
if [ "$changed $DECKC_PUBLISH" = "true true" ]; then
    "$here/publish-$DECKC_FORGE.sh" "$DECKC_OUT" "$version"
    tag=$DECKC_TAG_PREFIX$version
fi
if [ "$changed" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat "$DECKC_OUT/CHANGELOG.md" >>"$GITHUB_STEP_SUMMARY"
fi
cat "$work/told"
printf 'tag=%s\n' "$tag"
