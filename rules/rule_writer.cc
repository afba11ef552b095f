// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/file.h"
#include "rules/json_edit.h"
#include "rules/rule_file.h"
#include "rules/rule_file_name.h"
#include "rules/rule_json.h"
#include "rules/rule_store.h"
#include "rules/text.h"

namespace procwall {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr unsigned kNewFileMode = 0600;
constexpr std::size_t kMostAttempts = 1000;
constexpr int kMaxNesting = 64;
constexpr std::array<std::string_view, 11> kRuleKeys = {
    "created", "updated", "name",   "description", "enabled", "precedence",
    "nolog",   "enforce", "action", "duration",    "operator"};
constexpr std::array<std::string_view, 5> kOperatorKeys = {"type", "operand", "sensitive", "data",
                                                           "list"};

std::string Lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ToLowerAscii);
  return text;
}

// The value of that key in any case: of several, the last, which is the one that is read.
const OrderedJson* FindKey(const OrderedJson& object, std::string_view key) {
  const OrderedJson* found = nullptr;
  if (!object.is_object()) return found;
  for (const auto& [name, value] : object.items()) {
    if (Lowered(name) == key) found = &value;
  }
  return found;
}

void KeepUnknownKeys(std::span<const std::string_view> known, const OrderedJson& before,
                     OrderedJson& after) {
  if (!before.is_object()) return;
  for (const auto& [name, value] : before.items()) {
    if (std::find(known.begin(), known.end(), Lowered(name)) == known.end()) after[name] = value;
  }
}

// Conditions are the same by their place. ToJson() has made `after`, so that all its keys are
// there; its nesting is limited by the parser's.
void KeepUnknownOperatorKeys(const OrderedJson* before, OrderedJson& after) {
  if (before == nullptr) return;
  KeepUnknownKeys(kOperatorKeys, *before, after);
  const OrderedJson* list = FindKey(*before, "list");
  if (list == nullptr || !list->is_array()) return;
  OrderedJson& new_list = after["list"];
  for (std::size_t i = 0; i < std::min(list->size(), new_list.size()); ++i) {
    KeepUnknownOperatorKeys(&(*list)[i], new_list[i]);
  }
}

// A list's conditions as text in `data`, innermost first.
void FillListTexts(OrderedJson& op) {
  if (op["type"] != "list") return;
  for (OrderedJson& inner : op["list"]) FillListTexts(inner);
  op["data"] = op["list"].dump();
}

// Where a file of that name really lies: behind the symbolic link it may be.
std::string Resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

// A name that no file of the directory has yet.
std::optional<std::string> NewFileName(const std::string& directory, std::string_view rule_name) {
  for (std::size_t attempt = 1; attempt <= kMostAttempts; ++attempt) {
    std::string name = RuleFileName(rule_name, attempt);
    struct stat status {};
    const std::string path = std::filesystem::path(directory) / name;
    if (::lstat(path.c_str(), &status) != 0) return name;
  }
  return std::nullopt;
}

// `before` with what can be changed without writing it anew; nullopt: then it is not `rule`.
std::optional<std::string> ChangedInPlace(const Rule& rule, std::string_view before) {
  const auto old = ParseRuleFile(before, "");
  if (!old) return std::nullopt;
  const auto quoted = [](const std::string& text) {
    return OrderedJson(text).dump(-1, ' ', /*ensure_ascii=*/false,
                                  OrderedJson::error_handler_t::replace);
  };
  std::optional<std::string> text = std::string(before);
  if (text && old->updated != rule.updated)
    text = WithMember(*text, "updated", quoted(rule.updated));
  if (text && old->created != rule.created)
    text = WithMember(*text, "created", quoted(rule.created));
  if (text && old->enabled != rule.enabled) {
    text = WithMember(*text, "enabled", rule.enabled ? "true" : "false");
  }
  if (!text) return std::nullopt;
  const auto read = ParseRuleFile(*text, "");
  return read && *read == rule ? text : std::nullopt;
}

}  // namespace

bool LosesComments(const Rule& rule, std::string_view before) {
  return HasComments(before) && !ChangedInPlace(rule, before);
}

std::string RuleFileText(const Rule& rule, std::string_view before) {
  if (HasComments(before)) {
    if (auto changed = ChangedInPlace(rule, before)) return *std::move(changed);
  }
  OrderedJson after = OrderedJson::parse(ToJson(rule), nullptr, /*allow_exceptions=*/false);
  FillListTexts(after["operator"]);
  // What is nested too deep to be written again is left out.
  const auto is_shallow = [](int depth, OrderedJson::parse_event_t, OrderedJson&) {
    return depth <= kMaxNesting;
  };
  const OrderedJson old = OrderedJson::parse(before, is_shallow, /*allow_exceptions=*/false,
                                             /*ignore_comments=*/true);
  if (!old.is_discarded()) {
    KeepUnknownOperatorKeys(FindKey(old, "operator"), after["operator"]);
    KeepUnknownKeys(kRuleKeys, old, after);
  }
  return after.dump(2, ' ', /*ensure_ascii=*/false, OrderedJson::error_handler_t::replace);
}

std::optional<std::string> FindRuleFile(const std::string& directory, std::string_view rule_name) {
  const SystemClock clock;
  RuleStore store(directory, clock);
  if (!store.Load()) return std::nullopt;
  std::optional<std::string> found;
  for (const RuleFileState& state : store.Files()) {
    const std::string path = std::filesystem::path(directory) / state.file;
    const auto text = ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes);
    if (!text) continue;
    const auto rule = ParseRuleFile(*text, path);
    if (rule && rule->name == rule_name) found = state.file;
  }
  return found;
}

tl::expected<std::string, RuleError> SaveRule(const std::string& directory, const Rule& rule,
                                              std::string_view source) {
  const auto known = FindRuleFile(directory, rule.name);
  const auto name = known ? known : NewFileName(directory, rule.name);
  if (!name) return tl::unexpected(RuleError{directory, 0, 0, "all its file names are taken"});
  const std::string path = Resolved(std::filesystem::path(directory) / *name);
  std::string before(source);
  if (known) {
    auto text = ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes);
    if (!text) return tl::unexpected(RuleError{path, 0, 0, text.error().ToString()});
    before = *std::move(text);
  }
  const Status saved = WriteFileAtomically(path, RuleFileText(rule, before), kNewFileMode);
  if (!saved) return tl::unexpected(RuleError{path, 0, 0, saved.error().ToString()});
  return std::filesystem::path(directory) / *name;
}

}  // namespace procwall
