#!/usr/bin/env bash
# Runs a command, keeps what it printed for the summary of the job and the comment, and says what came of it.
set -uo pipefail
case "$COMMAND" in
  import | validate | diff | export) ;;
  *)
    # A line break in it would begin a line that the runner could take for a command.
    echo "::error::command is import, validate, diff or export, not ${COMMAND//[^A-Za-z0-9 ._-]/?}"
    exit 2
    ;;
esac
# The name of the file becomes an output, which ends with the line.
if [[ $SARIF = *[[:cntrl:]]* ]]; then
  echo '::error::sarif is the name of a file, without a line break'
  exit 2
fi
# xargs takes quotes apart, and expands nothing.
words=()
if [ -n "${ARGS//[[:space:]]/}" ]; then
  if ! split=$(printf '%s' "$ARGS" | xargs printf '%s\n' 2> /dev/null); then
    echo '::error::args has a quote that does not end'
    exit 2
  fi
  # The bash of macOS has no mapfile.
  while IFS= read -r word; do words+=("$word"); done <<< "$split"
fi
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/clusterprofile.XXXXXX")
out="$folder/out"
err="$folder/err"
report="$folder/report.md"
start() { "$PROGRAM" "$COMMAND" ${words[@]+"${words[@]}"} "$@"; }

if [ "$COMMAND" = validate ]; then
  # Annotations beside the lines of the pull request; code scanning gets its own file.
  start -o github --quiet 2> /dev/null
  if [ -n "$SARIF" ]; then
    start -o sarif --quiet > "$SARIF" 2> /dev/null
    # What could not be read has no findings to upload.
    if [ -s "$SARIF" ]; then echo "sarif=$SARIF" >> "$GITHUB_OUTPUT"; else rm -f -- "$SARIF"; fi
  fi
  start -o text > "$out" 2> "$err"
else
  start > "$out" 2> "$err"
fi
code=$?

# The runner takes lines of the log for commands. The texts are those of a fleet, so it takes none until a word that they cannot know.
word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$word"
for file in "$out" "$err"; do
  cat "$file"
  # The word stands at the beginning of a line.
  if [ -n "$(tail -c 1 "$file")" ]; then echo; fi
done
echo "::$word::"

changed=false
if [ "$code" = 1 ]; then
  case "$COMMAND" in
    diff) changed=true ;;
    import | export) for each in ${words[@]+"${words[@]}"}; do if [ "$each" = --diff ]; then changed=true; fi; done ;;
  esac
fi

# Longer than any fence in the text, so that no text ends it.
fence=$(LC_ALL=C grep -aohE '`{3,}' "$out" "$err" | LC_ALL=C sort | tail -n 1)'```'
# Prints the beginning of a file in a fence: a comment may have 65,536 characters.
quote() {
  local file=$1 kind=$2
  [ -s "$file" ] || return 0
  echo "$fence$kind"
  head -c 30000 "$file"
  # The fence stands at the beginning of a line.
  if [ -n "$(head -c 30000 "$file" | tail -c 1)" ]; then echo; fi
  if [ "$(wc -c < "$file")" -gt 30000 ]; then echo '… cut: the log of the job has all of it'; fi
  echo "$fence"
}
{
  echo "### clusterprofile $COMMAND"
  echo
  if [ "$COMMAND" = validate ]; then quote "$out" ''; else quote "$out" diff; fi
  quote "$err" ''
  if [ ! -s "$out" ] && [ ! -s "$err" ]; then echo 'No difference.'; fi
} > "$report"
cat "$report" >> "$GITHUB_STEP_SUMMARY"
{
  echo "exit-code=$code"
  echo "changed=$changed"
  # It ends up in scripts of others: nothing that a shell would take for more than a word.
  echo "summary=$(tail -n 1 "$err" | LC_ALL=C tr -cd 'A-Za-z0-9 ,.:%/_=-')"
  echo "report=$report"
} >> "$GITHUB_OUTPUT"
if [ "$changed" = true ] && [ "$FAIL_ON_DIFFERENCE" != true ]; then exit 0; fi
exit "$code"
