// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/flow_settings.h"
#include "daemon/journal_settings.h"
#include "daemon/network_profile.h"
#include "daemon/question_policy.h"
#include "daemon/sink_target.h"
#include "rules/rule.h"

namespace procwall {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kImportant, kWarning, kError };
enum class Mode : std::uint8_t {
  kEnforce,  // verdicts are what the rules say
  kObserve,  // everything is judged and reported, and accepted
};
// How packets get into the queue.
enum class FirewallKind : std::uint8_t {
  kAuto,            // the first of the following that this kernel can do
  kNft,             // a table of our own
  kIptablesLegacy,  // chains of our own in the mangle tables
  kIptablesNft,
  kNone,  // somebody else's rules feed the queue
};
const char* FirewallKindName(FirewallKind kind);  // "auto", "nft", ...
// What OpenSnitch's GUI understands.
enum class UiProtocol : std::uint8_t {
  kAuto,  // found out
  k15,    // versions 1.4 to 1.5.9
  k16,    // 1.6.2 and later
};

// One setting that is in force, for people.
struct SettingInForce {
  std::string key;               // as in the configuration file: "Procwall.FlowMark"
  std::string value;             // as JSON
  const char* from = "default";  // or "file", "flag"

  friend bool operator==(const SettingInForce&, const SettingInForce&) = default;
};

// Where the API is served over TCP, to whom, and by what: always with certificates on both sides.
struct ApiTlsSettings {
  std::string address;      // "127.0.0.1:50052", "[::1]:50052"; empty: not at all
  std::string certificate;  // files in PEM
  std::string key;
  std::string client_ca;                     // who signs clients' certificates
  std::map<std::string, std::string> roles;  // of a certificate's name: "view", ...
};

// How OpenSnitch's GUI is talked to over TCP.
enum class UiAuthentication : std::uint8_t {
  kSimple,     // in the clear
  kTlsSimple,  // the GUI shows a certificate
  kTlsMutual,  // we show one, too
};
// OpenSnitch's TLSOptions: files in PEM.
struct UiTlsSettings {
  UiAuthentication authentication = UiAuthentication::kSimple;
  std::string ca_certificate;      // who signs the GUI's certificate
  std::string server_certificate;  // the GUI's own: it is trusted, too
  std::string client_certificate;  // ours
  std::string client_key;
  bool skip_verify = false;  // the GUI's certificate may say whatever it likes
};

// What the daemon runs with: the configuration file, overridden by the command line.
struct Settings {
  std::string config_file;  // the file that was read; empty: built-in values
  std::string rules_directory = "/etc/procwall/rules";
  std::string network_aliases;  // OpenSnitch's file of them: beside the configuration
  std::string api_address = "unix:/run/procwall/procwall.sock";
  RuleAction default_action = RuleAction::kAllow;
  // As long as opensnitchd waits for its GUI, which decides by itself what nobody answers in 30 s;
  // and as long as most programs try to connect.
  std::chrono::nanoseconds question_timeout = std::chrono::seconds(120);
  std::optional<RuleAction> unasked_action;  // nobody is there to be asked; absent: the default one
  bool ask_unknown = true;                   // about unknown programs, too
  bool tells_checksums = false;              // digests of programs, to OpenSnitch's GUI
  std::string view_group = "procwall";  // who may look; empty: root alone, as with the next two
  std::string answer_group;             // who may also answer questions
  std::string admin_group;              // who may also change rules
  Mode mode = Mode::kEnforce;
  FirewallKind firewall = FirewallKind::kAuto;
  std::uint16_t queue_number = 0;  // the first
  std::uint16_t queues = 1;        // and so many, a packet thread for each; at most 16
  bool queue_bypass = true;        // no daemon: packets pass
  bool incoming = false;           // judge what comes to programs of this host, too
  bool forwarded = false;  // judge what this host forwards, too: containers, virtual machines
  bool loopback = true;    // judge what this host sends to itself
  // OpenSnitch's; empty: none is read
  std::string system_rules = "/etc/procwall/system-fw.json";
  bool witness = true;                   // the kernel witness, where it can run
  std::uint32_t flow_mark = 0x20000000;  // the bit of conntrack's mark that is ours; 0: none
  bool inspect_tls = true;  // look for server names in the first data of TCP connections
  std::chrono::microseconds busy_poll{150};  // so long a packet thread stays awake; see BusyPoll
  FlowSettings flows{};
  std::vector<NetworkProfile> network_profiles;  // the first that fits is in force
  bool live_reload = true;
  JournalSettings journal;
  std::vector<SinkTarget> sinks;  // where events are written to, too
  std::string metrics_address;    // empty: metrics are not served
  LogLevel log_level = LogLevel::kImportant;
  std::string log_file;  // empty: stderr

  bool LooksIntoTls() const { return inspect_tls && flow_mark != 0; }
  QuestionPolicy Questions() const {
    return {question_timeout, default_action, unasked_action.value_or(default_action), ask_unknown};
  }
  // OpenSnitch's GUI: where it listens (empty: none is looked for), what it understands, what we
  // say we are (empty: what suits it), and whose it may be.
  std::string ui_socket = "unix:///tmp/osui.sock";
  UiProtocol ui_protocol = UiProtocol::kAuto;
  std::string ui_version;
  std::vector<std::string> ui_users = {"root", "@sudo", "@wheel", "@procwall"};
  UiTlsSettings ui_tls;
  ApiTlsSettings api_tls;
  // All that was read, in the order of the configuration's documentation.
  std::vector<SettingInForce> listing;
};

}  // namespace procwall
