#!/bin/sh
# Builds the Git history of the demo in a new folder: three releases of the made-up company's manual, for `annexa build --releases`,
# `annexa releases` and all that compares two states.
#
#   tests/history/build.sh DIR
#
# v1.0 lies in v1.0/ whole; v1.1 is v1.0 with the files of v1.1/ over it; v2.0 is the repository's own annexa.yaml and content/. Author and
# dates are fixed, so that the commits are the same each time. A release holds what is in force on its day: versions that were approved before
# 2026-11-16 and take effect on it come with v2.0.
set -eu

folder=${1:?name a new folder: tests/history/build.sh DIR}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
if [ -e "$folder" ]; then
    echo "$folder is there already; name a new folder" >&2
    exit 2
fi

# Nobody's own settings of Git, and no repository that this runs in.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_TEMPLATE_DIR 2>/dev/null || true
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C TZ=UTC

mkdir -p -- "$folder"
cd -- "$folder"

# commit DAY NAME MESSAGE PATH...: what has changed below these paths, as a commit of that day. A path that never was is passed over.
commit() {
    day=$1 name=$2 message=$3
    shift 3
    export GIT_AUTHOR_NAME="$name" GIT_AUTHOR_EMAIL="$name@tarnwick.example" GIT_AUTHOR_DATE="${day}T09:00:00+00:00"
    export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL" GIT_COMMITTER_DATE="$GIT_AUTHOR_DATE"
    for path in "$@"; do
        git add --all -- "$path" 2>/dev/null || true
    done
    git commit --quiet --message "$message"
}

git init --quiet --initial-branch=main .
git config core.autocrlf false
printf '/dist\n' > .gitignore

cp -R "$here/v1.0/." .
commit 2026-10-05 ciso "Manual, policies and procedures approved in their first edition" .gitignore annexa.yaml content/manual content/policies content/sops content/assets
commit 2026-10-19 ciso "Registers and control statements of the first release" .
git tag v1.0

cp -R "$here/v1.1/." .
commit 2026-11-05 procurement-lead "Scanning: another supplier, before the first one begins" content/registers/suppliers.yaml
commit 2026-11-09 ciso "Figures of the third quarter, training of the year, evidence renewed" .
git tag v1.1

rm -rf annexa.yaml content
cp -R "$root/annexa.yaml" "$root/content" .
commit 2026-11-13 ciso "Policies and procedures of the second round, in force from 2026-11-16" content/policies content/sops
commit 2026-11-16 cto "The cloud controls of the second edition of ISO/IEC 27017" annexa.yaml content/controls content/manual
commit 2026-11-23 ciso "Registers of the second release" .
git tag v2.0
