// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/config.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <strings.h>

#include "base/file.h"
#include "daemon/api_tls.h"
#include "daemon/flow_settings.h"
#include "daemon/lanes.h"
#include "daemon/metrics_address.h"
#include "daemon/opensnitch_address.h"
#include "rules/lifetime.h"
#include "rules/network_aliases.h"

namespace procwall {
namespace {

using SortedJson = nlohmann::json;

// The value of a key in any letter case, as Go finds it; null and missing are the same.
const SortedJson* FindKey(const SortedJson& object, const char* key) {
  if (!object.is_object()) return nullptr;
  for (const auto& [name, value] : object.items()) {
    if (::strcasecmp(name.c_str(), key) == 0) return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

// Settings as JSON, for people.
SortedJson ValueOf(const std::string& value) { return value; }
SortedJson ValueOf(bool value) { return value; }
SortedJson ValueOf(std::int64_t value) { return value; }
SortedJson ValueOf(const std::vector<std::string>& value) { return value; }
SortedJson ValueOf(const std::map<std::string, std::string>& value) { return value; }
SortedJson ValueOf(std::chrono::nanoseconds value) {
  return fmt::format("{}s", std::chrono::duration<double>(value).count());
}
template <typename T, std::size_t kSize>
SortedJson ValueOf(T value, const std::array<std::pair<const char*, T>, kSize>& names) {
  for (const auto& [name, meaning] : names) {
    if (meaning == value) return name;
  }
  return nullptr;
}

// Lists it, in the place of what was listed of that key.
void ListSetting(SettingInForce setting, std::vector<SettingInForce>& listing) {
  const auto listed = std::ranges::find(listing, setting.key, &SettingInForce::key);
  if (listed == listing.end()) {
    listing.push_back(std::move(setting));
  } else {
    *listed = std::move(setting);
  }
}

std::string JsonTextOf(const SortedJson& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, SortedJson::error_handler_t::replace);
}

// Reads members of one JSON object, lists what is in force then, and remembers the first that has a
// wrong type or value.
class Members {
 public:
  Members(const SortedJson& object, std::string path, std::optional<std::string>& error,
          std::vector<SettingInForce>& listing)
      : object_(object), path_(std::move(path)), error_(error), listing_(listing) {}

  Members Object(const char* key) const {
    static const SortedJson empty = SortedJson::object();
    const SortedJson* found = FindKey(object_, key);
    if (found && !found->is_object()) Refuse(key, "must be an object");
    return {found && found->is_object() ? *found : empty, path_ + key + ".", error_, listing_};
  }
  // The objects of a list.
  std::vector<Members> Objects(const char* key) const {
    std::vector<Members> objects;
    const SortedJson* found = FindKey(object_, key);
    if (!found) return objects;
    const auto is_object = [](const SortedJson& element) { return element.is_object(); };
    if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_object)) {
      Refuse(key, "must be a list of objects");
      return objects;
    }
    for (const SortedJson& element : *found) {
      objects.push_back(
          {element, fmt::format("{}{}[{}].", path_, key, objects.size()), error_, listing_});
    }
    return objects;
  }
  bool Has(const char* key) const { return FindKey(object_, key) != nullptr; }
  void Read(const char* key, std::string& value) const {
    Take(key, value);
    List(key, ValueOf(value));
  }
  void Read(const char* key, bool& value) const {
    Take(key, value);
    List(key, ValueOf(value));
  }
  void Read(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most) const {
    Take(key, value, least, most);
    List(key, ValueOf(value));
  }
  // A duration as Go writes it: "30s".
  void Read(const char* key, std::chrono::nanoseconds& value, std::chrono::seconds least,
            std::chrono::seconds most) const {
    Take(key, value, least, most);
    List(key, ValueOf(value));
  }
  void Read(const char* key, std::vector<std::string>& value) const {
    Take(key, value);
    List(key, ValueOf(value));
  }
  void Read(const char* key, std::map<std::string, std::string>& value) const {
    Take(key, value);
    List(key, ValueOf(value));
  }
  template <typename T, std::size_t kSize>
  void Read(const char* key, T& value,
            const std::array<std::pair<const char*, T>, kSize>& names) const {
    Take(key, value, names);
    List(key, ValueOf(value, names));
  }
  void Refuse(const char* key, const std::string& reason) const {
    if (!error_) error_ = fmt::format("{}{} {}", path_, key, reason);
  }

 private:
  void List(const char* key, const SortedJson& value) const {
    ListSetting({path_ + key, JsonTextOf(value), Has(key) ? "file" : "default"}, listing_);
  }
  void Take(const char* key, std::string& value) const {
    const SortedJson* found = FindKey(object_, key);
    if (!found) return;
    if (!found->is_string()) return Refuse(key, "must be a text");
    value = found->get<std::string>();
  }
  void Take(const char* key, bool& value) const {
    const SortedJson* found = FindKey(object_, key);
    if (!found) return;
    if (!found->is_boolean()) return Refuse(key, "must be true or false");
    value = found->get<bool>();
  }
  void Take(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most) const {
    const SortedJson* found = FindKey(object_, key);
    if (!found) return;
    if (!found->is_number_integer()) return Refuse(key, "must be a whole number");
    // A number past the signed range wraps to a negative one and is refused by the range as well.
    const auto number = found->get<std::int64_t>();
    if (number < least || number > most) {
      return Refuse(key, fmt::format("must be from {} to {}", least, most));
    }
    value = number;
  }
  void Take(const char* key, std::chrono::nanoseconds& value, std::chrono::seconds least,
            std::chrono::seconds most) const {
    std::string text;
    Take(key, text);
    if (text.empty()) return;
    const auto duration = ParseGoDuration(text);
    if (!duration || *duration < least || *duration > most) {
      return Refuse(key, fmt::format("must be a duration from {}s to {}s, as \"30s\" or \"1m\"",
                                     least.count(), most.count()));
    }
    value = *duration;
  }
  void Take(const char* key, std::vector<std::string>& value) const {
    const SortedJson* found = FindKey(object_, key);
    if (!found) return;
    const auto is_text = [](const SortedJson& element) { return element.is_string(); };
    if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_text)) {
      return Refuse(key, "must be a list of texts");
    }
    value = found->get<std::vector<std::string>>();
  }
  template <typename T, std::size_t kSize>
  void Take(const char* key, T& value,
            const std::array<std::pair<const char*, T>, kSize>& names) const {
    std::string text;
    Take(key, text);
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
  void Take(const char* key, std::map<std::string, std::string>& value) const {
    const SortedJson* found = FindKey(object_, key);
    if (!found) return;
    const auto is_text = [](const SortedJson& element) { return element.is_string(); };
    if (!found->is_object() || !std::all_of(found->begin(), found->end(), is_text)) {
      return Refuse(key, "must be an object of texts");
    }
    value = found->get<std::map<std::string, std::string>>();
  }

  const SortedJson& object_;
  std::string path_;
  std::optional<std::string>& error_;
  std::vector<SettingInForce>& listing_;
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

constexpr std::int64_t kLeastFlowBuffer = 4 << 10;
constexpr std::int64_t kMostFlowBuffer = 256 << 20;

constexpr std::chrono::seconds kShortestTimeout{1};
constexpr std::chrono::seconds kLongestTimeout{600};
constexpr std::chrono::microseconds kLongestBusyPoll{1000};

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

constexpr std::array<std::pair<const char*, UiAuthentication>, 3> kUiAuthentications = {
    {{"simple", UiAuthentication::kSimple},
     {"tls-simple", UiAuthentication::kTlsSimple},
     {"tls-mutual", UiAuthentication::kTlsMutual}}};

// ServerKey and ClientAuthType are the GUI's own business: its side reads them.
void ReadUiTls(const Members& authentication, UiTlsSettings& tls) {
  authentication.Read("Type", tls.authentication, kUiAuthentications);
  const Members options = authentication.Object("TLSOptions");
  options.Read("CACert", tls.ca_certificate);
  options.Read("ServerCert", tls.server_certificate);
  options.Read("ClientCert", tls.client_certificate);
  options.Read("ClientKey", tls.client_key);
  options.Read("SkipVerify", tls.skip_verify);
}

void ReadApiTls(const Members& own, ApiTlsSettings& tls) {
  own.Read("Address", tls.address);
  own.Read("Certificate", tls.certificate);
  own.Read("Key", tls.key);
  own.Read("ClientCa", tls.client_ca);
  own.Read("Roles", tls.roles);
}

// A duration as Go writes it, or days: "30d".
std::optional<std::chrono::nanoseconds> ParseAge(const std::string& text) {
  if (!text.ends_with('d')) return ParseGoDuration(text);
  int days = 0;
  const char* const unit = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), unit, days);
  if (error != std::errc{} || end != unit || days < 0) return std::nullopt;
  return std::chrono::hours(24) * days;
}

constexpr std::chrono::hours kMostAge{24 * 3650};

// "off", or an absolute path; bytes; a duration, where "30d" is thirty days.
void ReadJournal(const Members& own, JournalSettings& journal) {
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
  own.Read("Journal", journal.path);
  if (journal.path == "off") journal.path.clear();
  if (!journal.path.empty() && (!journal.path.starts_with('/') || journal.path.ends_with('/'))) {
    return own.Refuse("Journal", "must be \"off\" or the absolute path of a file");
  }
  auto bytes = static_cast<std::int64_t>(journal.max_bytes);
  own.Read("JournalMaxBytes", bytes, static_cast<std::int64_t>(JournalSettings::kLeastBytes),
           kMostBytes);
  journal.max_bytes = static_cast<std::uint64_t>(bytes);
  std::string age;
  own.Read("JournalMaxAge", age);
  if (age.empty()) return;
  const auto parsed = ParseAge(age);
  if (!parsed || *parsed < std::chrono::minutes(1) || *parsed > kMostAge) {
    return own.Refuse("JournalMaxAge",
                      "must be a duration from 1m to 3650d, as \"30d\" or \"12h\"");
  }
  journal.max_age = *parsed;
}

void ReadSinks(const Members& own, std::vector<SinkTarget>& sinks) {
  std::vector<std::string> names;
  own.Read("Sinks", names);
  if (names.size() > kMostSinks) return own.Refuse("Sinks", "has too many: at most 8");
  for (const std::string& name : names) {
    auto target = ParseSinkTarget(name);
    if (!target) return own.Refuse("Sinks", target.error());
    sinks.push_back(*std::move(target));
  }
}

void ReadMetrics(const Members& own, std::string& address) {
  own.Read("Metrics", address);
  if (address.empty()) return;
  if (const auto endpoint = ParseMetricsAddress(address); !endpoint) {
    own.Refuse("Metrics", endpoint.error());
  }
}

// One of "NetworkProfiles"; what is wrong with it is told with its number.
NetworkProfile ReadProfile(const Members& members) {
  NetworkProfile profile;
  members.Read("Name", profile.name);
  if (profile.name.empty()) members.Refuse("Name", "is missing");
  members.Read("Interface", profile.interface);
  std::string text;
  members.Read("Gateway", text);
  if (!text.empty()) {
    profile.gateway = IpAddress::Parse(text);
    if (!profile.gateway) members.Refuse("Gateway", "must be an IP address");
  }
  text.clear();
  members.Read("GatewayMac", text);
  if (!text.empty()) {
    profile.gateway_mac = ParseMac(text);
    if (!profile.gateway_mac) members.Refuse("GatewayMac", "must be as \"52:54:00:12:34:56\"");
  }
  if (profile.interface.empty() && !profile.gateway && !profile.gateway_mac) {
    members.Refuse("Name", "needs an Interface, a Gateway or a GatewayMac beside it");
  }
  return profile;
}

void ReadFlows(const Members& own, FlowSettings& flows) {
  own.Read("FlowAccounting", flows.accounting);
  std::int64_t buffer = flows.buffer_bytes;
  own.Read("FlowBuffer", buffer, kLeastFlowBuffer, kMostFlowBuffer);
  flows.buffer_bytes = static_cast<std::uint32_t>(buffer);
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
  const Members rules = root.Object("Rules");
  rules.Read("Path", settings.rules_directory);
  rules.Read("EnableChecksums", settings.tells_checksums);
  const Members firewall = root.Object("FwOptions");
  firewall.Read("QueueBypass", settings.queue_bypass);
  std::int64_t queue = settings.queue_number;
  firewall.Read("QueueNum", queue, 0, 65535);
  settings.queue_number = static_cast<std::uint16_t>(queue);
  firewall.Read("ConfigPath", settings.system_rules);
  const Members own = root.Object("Procwall");
  own.Read("ApiAddress", settings.api_address);
  settings.network_aliases = NetworkAliasesBeside(
      settings.config_file.empty() ? std::string(kDefaultConfigFile) : settings.config_file);
  own.Read("NetworkAliases", settings.network_aliases);
  own.Read("Mode", settings.mode, kModes);
  own.Read("Firewall", settings.firewall, kFirewalls);
  std::int64_t queues = settings.queues;
  own.Read("Queues", queues, 1, Lanes::kMost);
  settings.queues = static_cast<std::uint16_t>(queues);
  std::int64_t busy_poll = settings.busy_poll.count();
  own.Read("BusyPollMicroseconds", busy_poll, 0, kLongestBusyPoll.count());
  settings.busy_poll = std::chrono::microseconds(busy_poll);
  own.Read("Incoming", settings.incoming);
  own.Read("Forwarded", settings.forwarded);
  own.Read("Loopback", settings.loopback);
  own.Read("Witness", settings.witness, kWitness);
  ReadFlowMark(own, settings.flow_mark);
  own.Read("InspectTls", settings.inspect_tls);
  ReadJournal(own, settings.journal);
  ReadSinks(own, settings.sinks);
  ReadMetrics(own, settings.metrics_address);
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
  ReadUiTls(server.Object("Authentication"), settings.ui_tls);
  ReadApiTls(own.Object("ApiTls"), settings.api_tls);
  ReadFlows(own, settings.flows);
  for (const Members& profile : own.Objects("NetworkProfiles")) {
    settings.network_profiles.push_back(ReadProfile(profile));
  }
}

template <typename T, std::size_t kSize>
T ByName(const std::string& name, const std::array<std::pair<const char*, T>, kSize>& names) {
  for (const auto& [text, value] : names) {
    if (name == text) return value;
  }
  return names.front().second;  // the command line has checked the name already
}

// What flags say instead of the file.
void ListOptions(const Options& options, std::vector<SettingInForce>& listing) {
  const auto list = [&](const char* key, const SortedJson& value) {
    ListSetting({key, JsonTextOf(value), "flag"}, listing);
  };
  if (options.rules_directory) list("Rules.Path", *options.rules_directory);
  if (options.queue_number) list("FwOptions.QueueNum", *options.queue_number);
  if (options.api_address) list("Procwall.ApiAddress", *options.api_address);
  if (options.default_action) list("DefaultAction", *options.default_action);
  if (options.firewall) list("Procwall.Firewall", *options.firewall);
  if (options.queue_bypass) list("FwOptions.QueueBypass", *options.queue_bypass);
  if (options.witness) list("Procwall.Witness", *options.witness);
  if (options.ui_socket) list("Server.Address", *options.ui_socket);
  if (options.log_file) list("Server.LogFile", *options.log_file);
  if (options.log_level) list("LogLevel", static_cast<int>(*options.log_level));
  if (options.forwarded) list("Procwall.Forwarded", true);
  if (options.observe) list("Procwall.Mode", "observe");
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
  if (options.journal) settings.journal.path = *options.journal == "off" ? "" : *options.journal;
  if (options.log_file) settings.log_file = *options.log_file;
  if (options.log_level) settings.log_level = *options.log_level;
  if (options.forwarded) settings.forwarded = true;
  if (options.observe) settings.mode = Mode::kObserve;
  if (options.no_live_reload) settings.live_reload = false;
}

tl::expected<SortedJson, std::string> ParseObject(std::string_view text,
                                                  const std::string& file_name) {
  SortedJson root;
  try {
    root = SortedJson::parse(text, nullptr, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const SortedJson::parse_error& error) {
    const std::size_t end = std::min(error.byte, text.size());
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    return tl::unexpected(fmt::format("{}:{}: not valid JSON: {}", file_name, line, error.what()));
  }
  if (!root.is_object()) return tl::unexpected(fmt::format("{}: must be a JSON object", file_name));
  return root;
}

}  // namespace

tl::expected<Settings, std::string> ParseConfig(std::string_view text,
                                                const std::string& file_name) {
  const auto root = ParseObject(text, file_name);
  if (!root) return tl::unexpected(root.error());
  Settings settings;
  settings.config_file = file_name;
  std::optional<std::string> error;
  ReadMembers(Members(*root, "", error, settings.listing), settings);
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
  } else {
    std::optional<std::string> no_error;
    ReadMembers(Members(SortedJson::object(), "", no_error, settings.listing), settings);
  }
  ApplyOptions(options, settings);
  ListOptions(options, settings.listing);
  if (!settings.api_address.starts_with("unix:/")) {
    return tl::unexpected(
        fmt::format("API address \"{}\": only unix:/path is supported; over TCP the API is served "
                    "with certificates on both sides alone (Procwall.ApiTls)",
                    settings.api_address));
  }
  if (auto wrong = WhyNotServed(settings.api_tls)) return tl::unexpected(*std::move(wrong));
  if (!settings.journal.path.empty() && !settings.journal.path.starts_with('/')) {
    return tl::unexpected(
        fmt::format("journal \"{}\": must be \"off\" or an absolute path", settings.journal.path));
  }
  if (settings.queue_number + settings.queues - 1 > 65535) {
    return tl::unexpected(fmt::format("{} queues from number {} on: the last would be past 65535",
                                      settings.queues, settings.queue_number));
  }
  if (settings.ui_socket == "none") settings.ui_socket.clear();
  if (settings.ui_socket.empty()) return settings;
  if (const auto gui = ParseGuiAddress(settings.ui_socket); !gui) {
    return tl::unexpected(gui.error());
  }
  return settings;
}

}  // namespace procwall
