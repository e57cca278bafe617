import type { Define } from './command.ts';
import { usageError } from '../errors.ts';
import { keepExitCode, withExamples } from './flags/flags.ts';
import { readOwn } from '../object.ts';

/**
 * Each script asks the program itself what could come next: `clusterprofile __complete -- WORDS…`, a line a candidate, and
 * quotes what it inserts: names come from kubeconfigs and hubs. zsh and fish quote by themselves.
 */
const scripts: Record<string, string> = {
  bash: `# bash completion for clusterprofile:  source <(clusterprofile completion bash)
_clusterprofile() {
  local line candidates
  COMPREPLY=()
  candidates="$(clusterprofile __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" || return 0
  while IFS= read -r line; do
    [ -n "$line" ] && COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done <<< "$candidates"
}
complete -o default -F _clusterprofile clusterprofile kubectl-clusterprofile
`,
  zsh: `#compdef clusterprofile kubectl-clusterprofile
# zsh completion for clusterprofile:  source <(clusterprofile completion zsh)
_clusterprofile() {
  local -a candidates
  local line name
  while IFS= read -r line; do
    name="\${line%%$'\\t'*}"
    [[ -n "$line" ]] && candidates+=("\${\${name//\\\\/\\\\\\\\}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(clusterprofile __complete -- "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)
  (( \${#candidates} )) && _describe 'clusterprofile' candidates || _files
}
compdef _clusterprofile clusterprofile kubectl-clusterprofile
`,
  fish: `# fish completion for clusterprofile:  clusterprofile completion fish | source
function __clusterprofile_complete
    set -l words (commandline -opc) (commandline -ct)
    clusterprofile __complete -- $words[2..-1] 2>/dev/null
end
complete -c clusterprofile -a '(__clusterprofile_complete)'
complete -c kubectl-clusterprofile -a '(__clusterprofile_complete)'
`,
  powershell: `# PowerShell completion for clusterprofile:  clusterprofile completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName clusterprofile, kubectl-clusterprofile -ScriptBlock {
  param($word, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '' }
  clusterprofile __complete -- @words 2>$null | ForEach-Object {
    $name, $text = $_ -split "\`t", 2
    $quoted = if ($name -match '^[\\w@%+=:,./-]+$') { $name } else { "'" + $name.Replace("'", "''") + "'" }
    [System.Management.Automation.CompletionResult]::new($quoted, $name, 'ParameterValue', $(if ($text) { $text } else { $name }))
  }
}
`,
};

export const define: Define = (command, io) => {
  command
    .description('Print a completion script for bash, zsh, fish or powershell.')
    .argument('<shell>', Object.keys(scripts).join(', '));
  withExamples(command, io, [
    ['completion bash > /etc/bash_completion.d/clusterprofile', 'for every bash from now on'],
    ['completion fish | source', 'for this fish'],
  ]);
  command.action((shell: string) => {
    const script = readOwn(scripts, shell);
    if (!script)
      throw usageError(`no completion for ${JSON.stringify(shell)}`, `shells: ${Object.keys(scripts).join(' ')}`);
    io.out(script);
    keepExitCode(command, 0);
  });
};
