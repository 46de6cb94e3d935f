#!/bin/sh
# Builds the wheel and the source archive twice, in two copies of the commit, and stops unless both are equal byte for byte.
# Usage: make release, or scripts/build_release.sh FOLDER [PYTHON]. PYTHON has hatchling (default: .venv). Writes the two archives, SHA256SUMS and release-notes.md there.
set -eu
cd "$(dirname "$0")/.."
out=$(mkdir -p "$1" && cd "$1" && pwd)
python=${2:-$PWD/.venv/bin/python}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Times inside the archives are those of the commit, whenever they are built.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

for copy in first second; do
    mkdir -p "$scratch/$copy/code" "$scratch/$copy/dist"
    git archive HEAD | tar --extract --directory "$scratch/$copy/code"
    (cd "$scratch/$copy/code" && "$python" -m hatchling build --directory "$scratch/$copy/dist" >/dev/null)
done
for file in "$scratch"/first/dist/*; do
    cmp "$file" "$scratch/second/dist/$(basename "$file")" || {
        echo "$(basename "$file") differs between two builds of one commit: do not release it." >&2
        exit 1
    }
done

cp "$scratch"/first/dist/* "$out"
(cd "$out" && sha256sum assay-* >SHA256SUMS)
# The notes are the newest section of the list of changes, without its heading. Links to pages lead nowhere on the page of a
# release, so their words stay alone.
awk '/^## /{section++; next} section == 1' CHANGELOG.md |
    sed -E 's/\[([^]]*)\]\([^)]*\.md\)/"\1"/g' >"$out/release-notes.md"
cat "$out/SHA256SUMS"
