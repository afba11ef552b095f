// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_edit.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <spawn.h>

#include "base/file.h"
#include "base/printable.h"
#include "base/unique_fd.h"
#include "rules/rule_file.h"
#include "ui/loaded_rules.h"
#include "ui/rule_change.h"

namespace procwall {
namespace {

// The editor may be a command with options: a shell takes it apart.
bool RunInShell(const std::string& command, const std::string& path) {
  std::string script = command + " \"$1\"";
  std::string shell = "sh";
  std::string option = "-c";
  std::string argument = path;
  const std::array<char*, 6> arguments = {shell.data(), option.data(),   script.data(),
                                          shell.data(), argument.data(), nullptr};
  pid_t pid = -1;
  if (::posix_spawn(&pid, "/bin/sh", nullptr, nullptr, arguments.data(), environ) != 0)
    return false;
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// A file of its own with that text; empty if there is no place for it.
std::string MakeDraft(const std::string& text) {
  std::error_code error;
  const auto place = std::filesystem::temp_directory_path(error);
  std::string path = (error ? "/tmp" : place.string()) + "/procwall-rule-XXXXXX.json";
  const UniqueFd fd(::mkostemps(path.data(), 5, O_CLOEXEC));
  if (!fd.IsOpen()) return {};
  return WriteFileAtomically(path, text, 0600) ? path : std::string();
}

bool WantsToTryAgain(const Console& console, const Input& input) {
  if (!input.is_terminal) return false;
  console.out << "Edit it again? [Y/n] " << std::flush;
  std::string answer;
  return std::getline(input.stream, answer) &&
         (answer.empty() || answer[0] == 'y' || answer[0] == 'Y');
}

// Why this text cannot take the place of that rule's; nullopt: it can.
std::optional<RuleError> Refusal(const std::string& text, const std::string& draft,
                                 const std::string& name, const LoadedRules& loaded) {
  const auto checked = CheckRuleFile(text, draft, loaded.references);
  if (!checked) return checked.error();
  const std::string& new_name = checked->rule.name;
  if (new_name == name || loaded.Find(new_name) == nullptr) return std::nullopt;
  return RuleError{draft, 0, 0,
                   fmt::format("{} has a rule \"{}\" already", loaded.FileOf(new_name), new_name)};
}

}  // namespace

Editor EditorOf(const EnvironmentLookup& environment) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* command = environment(name);
    if (command == nullptr || *command == '\0') continue;
    return [command = std::string(command)](const std::string& path) {
      return RunInShell(command, path);
    };
  }
  return [](const std::string& path) { return RunInShell("vi", path); };
}

ExitCode RunRulesEdit(const RulesEditOptions& options, DaemonClient& client, const Console& console,
                      const Input& input, const Editor& editor) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  if (loaded->Find(options.name) == nullptr) {
    PrintNoSuchRule(options.name, *loaded, console.err);
    return kFailed;
  }
  std::error_code error;
  const std::string file = std::filesystem::canonical(loaded->FileOf(options.name), error);
  const auto before = ReadFileAt(AT_FDCWD, file.c_str(), kMaxRuleFileBytes);
  const std::string draft = before ? MakeDraft(*before) : "";
  if (draft.empty()) {
    console.err << "procwall: cannot make a draft of " << TerminalSafe(file) << "\n";
    return kFailed;
  }
  const auto keep = [&](const char* why) {
    console.err << fmt::format("procwall: {}; the rule is as it was, the draft is {}\n", why,
                               draft);
    return kFailed;
  };
  for (;;) {
    if (!editor(draft)) return keep("the editor failed");
    const auto text = ReadFileAt(AT_FDCWD, draft.c_str(), kMaxRuleFileBytes);
    if (!text) return keep("the draft cannot be read");
    if (*text == *before) {
      TellChange({.what = "kept", .name = options.name, .file = file, .why = "nothing was changed"},
                 "nothing was changed", options.form, console);
      ::unlink(draft.c_str());
      return kSuccess;
    }
    const auto refused = Refusal(*text, draft, options.name, *loaded);
    if (!refused) {
      if (!WriteFileAtomically(file, *text, 0600)) return keep("it cannot be saved");
      TellChange({.what = "edited", .name = options.name, .file = file},
                 "saved " + TerminalSafe(file), options.form, console);
      ::unlink(draft.c_str());
      return kSuccess;
    }
    PrintRuleError(*refused, console.err);
    if (!WantsToTryAgain(console, input)) return keep("refused");
  }
}

}  // namespace procwall
