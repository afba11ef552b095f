// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/resolved_message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace procwall {
namespace {

using SortedJson = nlohmann::json;

constexpr int kMaxMessageDepth = 16;
constexpr std::size_t kMaxNameSize = 4 * 255;  // each byte escaped
constexpr int kTypeCname = 5;

const SortedJson* FindMember(const SortedJson& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// Empty: no name.
std::string NameOfKey(const SortedJson& object) {
  const SortedJson* const value = FindMember(object, "name");
  if (value == nullptr || !value->is_string()) return {};
  std::string name = value->get<std::string>();
  if (name.size() > kMaxNameSize) return {};
  if (name.ends_with('.')) name.pop_back();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                          c == '-' || c == '.' || c == '\\';
    if (!is_plain) return {};
  }
  return name;
}

std::optional<IpAddress> AddressIn(const SortedJson& record) {
  const SortedJson* const value = FindMember(record, "address");
  if (value == nullptr || !value->is_array()) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t size = value->size();
  if (size != 4 && size != 16) return std::nullopt;
  for (std::size_t i = 0; i < size; ++i) {
    const SortedJson& byte = (*value)[i];
    if (!byte.is_number_unsigned() || byte.get<std::uint64_t>() > 255) return std::nullopt;
    bytes[i] = byte.get<std::uint8_t>();
  }
  if (size == 16) return IpAddress::V6(bytes);
  return IpAddress::V4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

void AddQuestions(const SortedJson& parameters, const char* key, DnsMessage& message) {
  const SortedJson* const questions = FindMember(parameters, key);
  if (questions == nullptr || !questions->is_array()) return;
  for (const SortedJson& question : *questions) {
    std::string name = NameOfKey(question);
    const bool is_new =
        !name.empty() && std::ranges::find(message.questions, name) == message.questions.end();
    if (is_new && message.questions.size() < kMaxDnsRecords) {
      message.questions.push_back(std::move(name));
    }
  }
}

void AddRecord(const SortedJson& answer, DnsMessage& message) {
  const SortedJson* const record = FindMember(answer, "rr");
  const SortedJson* const key = record == nullptr ? nullptr : FindMember(*record, "key");
  if (key == nullptr || message.addresses.size() + message.aliases.size() >= kMaxDnsRecords) return;
  std::string name = NameOfKey(*key);
  if (name.empty()) return;
  if (const auto address = AddressIn(*record)) {
    message.addresses.push_back({std::move(name), *address, {}});
    return;
  }
  const SortedJson* const type = FindMember(*key, "type");
  if (type == nullptr || !type->is_number_integer() || *type != kTypeCname) return;
  if (std::string target = NameOfKey(*record); !target.empty()) {
    message.aliases.push_back({std::move(name), std::move(target), {}});
  }
}

}  // namespace

std::optional<DnsMessage> ParseResolvedMessage(std::string_view json) {
  const auto is_shallow = [](int depth, SortedJson::parse_event_t, SortedJson&) {
    return depth <= kMaxMessageDepth;
  };
  const SortedJson root = SortedJson::parse(json, is_shallow, /*allow_exceptions=*/false);
  const SortedJson* const parameters = FindMember(root, "parameters");
  const SortedJson* const answers =
      parameters == nullptr ? nullptr : FindMember(*parameters, "answer");
  if (answers == nullptr || !answers->is_array()) return std::nullopt;
  DnsMessage message;
  message.is_response = true;
  // The question is the last name that was asked for: those that led there were collected.
  AddQuestions(*parameters, "collectedQuestions", message);
  AddQuestions(*parameters, "question", message);
  for (const SortedJson& answer : *answers) AddRecord(answer, message);
  if (message.questions.empty() || message.addresses.empty()) return std::nullopt;
  for (std::size_t i = 1; i < message.questions.size(); ++i) {
    message.aliases.push_back({message.questions[i - 1], message.questions[i], {}});
  }
  return message;
}

}  // namespace procwall
