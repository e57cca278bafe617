#!/usr/bin/env bash
# Writes the report as a comment of the pull request: the one that an earlier run wrote, or a new one.
# A comment that cannot be written is one line of the log, and no failure: the summary of the job has the same report.
set -euo pipefail
api="${GITHUB_API_URL:-https://api.github.com}"
answer=$(mktemp "${RUNNER_TEMP:-/tmp}/clusterprofile.XXXXXX")
case "$NAME" in
  *[!A-Za-z0-9._-]*)
    echo '::error::name has letters, digits, dots, underscores and hyphens only'
    exit 2
    ;;
esac
mark="<!-- clusterprofile $COMMAND${NAME:+ $NAME} -->"

give_up() {
  echo "::warning::the comment was not written: $1; the summary of the job has the report"
  exit 0
}
# The token goes in by a pipe: the words of a command are shown to every process of the machine.
call() {
  local status
  status=$(curl --silent --retry 2 --max-time 30 --config <(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN") \
    --header 'Accept: application/vnd.github+json' --output "$answer" --write-out '%{http_code}' "$@") || true
  case "$status" in
    2*) ;;
    401 | 403 | 404) give_up "the token may not write it ($status), as that of a pull request from a fork" ;;
    000) give_up "$api cannot be reached" ;;
    *) give_up "$api answered $status" ;;
  esac
}
# Of an answer as jq's words say. It runs in a shell of its own, which cannot end this one.
read_answer() { jq --raw-output "$@" "$answer" 2> /dev/null; }
strange="$api did not answer as the API of GitHub does"

# Whoever comments may begin with the mark. Only a comment of the token's own user is changed.
call --data-binary '{"query":"{viewer{login}}"}' "${GITHUB_GRAPHQL_URL:-$api/graphql}"
user=$(read_answer '.data.viewer.login // error') || give_up "$strange"
issue="$api/repos/$GITHUB_REPOSITORY/issues"
# shellcheck disable=SC2016 # The variables are those of jq.
own='[.[] | select(.user.login == $user and (.body // "" | startswith($mark)))][0].id // empty'
found=''
for ((page = 1; page <= 100; page++)); do
  call "$issue/$NUMBER/comments?per_page=100&page=$page"
  found=$(read_answer --arg mark "$mark" --arg user "$user" "$own") || give_up "$strange"
  count=$(read_answer length) || give_up "$strange"
  if [ -n "$found" ] || [ "$count" -lt 100 ]; then break; fi
done
body=$(mktemp "${RUNNER_TEMP:-/tmp}/clusterprofile.XXXXXX")
jq --null-input --arg mark "$mark" --rawfile report "$REPORT" '{body: ($mark + "\n" + $report)}' > "$body"
if [ -n "$found" ]; then
  call --request PATCH --data-binary "@$body" "$issue/comments/$found"
else
  call --request POST --data-binary "@$body" "$issue/$NUMBER/comments"
fi
