/*
 * Each script asks the program itself what may follow: `clusterprofile __complete -- WORDS…`, of which the last is the one
 * that is typed. It answers with a line for each candidate, `VALUE<TAB>DESCRIPTION`, and with a directive of cobra: 2 no
 * blank behind it, 4 no paths, 16 directories. Nothing that was typed is evaluated, and names from kubeconfigs and hubs are
 * inserted as one word.
 */

/** A script as it is written, but for `$\{`, which is `${`. */
const script = (parts: TemplateStringsArray): string => String.raw({ raw: parts.raw }).replaceAll('$\\{', '${');

/**
 * Readline splits words at `:`, `=` and `@`, and replaces what stands behind the last of them. So words are put together
 * again by the blanks between them, and only that part of a candidate is inserted.
 */
const bash = script`# bash completion for clusterprofile:  source <(clusterprofile completion bash)
_clusterprofile_paths() {
  compopt -o filenames -o "$1" 2> /dev/null && return
  local action=-f path
  [ "$1" = dirnames ] && action=-d
  while IFS= read -r path; do
    [ -n "$path" ] && COMPREPLY+=("$path")
  done <<< "$(compgen "$action" -- "$2")"
}

_clusterprofile() {
  local rest="$\{COMP_LINE:0:COMP_POINT}" words=() count=0 at blank part
  for ((at = 0; at <= COMP_CWORD; at++)); do
    blank="$\{rest%%[![:space:]]*}"
    rest="$\{rest#"$blank"}"
    part="$\{COMP_WORDS[at]}"
    [ "$at" -eq "$COMP_CWORD" ] && part="$rest"
    rest="$\{rest#"$part"}"
    if [ -n "$blank" ] || [ "$at" -eq 0 ]; then
      words[count]="$part"
      count=$((count + 1))
    else
      words[count - 1]="$\{words[count - 1]}$part"
    fi
  done

  COMPREPLY=()
  local answer directive
  answer="$(clusterprofile __complete --raw -- "$\{words[@]:1}" 2> /dev/null < /dev/null)"
  directive="$\{answer##*:}"
  case "$directive" in '' | *[!0-9]*) return 0 ;; esac

  local word="$\{words[count - 1]}" typed flag="" quote="" there=""
  typed="$word"
  if [[ $word == -*=* ]]; then
    typed="$\{word#*=}"
    flag="$\{word%"$typed"}"
  fi
  case "$typed" in [\"\']*) quote="$\{typed:0:1}" ;; esac
  if [ -z "$quote" ]; then
    local breaks="$\{COMP_WORDBREAKS//[[:space:]\"\']/}" unescaped="$\{word//\\?/__}"
    local behind="$\{unescaped##*[$breaks]}"
    there="$\{word:0:$(($\{#word} - $\{#behind}))}"
    # Of a host name, Readline replaces the sign too.
    there="$\{there%@}"
  fi

  if [ "$directive" -eq 0 ]; then _clusterprofile_paths default "$typed"; fi
  if [ $((directive & 16)) -ne 0 ]; then _clusterprofile_paths dirnames "$typed"; fi
  if [ $((directive & 2)) -ne 0 ]; then compopt -o nospace 2> /dev/null; fi
  local line value backtick=$'\140'
  while IFS= read -r line; do
    case "$line" in '' | :[0-9]*) continue ;; esac
    value="$\{line%%$'\t'*}"
    case "$quote" in
      \') value="$\{value//\'/\'\\\'\'}" ;;
      \")
        value="$\{value//\\/\\\\}"
        value="$\{value//\"/\\\"}"
        value="$\{value//\$/\\\$}"
        value="$\{value//$backtick/\\$backtick}"
        ;;
      *)
        printf -v value '%q' "$value"
        value="$flag$value"
        ;;
    esac
    COMPREPLY+=("$\{value#"$there"}")
  done <<< "$answer"
}
complete -F _clusterprofile clusterprofile kubectl-clusterprofile
`;

const zsh = script`#compdef clusterprofile kubectl-clusterprofile
# zsh completion for clusterprofile:  source <(clusterprofile completion zsh)
_clusterprofile() {
  local answer directive line value
  local -a typed candidates behind
  typed=("$\{(@Q)words[2,CURRENT-1]}" "$\{(Q)PREFIX}")
  answer="$(clusterprofile __complete -- "$\{typed[@]}" 2> /dev/null < /dev/null)"
  directive="$\{answer##*:}"
  [[ $directive == <-> ]] || return 1
  [[ $PREFIX == -*=* ]] && compset -P 1 '*='
  if (( directive == 0 )); then
    _files
  elif (( directive & 16 )); then
    _files -/
  else
    for line in "$\{(@f)answer}"; do
      [[ -z $line || $line == :<-> ]] && continue
      value="$\{line%%$'\t'*}"
      value="$\{$\{value//\\/\\\\}//:/\\:}"
      [[ $line == *$'\t'* ]] && value+=":$\{line#*$'\t'}"
      candidates+=("$value")
    done
    (( directive & 2 )) && behind=(-S '')
    _describe clusterprofile candidates "$\{behind[@]}"
  fi
}
if [[ $\{funcstack[1]} == _clusterprofile ]]; then
  _clusterprofile "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _clusterprofile clusterprofile kubectl-clusterprofile
fi
`;

const fish = script`# fish completion for clusterprofile:  clusterprofile completion fish | source
function __clusterprofile_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l typed (commandline -ct)
    set -l plain (string unescape -- $typed; or string replace -ra '["\'\\\\]' '' -- $typed)
    set -l answer (clusterprofile __complete -- $words "$plain" 2>/dev/null </dev/null)
    set -l flag (string match -r -- '^--?[\w-]+=' "$plain")
    switch "$answer[-1]"
        case ':0'
            set answer (__fish_complete_path (string replace -- "$flag" '' "$plain"))
        case ':16'
            set answer (__fish_complete_directories (string replace -- "$flag" '' "$plain") '')
        case '*'
            set -e answer[-1]
    end
    for candidate in $answer
        printf '%s%s\n' "$flag" $candidate
    end
end
complete -c clusterprofile -f -a '(__clusterprofile_complete)'
complete -c kubectl-clusterprofile -f -a '(__clusterprofile_complete)'
`;

const powershell = script`# PowerShell completion for clusterprofile:  clusterprofile completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'clusterprofile', 'kubectl-clusterprofile' -ScriptBlock {
  param($word, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object {
    if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
  })
  if ($word -eq '') { $words += '' }
  $answer = @(clusterprofile __complete -- @words 2>$null)
  $directive = if ($answer.Count -gt 0 -and $answer[-1] -match '^:(\d+)$') { [int]$Matches[1] } else { 4 }
  $flag = if ($words.Count -gt 0 -and $words[-1] -match '^--?[\w-]+=') { $Matches[0] } else { '' }
  $offered = @($answer | Where-Object { $_ -notmatch '^:\d+$' } | ForEach-Object {
    $name, $text = $_ -split "\t", 2
    $quoted = if ($name -match '^[\w@%+=:,./-]+$') { $name } else { "'" + $name.Replace("'", "''") + "'" }
    $behind = if ($directive -band 2) { '' } else { ' ' }
    [System.Management.Automation.CompletionResult]::new("$flag$quoted$behind", $name, 'ParameterValue', $(if ($text) { $text } else { $name }))
  })
  # PowerShell offers paths where it is given nothing, and where it is given an empty word it does not.
  if ($offered.Count -eq 0 -and ($directive -band 4)) { '' } else { $offered }
}
`;

/** The completion scripts, by the name of their shell. */
export const scripts: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
