# What the scripts of the action share: settings, messages, and the branch at the remote. It is read, not run.
# shellcheck shell=bash

# Settings come from the environment; an empty one is as good as none. docs/ci.md lists them.
: "${DECKC_PATH:=notes}"
: "${DECKC_OUT:=build-output}"
: "${DECKC_LEDGER:=commit}"
: "${DECKC_PUBLISH:=true}"
: "${DECKC_FORGE:=github}"
: "${DECKC_REMOTE:=origin}"
: "${DECKC_RELEASES:=releases}"
: "${DECKC_TAG_PREFIX:=v}"

say() {
    printf 'deckc: %s\n' "$*" >&2
}

# Ends the script; on GitHub the message is shown at the top of the run as well.
fail() {
    if [ -n "${GITHUB_ACTIONS:-}" ]; then
        printf '::error title=deckc::%s\n' "$*" >&2
    else
        say "$*"
    fi
    exit 1
}

# Says what a setting has to be, where it is something else.
one_of() { # NAME VALUE CHOICE...
    local name=$1 value=$2 choice
    shift 2
    for choice in "$@"; do
        [ "$value" != "$choice" ] || return 0
    done
    fail "\`$name\` is \`$value\`; it is one of: $*"
}

# Runs deckc. Programs that deckc.toml names have no business with the tokens.
run_deckc() { # ARGUMENT...
    env -u GH_TOKEN -u GITHUB_TOKEN -u DECKC_TOKEN -u DECKC_REMOTE deckc "$@"
}

# Says whether a tag is that of a release of this deck: the prefix and a version. The prefix of another deck may begin with ours.
is_release_tag() { # TAG
    local version=${1#"$DECKC_TAG_PREFIX"}
    [ "$DECKC_TAG_PREFIX$version" = "$1" ] && [[ $version =~ ^[0-9][0-9.]*$ ]]
}

sha256() { # FILE: prints the hash alone
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -c1-64
    else
        shasum -a 256 <"$1" | cut -c1-64
    fi
}

# Prints the object that a ref of the remote is, and nothing where there is no such ref. A remote that does not answer is a
# failure, never a ref that is not there.
remote_ref() { # REF
    local line
    line=$(git ls-remote "$DECKC_REMOTE" "$1") ||
        fail "cannot reach the remote: nothing was published; run again when it answers"
    printf '%s' "${line%%[[:space:]]*}"
}

# Fetches a ref of the remote into FETCH_HEAD. A shallow clone stays one, and a whole one whole.
fetch_ref() { # REF
    if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
        git fetch --quiet --no-tags --depth 1 "$DECKC_REMOTE" "$1"
    else
        git fetch --quiet --no-tags "$DECKC_REMOTE" "$1"
    fi
}

# Prints the files of a release: those that SHA256SUMS lists, then the list and the manifest.
files_of() { # FOLDER
    cut -c67- <"$1/SHA256SUMS"
    printf '%s\n' SHA256SUMS manifest.json
}

# Fails unless the files of a release are those that SHA256SUMS lists.
check_files() { # FOLDER
    local line sum name
    while IFS= read -r line; do
        sum=${line%%  *} name=${line#*  }
        [ "$(sha256 "$1/$name")" = "$sum" ] || fail "\`$name\` is not as SHA256SUMS lists it: nothing was published"
    done <"$1/SHA256SUMS"
}

# Gives the files of a fetched release their own names: a forge may have changed blanks and letters in them.
restore_names() { # FOLDER
    local line sum name file
    [ -f "$1/SHA256SUMS" ] || return 0
    while IFS= read -r line; do
        sum=${line%%  *} name=${line#*  }
        case /$name/ in
            */../* | //*) fail "the last release lists a file outside of its folder: \`$name\`" ;;
        esac
        [ ! -e "$1/$name" ] || continue
        for file in "$1"/*; do
            if [ -f "$file" ] && [ "$(sha256 "$file")" = "$sum" ]; then
                mkdir -p "$(dirname "$1/$name")"
                cp "$file" "$1/$name"
                break
            fi
        done
    done <"$1/SHA256SUMS"
}
