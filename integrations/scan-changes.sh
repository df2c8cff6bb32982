#!/usr/bin/env bash
# Judges the files that a commit or a branch changes, as they stand there and not in the working copy.
#   scan-changes.sh --staged          what is about to be committed
#   scan-changes.sh BASE [HEAD]       what HEAD changes since it left BASE
# HOLDFAST_REGISTERS names the register folder, HOLDFAST_PUBLISH_AT when it goes live, HOLDFAST_FORMAT text, json or sarif.
# Exit status: 0 nothing is held, 1 something is held, 2 it could not run; and then nothing may be taken for clean.
set -euo pipefail

fail() { printf 'scan-changes: %s\n' "$1" >&2; exit 2; }
[ $# -ge 1 ] || fail 'give --staged, or BASE and HEAD'
top=$(git rev-parse --show-toplevel 2>/dev/null) || fail 'this is no git repository'
registers=${HOLDFAST_REGISTERS:-$top/registers}
case $registers in /*) ;; *) registers=$top/$registers ;; esac
holdfast=${HOLDFAST_COMMAND:-holdfast}

work=$(mktemp -d) || fail 'no temporary folder can be made'
trap 'rm -rf "$work"' EXIT
cd "$top"
if [ "$1" = --staged ]; then
  git diff --cached --name-only --diff-filter=ACMRT -z > "$work/names" || fail 'git cannot tell what is staged'
  git checkout-index --prefix="$work/tree/" -z --stdin < "$work/names" || fail 'the staged files cannot be read'
else
  head=${2:-HEAD}
  git diff --name-only --diff-filter=ACMRT -z "$1...$head" > "$work/names" || fail "git cannot compare $1 and $head; fetch both with their history"
  mkdir -p "$work/tree"
  while IFS= read -r -d '' name; do
    # A submodule is a commit, not a file.
    [ "$(git cat-file -t "$head:$name" 2>/dev/null)" = blob ] || continue
    mkdir -p "$work/tree/$(dirname -- "$name")"
    git cat-file blob "$head:$name" > "$work/tree/$name" || fail "$name cannot be read at $head"
  done < "$work/names"
fi
[ -s "$work/names" ] || { echo 'scan-changes: nothing is changed' >&2; exit 0; }

# A submodule that moved to another commit is all that is changed.
[ -n "$(find "$work/tree" ! -type d -print -quit)" ] || { echo 'scan-changes: no file is changed' >&2; exit 0; }

options=(--recursive --registers "$registers" --format "${HOLDFAST_FORMAT:-text}")
[ -z "${HOLDFAST_PUBLISH_AT:-}" ] || options+=(--publish-at "$HOLDFAST_PUBLISH_AT")
[ -z "${HOLDFAST_AT:-}" ] || options+=(--at "$HOLDFAST_AT")
cd "$work/tree"
status=0
# shellcheck disable=SC2086 # the command may be several words
$holdfast scan . "${options[@]}" || status=$?
if [ "$status" -eq 1 ]; then echo 'scan-changes: something is held, see above; take it out, or wait for its release' >&2; fi
exit "$status"
