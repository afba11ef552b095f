// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_reader.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "rules/json_places.h"

namespace procwall {
namespace {

using Json = nlohmann::json;

// Where the next value goes, and with it what type it must have.
struct Skip {};  // the value of an unknown key
struct ToText {
  std::string* text;
};
struct ToTime {  // a text; numbers are kept as they stand
  std::string* text;
};
struct ToBool {
  bool* value;
};
struct ToAction {
  RuleText* rule;
};
struct ToRule {
  RuleText* rule;
};
struct ToOperator {
  Operator* op;
  OperatorPlaces* places;
  bool* found;  // set when there is one; may be null
};
struct ToList {
  std::vector<Operator>* list;
  std::vector<OperatorPlaces>* places;
};
using Slot = std::variant<Skip, ToText, ToTime, ToBool, ToAction, ToRule, ToOperator, ToList>;

const char* Expected(const Slot& slot) {
  constexpr std::array kNames{"anything",      "a text in quotes", "a text in quotes",
                              "true or false", "a text in quotes", "an object",
                              "an object",     "an array"};
  static_assert(kNames.size() == std::variant_size_v<Slot>);
  return kNames[slot.index()];
}

bool EqualsKey(std::string_view key, std::string_view name) {
  return key.size() == name.size() &&
         std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) {
           return a == b || (a >= 'A' && a <= 'Z' && (a | 0x20) == b);
         });
}

Slot SlotInRule(RuleText& text, std::string_view key) {
  Rule& rule = text.rule;
  if (EqualsKey(key, "name")) return ToText{&rule.name};
  if (EqualsKey(key, "description")) return ToText{&rule.description};
  if (EqualsKey(key, "created")) return ToTime{&rule.created};
  if (EqualsKey(key, "updated")) return ToTime{&rule.updated};
  if (EqualsKey(key, "enabled")) return ToBool{&rule.enabled};
  if (EqualsKey(key, "precedence")) return ToBool{&rule.precedence};
  if (EqualsKey(key, "nolog")) return ToBool{&rule.nolog};
  if (EqualsKey(key, "enforce")) return ToBool{&rule.enforce};
  if (EqualsKey(key, "action")) return ToAction{&text};
  if (EqualsKey(key, "duration")) return ToText{&rule.duration};
  if (EqualsKey(key, "operator")) return ToOperator{&rule.op, &text.places, &text.has_operator};
  return Skip{};
}

Slot SlotInOperator(const ToOperator& into, std::string_view key) {
  Operator& op = *into.op;
  if (EqualsKey(key, "type")) return ToText{&op.type};
  if (EqualsKey(key, "operand")) return ToText{&op.operand};
  if (EqualsKey(key, "data")) return ToText{&op.data};
  if (EqualsKey(key, "sensitive")) return ToBool{&op.sensitive};
  if (EqualsKey(key, "list")) return ToList{&op.list, &into.places->list};
  return Skip{};
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." without what
// we say ourselves.
std::string ReasonOf(const nlohmann::detail::exception& exception) {
  std::string_view what = exception.what();
  if (const auto end = what.find("] "); end != std::string_view::npos) what.remove_prefix(end + 2);
  if (what.starts_with("parse error at")) {
    if (const auto end = what.find(": "); end != std::string_view::npos) {
      what.remove_prefix(end + 2);
    }
  }
  return "not JSON: " + Printable(what);
}

// Receives nlohmann's events and puts each value where its key says. Iterative, as the parser is:
// no nesting of the text nests calls here.
class Reader final : public nlohmann::json_sax<Json> {
 public:
  Reader(std::string_view text, Slot whole) : text_(text), slot_(whole) {}

  std::optional<ReadError> Read() {
    const CountingIterator begin(text_.data(), &consumed_);
    const CountingIterator end(text_.data() + text_.size(), nullptr);
    const bool read = Json::sax_parse(begin, end, this, Json::input_format_t::json,
                                      /*strict=*/true, /*ignore_comments=*/true);
    if (!read && !error_) error_ = ReadError{0, "not JSON"};
    return error_;
  }

  bool null() override {
    NextValue();
    if (const auto* list = std::get_if<ToList>(&slot_)) list->list->clear();
    return true;
  }

  bool boolean(bool value) override {
    NextValue();
    if (std::holds_alternative<Skip>(slot_)) return true;
    const auto* into = std::get_if<ToBool>(&slot_);
    if (into == nullptr) return Mismatch(value ? "true" : "false");
    *into->value = value;
    return true;
  }

  bool number_integer(number_integer_t value) override { return Number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Number(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return Number(text);
  }

  bool string(string_t& value) override {
    NextValue();
    if (std::holds_alternative<Skip>(slot_)) return true;
    if (const auto* text = std::get_if<ToText>(&slot_)) {
      *text->text = std::move(value);
    } else if (const auto* time = std::get_if<ToTime>(&slot_)) {
      *time->text = std::move(value);
    } else if (const auto* action = std::get_if<ToAction>(&slot_)) {
      const auto known = ParseRuleAction(value);
      action->rule->rule.action = known.value_or(RuleAction::kDeny);
      action->rule->unknown_action = known ? std::nullopt : std::optional(std::move(value));
    } else {
      return Mismatch("a text");
    }
    return true;
  }

  bool binary(binary_t& /*value*/) override { return false; }  // not in JSON

  bool start_object(std::size_t /*size*/) override {
    NextValue();
    const bool fits = std::holds_alternative<Skip>(slot_) ||
                      std::holds_alternative<ToRule>(slot_) ||
                      std::holds_alternative<ToOperator>(slot_);
    if (!fits) return Mismatch("an object");
    if (const auto* op = std::get_if<ToOperator>(&slot_)) {
      op->places->whole = place_;
      if (op->found != nullptr) *op->found = true;
    }
    containers_.push_back(slot_);
    return true;
  }

  bool key(string_t& name) override {
    last_end_ = consumed_;
    key_ = std::move(name);
    const Slot& container = containers_.back();
    if (const auto* rule = std::get_if<ToRule>(&container)) {
      slot_ = SlotInRule(*rule->rule, key_);
    } else if (const auto* op = std::get_if<ToOperator>(&container)) {
      slot_ = SlotInOperator(*op, key_);
    } else {
      slot_ = Skip{};
    }
    return true;
  }

  bool end_object() override { return EndContainer(); }

  bool start_array(std::size_t /*size*/) override {
    NextValue();
    if (const auto* into = std::get_if<ToList>(&slot_)) {
      if (lists_open_ == kMaxListNesting) return Fail("the lists are nested too deep");
      ++lists_open_;
      into->list->clear();
      into->places->clear();
    } else if (!std::holds_alternative<Skip>(slot_)) {
      return Mismatch("an array");
    }
    containers_.push_back(slot_);
    return true;
  }

  bool end_array() override {
    if (std::holds_alternative<ToList>(containers_.back())) --lists_open_;
    return EndContainer();
  }

  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const nlohmann::detail::exception& exception) override {
    place_ = std::min(position == 0 ? 0 : position - 1, text_.size());
    return Fail(ReasonOf(exception));
  }

 private:
  // A value has been read: notes where it stands and, in an array, where it goes.
  void NextValue() {
    place_ = NextTokenPlace(text_, last_end_);
    last_end_ = consumed_;
    if (!containers_.empty()) {
      if (const auto* list = std::get_if<ToList>(&containers_.back())) {
        key_.clear();
        slot_ = ToOperator{&list->list->emplace_back(), &list->places->emplace_back(), nullptr};
      } else if (std::holds_alternative<Skip>(containers_.back())) {
        slot_ = Skip{};
      }
    }
    NotePlace();
  }

  void NotePlace() {
    if (containers_.empty()) return;
    if (const auto* op = std::get_if<ToOperator>(&containers_.back())) {
      if (EqualsKey(key_, "type")) op->places->type = place_;
      if (EqualsKey(key_, "operand")) op->places->operand = place_;
      if (EqualsKey(key_, "data")) op->places->data = place_;
    } else if (const auto* rule = std::get_if<ToRule>(&containers_.back())) {
      if (EqualsKey(key_, "name")) rule->rule->name_place = place_;
      if (EqualsKey(key_, "duration")) rule->rule->duration_place = place_;
    }
  }

  bool Number(std::string text) {
    NextValue();
    // The lexer reads one character past a number to see its end.
    if (last_end_ > 0 && (text_[last_end_ - 1] < '0' || text_[last_end_ - 1] > '9')) --last_end_;
    if (std::holds_alternative<Skip>(slot_)) return true;
    const auto* time = std::get_if<ToTime>(&slot_);
    if (time == nullptr) return Mismatch("a number");
    *time->text = std::move(text);
    return true;
  }

  bool EndContainer() {
    last_end_ = consumed_;
    containers_.pop_back();
    return true;
  }

  bool Mismatch(const char* found) {
    return Fail(key_.empty()
                    ? fmt::format("expected {}, found {}", Expected(slot_), found)
                    : fmt::format("\"{}\" must be {}, not {}", key_, Expected(slot_), found));
  }

  bool Fail(std::string reason) {
    if (!error_) error_ = ReadError{place_, std::move(reason)};
    return false;
  }

  const std::string_view text_;
  std::size_t consumed_ = 0;  // by the lexer
  std::size_t last_end_ = 0;  // of the last token that mattered
  std::size_t place_ = 0;     // of the value at hand
  std::string key_;
  Slot slot_;                     // where the next value goes
  std::vector<Slot> containers_;  // the open objects and arrays, outermost first
  std::size_t lists_open_ = 0;
  std::optional<ReadError> error_;
};

}  // namespace

std::optional<ReadError> ReadRule(std::string_view text, RuleText& into) {
  return Reader(text, ToRule{&into}).Read();
}

std::optional<ReadError> ReadOperators(std::string_view text, std::vector<Operator>& into) {
  std::vector<OperatorPlaces> places;
  return Reader(text, ToList{&into, &places}).Read();
}

}  // namespace procwall
