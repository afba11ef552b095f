// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/placed_json.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>
#include <strings.h>

#include "rules/json_places.h"

namespace procwall {
namespace {

using Json = nlohmann::json;
using Kind = PlacedJson::Kind;

// Puts the values together as they come; the open objects and lists are on a stack.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  std::size_t consumed = 0;  // of the text, by the lexer
  std::optional<RuleError> error{};
  PlacedJson root{};

  bool null() { return Put({}); }
  bool boolean(bool value) {
    PlacedJson placed;
    placed.kind = Kind::kTruth;
    placed.truth = value;
    return Put(std::move(placed));
  }
  bool number_integer(Json::number_integer_t value) { return Number(std::to_string(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return Number(std::to_string(value)); }
  bool number_float(Json::number_float_t /*value*/, const std::string& text) {
    return Number(text);
  }
  bool string(std::string& value) {
    PlacedJson placed;
    placed.kind = Kind::kText;
    placed.text = std::move(value);
    return Put(std::move(placed));
  }
  bool binary(Json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return Open(Kind::kObject); }
  bool start_array(std::size_t /*size*/) { return Open(Kind::kList); }
  bool key(std::string& name) {
    keys_.back() = std::move(name);
    return true;
  }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& exception) {
    return Fail(LineColumnAt(text_, std::min(position, text_.size())), exception.what());
  }

 private:
  int Line() {
    const std::size_t end = std::min(consumed, text_.size());
    // The value ends before what was read last: a number is over when something else comes.
    const std::size_t until = end > 0 ? end - 1 : 0;
    for (; counted_ < until; ++counted_) line_ += text_[counted_] == '\n' ? 1 : 0;
    return line_;
  }
  bool Fail(LineColumn place, std::string reason) {
    if (!error) error = RuleError{"", place.line, place.column, std::move(reason)};
    return false;
  }
  bool Number(std::string text) {
    PlacedJson placed;
    placed.kind = Kind::kNumber;
    placed.text = std::move(text);
    return Put(std::move(placed));
  }
  bool Put(PlacedJson value) {
    value.line = Line();
    Add(std::move(value));
    return true;
  }
  void Add(PlacedJson value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().kind == Kind::kList) {
      open_.back().items.push_back(std::move(value));
    } else {
      open_.back().members.emplace_back(std::move(keys_.back()), std::move(value));
    }
  }
  bool Open(Kind kind) {
    if (open_.size() >= kMaxJsonDepth) return Fail({Line(), 0}, "is nested too deeply");
    PlacedJson value;
    value.kind = kind;
    value.line = Line();
    open_.push_back(std::move(value));
    keys_.emplace_back();
    return true;
  }
  bool Close() {
    PlacedJson value = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    Add(std::move(value));
    return true;
  }

  std::string_view text_;
  std::vector<PlacedJson> open_;
  std::vector<std::string> keys_;  // of the same index: the key whose value comes
  std::size_t counted_ = 0;        // how far lines have been counted
  int line_ = 1;
};

}  // namespace

const PlacedJson* PlacedJson::Find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    const bool is_it =
        name.size() == key.size() && ::strncasecmp(name.data(), key.data(), key.size()) == 0;
    if (is_it) return value.kind == Kind::kNull ? nullptr : &value;
  }
  return nullptr;
}

tl::expected<PlacedJson, RuleError> ParsePlacedJson(std::string_view text,
                                                    std::string_view file_name) {
  TreeBuilder builder(text);
  const CountingIterator begin(text.data(), &builder.consumed);
  const CountingIterator end(text.data() + text.size(), nullptr);
  const bool parsed = Json::sax_parse(begin, end, &builder, Json::input_format_t::json,
                                      /*strict=*/true, /*ignore_comments=*/true);
  if (parsed) return std::move(builder.root);
  RuleError error = builder.error.value_or(RuleError{"", 0, 0, "is not JSON"});
  error.file = file_name;
  return tl::unexpected(std::move(error));
}

}  // namespace procwall
