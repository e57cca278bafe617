#!/usr/bin/env bash
# Runs a command, keeps what it printed for the summary of the job and the comment, and says what came of it.
set -uo pipefail
case "$COMMAND" in
  import | validate | diff | export) ;;
  *)
    echo "::error::command is import, validate, diff or export, not $COMMAND"
    exit 2
    ;;
esac
# xargs takes quotes apart, and expands nothing.
words=()
if [ -n "${ARGS//[[:space:]]/}" ]; then
  split=$(printf '%s' "$ARGS" | xargs printf '%s\n') || exit 2
  # The bash of macOS has no mapfile.
  while IFS= read -r word; do words+=("$word"); done <<< "$split"
fi
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/clusterprofile.XXXXXX")
out="$folder/out"
err="$folder/err"
report="$folder/report.md"

format=()
if [ "$COMMAND" = validate ]; then
  # Annotations beside the lines of the pull request; code scanning gets its own file.
  format=(-o github)
  if [ -n "$SARIF" ]; then "$PROGRAM" validate ${words[@]+"${words[@]}"} -o sarif --quiet > "$SARIF" 2> /dev/null; fi
fi
"$PROGRAM" "$COMMAND" ${words[@]+"${words[@]}"} ${format[@]+"${format[@]}"} > "$out" 2> "$err"
code=$?
cat "$out"
cat "$err" >&2
summary=$(tail -n 1 "$err")

changed=false
case " $COMMAND ${words[*]-} " in
  *' diff '* | *' --diff '*) if [ "$code" = 1 ]; then changed=true; fi ;;
esac
{
  echo "### clusterprofile $COMMAND"
  echo
  # A fence that is longer than any in the text, so that no text ends it. A comment may have 65,536 characters.
  fence=$(grep -oE '`{3,}' "$out" "$err" -h | sort | tail -n 1)'```'
  for file in "$out" "$err"; do
    [ -s "$file" ] || continue
    echo "$fence$([ "$file" = "$out" ] && [ "$COMMAND" != validate ] && echo diff)"
    head -c 30000 "$file"
    if [ "$(wc -c < "$file")" -gt 30000 ]; then printf '\n… cut: the log of the job has all of it\n'; fi
    echo "$fence"
  done
  if [ ! -s "$out" ] && [ ! -s "$err" ]; then echo "No difference."; fi
} > "$report"
cat "$report" >> "$GITHUB_STEP_SUMMARY"
{
  echo "exit-code=$code"
  echo "changed=$changed"
  echo "summary=$summary"
  echo "report=$report"
} >> "$GITHUB_OUTPUT"
if [ "$changed" = true ] && [ "$FAIL_ON_DIFFERENCE" != true ]; then exit 0; fi
exit "$code"
