// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_transfer.h"

#include <fcntl.h>

#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "rules/rule_file.h"
#include "rules/rule_folder.h"
#include "rules/rule_json.h"
#include "ui/loaded_rules.h"
#include "ui/rule_change.h"

namespace procwall {
namespace {

struct Source {
  std::string name;  // for people
  std::string text;
};

// The sources a path stands for; false if it cannot be read.
bool AddSources(const std::string& path, const Input& input, const Console& console,
                std::vector<Source>& sources) {
  if (path == "-") {
    std::string line;
    for (std::size_t number = 1; std::getline(input.stream, line); ++number) {
      if (!line.empty()) sources.push_back({fmt::format("line {}", number), line});
    }
    return true;
  }
  std::vector<std::string> files;
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    for (const std::string& name : RuleFilesIn(path)) {
      files.push_back(std::filesystem::path(path) / name);
    }
  } else {
    files.push_back(path);
  }
  for (const std::string& file : files) {
    auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxRuleFileBytes);
    if (!text) {
      console.err << fmt::format("procwall: cannot read {}: {}\n", TerminalSafe(file),
                                 text.error().ToString());
      return false;
    }
    sources.push_back({file, *std::move(text)});
  }
  return true;
}

class Importer {
 public:
  Importer(const RulesImportOptions& options, const LoadedRules& loaded, const Console& console)
      : options_(options), loaded_(loaded), console_(console), folder_(loaded.directory) {}

  bool Import(const Source& source) {
    const auto checked = CheckRuleFile(source.text, source.name, loaded_.references);
    if (!checked) return Refuse("", source.name, checked.error());
    const std::string& name = checked->rule.name;
    const auto [first, is_first] = source_of_.emplace(name, source.name);
    if (!is_first) {
      return Refuse(
          name, source.name,
          {source.name, 0, 0, fmt::format("{} has the rule \"{}\" too", first->second, name)});
    }
    if (!options_.replace && loaded_.files.contains(name)) {
      constexpr const char* kWhy = "it is there already; --replace replaces it";
      const std::string file = loaded_.FileOf(name);
      Tell({"kept", name, file, kWhy}, fmt::format("kept {} {}", file, kWhy));
      return false;
    }
    for (const std::string& note : checked->notes) {
      console_.err << "note " << TerminalSafe(source.name) << " " << TerminalSafe(note) << "\n";
    }
    if (options_.dry_run) {
      Tell({"would import", name, source.name, ""},
           fmt::format("would import {} {}", source.name, name));
      return true;
    }
    WarnOfLostComments(checked->rule, loaded_.FileOf(name), console_);
    const auto saved = folder_.Save(checked->rule, source.text);
    if (!saved) return Refuse(name, source.name, saved.error());
    Tell({"imported", name, *saved, ""}, fmt::format("imported {} {}", *saved, name));
    return true;
  }

 private:
  bool Refuse(const std::string& name, const std::string& source, const RuleError& error) {
    Tell({"refused", name, source, error.ToString()}, "refused " + error.ToString());
    return false;
  }
  // What becomes of each source is what import is asked for.
  void Tell(const RuleChange& change, const std::string& text) {
    console_.out << (options_.form == OutputForm::kJson ? RuleChangeJson(change)
                                                        : TerminalSafe(text))
                 << "\n";
  }

  const RulesImportOptions& options_;
  const LoadedRules& loaded_;
  const Console& console_;
  RuleFolder folder_;
  std::map<std::string, std::string> source_of_;  // names of sources by those of rules
};

// With the keys that nobody knows, which are in the rules' own files.
ExitCode ExportTo(const std::string& directory, const std::vector<Rule>& rules,
                  const LoadedRules& loaded, OutputForm form, const Console& console) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);  // the first save tells if this failed
  RuleFolder folder(directory);
  for (const Rule& rule : rules) {
    const auto text = ReadFileAt(AT_FDCWD, loaded.FileOf(rule.name).c_str(), kMaxRuleFileBytes);
    const auto saved = folder.Save(rule, text ? *text : std::string());
    if (!saved) {
      PrintRuleError(saved.error(), console.err);
      return kFailed;
    }
    TellChange({.what = "exported", .name = rule.name, .file = *saved},
               "exported " + TerminalSafe(*saved), form, console);
  }
  return kSuccess;
}

}  // namespace

ExitCode RunRulesImport(const RulesImportOptions& options, DaemonClient& client,
                        const Console& console, const Input& input) {
  std::vector<Source> sources;
  for (const std::string& path : options.paths) {
    if (!AddSources(path, input, console, sources)) return kUsage;
  }
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  Importer importer(options, *loaded, console);
  ExitCode code = kSuccess;
  for (const Source& source : sources) {
    if (!importer.Import(source)) code = kFailed;
  }
  return code;
}

ExitCode RunRulesExport(const RulesExportOptions& options, DaemonClient& client,
                        const Console& console) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  std::vector<Rule> rules;
  for (const std::string& name : options.names) {
    const Rule* rule = loaded->Find(name);
    if (rule == nullptr) {
      PrintNoSuchRule(name, *loaded, console.err);
      return kFailed;
    }
    rules.push_back(*rule);
  }
  if (options.names.empty()) {
    for (const auto& rule : loaded->rules) rules.push_back(*rule);
  }
  for (const RuleError& error : loaded->errors) {
    console.err << "not exported: " << TerminalSafe(error.ToString()) << "\n";
  }
  if (!options.to.empty()) {
    return ExportTo(options.to, rules, *loaded, options.form, console);
  }
  for (const Rule& rule : rules) console.out << ToJsonLine(rule) << "\n";
  return kSuccess;
}

}  // namespace procwall
