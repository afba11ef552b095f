// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/config.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>

#include "base/file.h"
#include "daemon/opensnitch_address.h"
#include "rules/lifetime.h"

namespace procwall {
namespace {

using Json = nlohmann::json;

// The value of a key in any letter case, as Go finds it; null and missing are the same.
const Json* Find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  for (const auto& [name, value] : object.items()) {
    if (::strcasecmp(name.c_str(), key) == 0) return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

// Reads members of one JSON object and remembers the first that has a wrong type or value.
class Members {
 public:
  Members(const Json& object, std::string path, std::optional<std::string>& error)
      : object_(object), path_(std::move(path)), error_(error) {}

  Members Object(const char* key) const {
    static const Json empty = Json::object();
    const Json* found = Find(object_, key);
    if (found && !found->is_object()) Refuse(key, "must be an object");
    return {found && found->is_object() ? *found : empty, path_ + key + ".", error_};
  }
  void Read(const char* key, std::string& value) const {
    const Json* found = Find(object_, key);
    if (!found) return;
    if (!found->is_string()) return Refuse(key, "must be a text");
    value = found->get<std::string>();
  }
  void Read(const char* key, bool& value) const {
    const Json* found = Find(object_, key);
    if (!found) return;
    if (!found->is_boolean()) return Refuse(key, "must be true or false");
    value = found->get<bool>();
  }
  void Read(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most) const {
    const Json* found = Find(object_, key);
    if (!found) return;
    if (!found->is_number_integer()) return Refuse(key, "must be a whole number");
    // A number past the signed range wraps to a negative one and is refused by the range as well.
    const auto number = found->get<std::int64_t>();
    if (number < least || number > most) {
      return Refuse(key, fmt::format("must be from {} to {}", least, most));
    }
    value = number;
  }
  // A duration as Go writes it: "30s".
  void Read(const char* key, std::chrono::nanoseconds& value, std::chrono::seconds least,
            std::chrono::seconds most) const {
    std::string text;
    Read(key, text);
    if (text.empty()) return;
    const auto duration = ParseGoDuration(text);
    if (!duration || *duration < least || *duration > most) {
      return Refuse(key, fmt::format("must be a duration from {}s to {}s, as \"30s\" or \"1m\"",
                                     least.count(), most.count()));
    }
    value = *duration;
  }
  bool Has(const char* key) const { return Find(object_, key) != nullptr; }
  void Read(const char* key, std::vector<std::string>& value) const {
    const Json* found = Find(object_, key);
    if (!found) return;
    const auto is_text = [](const Json& element) { return element.is_string(); };
    if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_text)) {
      return Refuse(key, "must be a list of texts");
    }
    value = found->get<std::vector<std::string>>();
  }
  template <typename T, std::size_t kSize>
  void Read(const char* key, T& value,
            const std::array<std::pair<const char*, T>, kSize>& names) const {
    std::string text;
    Read(key, text);
    if (text.empty()) return;
    std::string known;
    for (const auto& [name, meaning] : names) {
      if (text == name) {
        value = meaning;
        return;
      }
      known += known.empty() ? name : std::string(", ") + name;
    }
    Refuse(key, fmt::format("is \"{}\"; known are: {}", text, known));
  }
  void Refuse(const char* key, const std::string& reason) const {
    if (!error_) error_ = fmt::format("{}{} {}", path_, key, reason);
  }

 private:
  const Json& object_;
  std::string path_;
  std::optional<std::string>& error_;
};

constexpr std::array<std::pair<const char*, RuleAction>, 3> kActions = {
    {{"allow", RuleAction::kAllow}, {"deny", RuleAction::kDeny}, {"reject", RuleAction::kReject}}};
constexpr std::array<std::pair<const char*, Mode>, 2> kModes = {
    {{"enforce", Mode::kEnforce}, {"observe", Mode::kObserve}}};
constexpr std::array<std::pair<const char*, FirewallKind>, 5> kFirewalls = {
    {{"auto", FirewallKind::kAuto},
     {"nft", FirewallKind::kNft},
     {"iptables-legacy", FirewallKind::kIptablesLegacy},
     {"iptables-nft", FirewallKind::kIptablesNft},
     {"none", FirewallKind::kNone}}};

constexpr std::chrono::seconds kShortestTimeout{1};
constexpr std::chrono::seconds kLongestTimeout{600};

constexpr std::array<std::pair<const char*, bool>, 2> kWitness = {{{"auto", true}, {"off", false}}};

constexpr std::array<std::pair<const char*, UiProtocol>, 3> kUiProtocols = {
    {{"auto", UiProtocol::kAuto}, {"1.5", UiProtocol::k15}, {"1.6+", UiProtocol::k16}}};

// OpenSnitch: -1 TRACE, 0 DEBUG, 1 INFO, 2 IMPORTANT, 3 WARNING, 4 ERROR, 5 FATAL.
LogLevel LevelOf(std::int64_t number) {
  return number <= 0 ? LogLevel::kDebug : static_cast<LogLevel>(std::min<std::int64_t>(number, 4));
}

// One bit, or none.
void ReadFlowMark(const Members& own, std::uint32_t& mark) {
  std::int64_t bit = mark;
  own.Read("FlowMark", bit, 0, std::numeric_limits<std::uint32_t>::max());
  if (bit != 0 && !std::has_single_bit(static_cast<std::uint64_t>(bit))) {
    return own.Refuse("FlowMark", "must be one bit (1, 2, 4, 8 and so on), or 0 for none");
  }
  mark = static_cast<std::uint32_t>(bit);
}

void ReadMembers(const Members& root, Settings& settings) {
  root.Read("DefaultAction", settings.default_action, kActions);
  root.Read("InterceptUnknown", settings.ask_unknown);
  auto level = static_cast<std::int64_t>(settings.log_level);
  root.Read("LogLevel", level, -1, 5);
  settings.log_level = LevelOf(level);
  const Members server = root.Object("Server");
  server.Read("Address", settings.ui_socket);
  server.Read("LogFile", settings.log_file);
  root.Object("Rules").Read("Path", settings.rules_directory);
  const Members firewall = root.Object("FwOptions");
  firewall.Read("QueueBypass", settings.queue_bypass);
  std::int64_t queue = settings.queue_number;
  firewall.Read("QueueNum", queue, 0, 65535);
  settings.queue_number = static_cast<std::uint16_t>(queue);
  const Members own = root.Object("Procwall");
  own.Read("ApiAddress", settings.api_address);
  own.Read("Mode", settings.mode, kModes);
  own.Read("Firewall", settings.firewall, kFirewalls);
  own.Read("Forwarded", settings.forwarded);
  own.Read("Witness", settings.witness, kWitness);
  ReadFlowMark(own, settings.flow_mark);
  own.Read("QuestionTimeout", settings.question_timeout, kShortestTimeout, kLongestTimeout);
  RuleAction unasked = settings.default_action;
  if (own.Has("UnaskedAction")) own.Read("UnaskedAction", unasked, kActions);
  if (own.Has("UnaskedAction")) settings.unasked_action = unasked;
  own.Read("ViewGroup", settings.view_group);
  own.Read("AnswerGroup", settings.answer_group);
  own.Read("AdminGroup", settings.admin_group);
  own.Read("UiProtocol", settings.ui_protocol, kUiProtocols);
  own.Read("UiVersion", settings.ui_version);
  own.Read("UiUsers", settings.ui_users);
}

template <typename T, std::size_t kSize>
T ByName(const std::string& name, const std::array<std::pair<const char*, T>, kSize>& names) {
  for (const auto& [text, value] : names) {
    if (name == text) return value;
  }
  return names.front().second;  // the command line has checked the name already
}

void ApplyOptions(const Options& options, Settings& settings) {
  if (options.rules_directory) settings.rules_directory = *options.rules_directory;
  if (options.queue_number) settings.queue_number = *options.queue_number;
  if (options.api_address) settings.api_address = *options.api_address;
  if (options.default_action) settings.default_action = ByName(*options.default_action, kActions);
  if (options.firewall) settings.firewall = ByName(*options.firewall, kFirewalls);
  if (options.queue_bypass) settings.queue_bypass = *options.queue_bypass;
  if (options.witness) settings.witness = ByName(*options.witness, kWitness);
  if (options.ui_socket) settings.ui_socket = *options.ui_socket;
  if (options.log_file) settings.log_file = *options.log_file;
  if (options.log_level) settings.log_level = *options.log_level;
  if (options.forwarded) settings.forwarded = true;
  if (options.observe) settings.mode = Mode::kObserve;
  if (options.no_live_reload) settings.live_reload = false;
}

}  // namespace

tl::expected<Settings, std::string> ParseConfig(std::string_view text,
                                                const std::string& file_name) {
  Json root;
  try {
    root = Json::parse(text, nullptr, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte, text.size());
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    return tl::unexpected(fmt::format("{}:{}: not valid JSON: {}", file_name, line, error.what()));
  }
  if (!root.is_object()) return tl::unexpected(fmt::format("{}: must be a JSON object", file_name));
  Settings settings;
  settings.config_file = file_name;
  std::optional<std::string> error;
  ReadMembers(Members(root, "", error), settings);
  if (error) return tl::unexpected(fmt::format("{}: {}", file_name, *error));
  return settings;
}

tl::expected<Settings, std::string> LoadSettings(const Options& options) {
  const bool named = !options.config_file.empty();
  const std::string file = named ? options.config_file : kDefaultConfigFile;
  const Result<std::string> text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxConfigBytes);
  Settings settings;
  if (text) {
    auto parsed = ParseConfig(*text, file);
    if (!parsed) return parsed;
    settings = *std::move(parsed);
  } else if (named || text.error().code != Errc::kNotFound) {
    return tl::unexpected(fmt::format("{}: {}", file, text.error().ToString()));
  }
  ApplyOptions(options, settings);
  if (!settings.api_address.starts_with("unix:/")) {
    return tl::unexpected(
        fmt::format("API address \"{}\": only unix:/path is supported", settings.api_address));
  }
  if (settings.ui_socket == "none") settings.ui_socket.clear();
  if (settings.ui_socket.empty()) return settings;
  if (const auto gui = ParseGuiAddress(settings.ui_socket); !gui) {
    return tl::unexpected(gui.error());
  }
  return settings;
}

}  // namespace procwall
