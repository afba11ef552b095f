// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_verify.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "record/json_text.h"
#include "rules/recorded_event.h"
#include "rules/rule_expectations.h"
#include "rules/rule_lint.h"
#include "ui/loaded_rules.h"
#include "ui/styled_text.h"

namespace procwall {
namespace {

// By rule; nullopt: no daemon answers, or it uses another directory.
std::optional<std::map<std::string, std::uint64_t>> HitsOf(const std::string& directory,
                                                           DaemonClient& client) {
  const auto listing = client.ListRules();
  std::error_code error;
  if (!listing || !listing->counts_hits() ||
      !std::filesystem::equivalent(Unprintable(listing->directory()), directory, error)) {
    return std::nullopt;
  }
  std::map<std::string, std::uint64_t> hits;
  for (const v1::Rule& rule : listing->rules()) {
    if (rule.hits() > 0) hits[Unprintable(rule.name())] = rule.hits();
  }
  return hits;
}

std::string FindingText(const LintFinding& finding, const std::string& file, Colours colours) {
  StyledText line;
  line.Append(LintKindName(finding.kind), Style::kWarning)
      .Append(fmt::format(" \"{}\"", finding.rule), Style::kBold)
      .Append(" " + file);
  StyledText what;
  what.Append("    " + finding.what);
  StyledText why;
  why.Append(fmt::format("    {}", WhyItMatters(finding.kind)), Style::kDim);
  return line.Render(colours) + "\n" + what.Render(colours) + "\n" + why.Render(colours) + "\n";
}

std::string FindingJson(const char* kind, const std::string& rule, const std::string& file,
                        const std::string& what, const char* why) {
  return OneLine({{"kind", kind},
                  {"rule", JsonText(rule)},
                  {"file", JsonText(file)},
                  {"what", JsonText(what)},
                  {"why", why}}) +
         "\n";
}

void PrintRefused(OutputForm form, const RuleError& error, const Console& console) {
  if (form == OutputForm::kJson) {
    console.out << FindingJson("refused", "", error.file, error.ToString(), "it is not in force");
  } else {
    StyledText line;
    line.Append("refused", Style::kBad).Append(" " + error.ToString());
    console.out << line.Render(console.terminal.colours) << "\n";
  }
}

void PrintResult(OutputForm form, const ExpectationResult& result, const Console& console) {
  if (form == OutputForm::kJson) {
    console.out << OneLine({{"name", JsonText(result.name)},
                            {"ok", result.ok},
                            {"expected", JsonText(result.expected)},
                            {"got", JsonText(result.got)}})
                << "\n";
    return;
  }
  StyledText line;
  line.Append(result.ok ? "ok" : "FAILED", result.ok ? Style::kGood : Style::kBad)
      .Append(" " + result.name + ": ")
      .Append(result.ok ? result.got
                        : fmt::format("expected {}, got {}", result.expected, result.got));
  console.out << line.Render(console.terminal.colours) << "\n";
}

}  // namespace

ExitCode RunRulesLint(const RulesLintOptions& options, DaemonClient& client,
                      const Console& console) {
  const std::string directory = RuleDirectoryOf(options.directory, client);
  const auto loaded = LoadRules(directory, console.err);
  if (!loaded) return kUsage;
  LintWorld world;
  world.exists = [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; };
  world.hits = HitsOf(directory, client);
  std::vector<Rule> rules;
  for (const auto& rule : loaded->rules) rules.push_back(*rule);
  const auto findings = LintRules(std::move(rules), world);
  for (const RuleError& error : loaded->errors) PrintRefused(options.form, error, console);
  for (const LintFinding& finding : findings) {
    const std::string file = loaded->FileOf(finding.rule);
    console.out << (options.form == OutputForm::kJson
                        ? FindingJson(LintKindName(finding.kind), finding.rule, file, finding.what,
                                      WhyItMatters(finding.kind))
                        : FindingText(finding, file, console.terminal.colours));
  }
  return findings.empty() && loaded->errors.empty() ? kSuccess : kFailed;
}

ExitCode RunRulesTest(const RulesTestOptions& options, DaemonClient& client,
                      const Console& console) {
  const std::string directory = RuleDirectoryOf(options.directory, client);
  const auto loaded = LoadRules(directory, console.err);
  if (!loaded) return kUsage;
  const std::string file = options.file.empty()
                               ? std::string(std::filesystem::path(directory) / kExpectationsFile)
                               : options.file;
  const auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxExpectationsBytes);
  if (!text) {
    console.err << fmt::format("procwall: cannot read {}: {}\n", TerminalSafe(file),
                               text.error().ToString());
    return kUsage;
  }
  const auto expectations = ParseExpectations(*text, file);
  if (!expectations) {
    PrintRuleError(expectations.error(), console.err);
    return kUsage;
  }
  std::size_t failed = 0;
  for (const ExpectationResult& result : TestRules(loaded->set, *expectations)) {
    PrintResult(options.form, result, console);
    if (!result.ok) ++failed;
  }
  for (const RuleError& error : loaded->errors) {
    console.err << "not in force: " << TerminalSafe(error.ToString()) << "\n";
  }
  return failed == 0 ? kSuccess : kFailed;
}

}  // namespace procwall
