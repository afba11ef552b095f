// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/daemon_completion.h"

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

namespace procwall {
namespace {

// What a flag takes.
enum class Takes : std::uint8_t { kNothing, kText, kFile, kFolder, kWords };

struct Flag {
  std::string_view name;
  Takes takes;
  std::string_view words;  // of kWords
  std::string_view what;   // without quotes and brackets
};

constexpr std::array kFlags = {
    Flag{"config-file", Takes::kFile, "", "the configuration"},
    Flag{"rules-path", Takes::kFolder, "", "directory of rule files"},
    Flag{"queue-num", Takes::kText, "", "NFQUEUE number"},
    Flag{"api-address", Takes::kText, "", "where UIs connect"},
    Flag{"ui-socket", Takes::kText, "", "where the GUI of OpenSnitch listens"},
    Flag{"default-action", Takes::kWords, "allow deny reject", "when no rule matches"},
    Flag{"firewall", Takes::kWords, "auto nft iptables-legacy iptables-nft none",
         "what feeds the queue"},
    Flag{"queue-bypass", Takes::kWords, "true false", "packets pass while no daemon runs"},
    Flag{"witness", Takes::kWords, "auto off", "the kernel witness"},
    Flag{"journal", Takes::kFile, "", "file that keeps what was decided, or off"},
    Flag{"forwarded", Takes::kNothing, "", "judge what is forwarded, too"},
    Flag{"observe", Takes::kNothing, "", "judge, but accept everything"},
    Flag{"no-live-reload", Takes::kNothing, "", "do not follow rule files"},
    Flag{"log-file", Takes::kFile, "", "log to this file"},
    Flag{"debug", Takes::kNothing, "", "log everything"},
    Flag{"info", Takes::kNothing, "", "log from info on"},
    Flag{"important", Takes::kNothing, "", "log from important on"},
    Flag{"warning", Takes::kNothing, "", "log from warnings on"},
    Flag{"error", Takes::kNothing, "", "log errors"},
    Flag{"version", Takes::kNothing, "", "print the version"},
    Flag{"check-requirements", Takes::kNothing, "", "does this kernel suffice"},
    Flag{"remove-firewall", Takes::kNothing, "", "remove what a killed daemon left"},
    Flag{"help", Takes::kNothing, "", "show help"},
    Flag{"process-monitor-method", Takes::kText, "", "without effect"},
    Flag{"workers", Takes::kText, "", "without effect"},
    Flag{"fw-config-file", Takes::kFile, "", "without effect"},
    Flag{"cpu-profile", Takes::kFile, "", "without effect"},
    Flag{"mem-profile", Takes::kFile, "", "without effect"},
    Flag{"trace-file", Takes::kFile, "", "without effect"},
    Flag{"log-utc", Takes::kNothing, "", "without effect"},
    Flag{"log-micro", Takes::kNothing, "", "without effect"}};

std::string BashScript() {
  std::string cases;
  for (const Flag& flag : kFlags) {
    const std::string pattern = fmt::format("    -{0}|--{0}) ", flag.name);
    switch (flag.takes) {
      case Takes::kNothing:
        break;
      case Takes::kText:
        cases += pattern + "return ;;\n";
        break;
      case Takes::kFile:
        cases += pattern +
                 "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\")); "
                 "return ;;\n";
        break;
      case Takes::kFolder:
        cases += pattern +
                 "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\")); "
                 "return ;;\n";
        break;
      case Takes::kWords:
        cases += fmt::format("{}COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n",
                             pattern, flag.words);
        break;
    }
  }
  std::string one;
  std::string two;
  for (const Flag& flag : kFlags) {
    one += fmt::format(" -{}", flag.name);
    two += fmt::format(" --{}", flag.name);
  }
  return fmt::format(R"script(# bash completion for procwalld
_procwalld() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  case $previous in
{}  esac
  local flags='{}'
  [[ $current == --* ]] && flags='{}'
  COMPREPLY=($(compgen -W "$flags" -- "$current"))
}}
complete -F _procwalld procwalld
)script",
                     cases, one.substr(1), two.substr(1));
}

std::string ZshScript() {
  std::string script = "#compdef procwalld\n# zsh completion for procwalld\n_arguments";
  for (const Flag& flag : kFlags) {
    std::string action;
    if (flag.takes == Takes::kText) action = ":value:";
    if (flag.takes == Takes::kFile) action = ":file:_files";
    if (flag.takes == Takes::kFolder) action = ":directory:_files -/";
    if (flag.takes == Takes::kWords) action = fmt::format(":value:({})", flag.words);
    script +=
        fmt::format(" \\\n  '(-{0} --{0})'{{-{0},--{0}}}'[{1}]{2}'", flag.name, flag.what, action);
  }
  return script + "\n";
}

std::string FishScript() {
  std::string script = "# fish completion for procwalld\ncomplete -c procwalld -f\n";
  for (const Flag& flag : kFlags) {
    std::string takes;
    if (flag.takes == Takes::kText) takes = " -x";
    if (flag.takes == Takes::kFile) takes = " -r -F";
    if (flag.takes == Takes::kFolder) takes = " -x -a '(__fish_complete_directories)'";
    if (flag.takes == Takes::kWords) takes = fmt::format(" -x -a '{}'", flag.words);
    // -o is one dash, -l two.
    script += fmt::format("complete -c procwalld -o {0} -l {0}{1} -d '{2}'\n", flag.name, takes,
                          flag.what);
  }
  return script;
}

}  // namespace

std::string DaemonCompletionScript(Shell shell) {
  switch (shell) {
    case Shell::kBash:
      return BashScript();
    case Shell::kZsh:
      return ZshScript();
    case Shell::kFish:
      return FishScript();
  }
  return "";
}

}  // namespace procwall
