#!/usr/bin/env bash
# Writes the report as a comment of the pull request: the one that an earlier run wrote, or a new one.
set -euo pipefail
api="${GITHUB_API_URL:-https://api.github.com}/repos/$GITHUB_REPOSITORY"
mark="<!-- clusterprofile $COMMAND -->"
call() {
  curl --fail --silent --show-error --retry 2 --max-time 30 --header "Authorization: Bearer $TOKEN" \
    --header 'Accept: application/vnd.github+json' "$@"
}
found=''
for page in 1 2 3 4 5 6 7 8 9 10; do
  comments=$(call "$api/issues/$NUMBER/comments?per_page=100&page=$page")
  found=$(jq --raw-output --arg mark "$mark" '[.[] | select(.body | startswith($mark))][0].id // empty' <<< "$comments")
  if [ -n "$found" ] || [ "$(jq length <<< "$comments")" -lt 100 ]; then break; fi
done
body=$(jq --null-input --arg mark "$mark" --rawfile report "$REPORT" '{body: ($mark + "\n" + $report)}')
if [ -n "$found" ]; then
  call --request PATCH --data-binary @- "$api/issues/comments/$found" <<< "$body" > /dev/null
else
  call --request POST --data-binary @- "$api/issues/$NUMBER/comments" <<< "$body" > /dev/null
fi
