// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/help_text.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::string_view kHelp =
    R"(procwall - see and check what the per-application firewall procwalld does

Usage: procwall [--address unix:PATH] [--color WHEN] COMMAND [OPTIONS]

New here? `procwall status` says whether a daemon runs, `procwall watch` what it
decides, `procwall explain last` how it knows; `procwall rules add` changes it.

See what happens
  watch         Every decision as it happens: what, where to, why, and how sure.
                  procwall watch --program curl --action deny
  top           Which programs use the network now, with whom, how much; deny or
                allow them from there.
                  sudo procwall top
  explain       Whose a decision or a connection is, and how that is known.
                  procwall explain last
  log           What was decided before: who talked to whom, by which rule.
                  procwall log --since yesterday --to example.org
  connections   Every socket of this host and who holds it. Needs no daemon.
                  sudo procwall connections --listening
                  sudo procwall connections --watch
  processes     What processes do as it happens: who starts which program.
                  procwall processes --program curl
  flows         Every flow: its state, what it has moved, and whose it is.
                  procwall flows --program curl
  flows cut     Cuts the live flows that fit, and nothing else.
                  sudo procwall flows cut --host example.org
  status        What the daemon runs with, has counted, and what is wrong.
                  procwall status
  doctor        What this kernel allows, what is uncertain, and what would help.
                  sudo procwall doctor

Decide
  ask           Asks you about what no rule decides, while packets wait.
                  sudo procwall ask
  notify        Tells you on your desktop what is denied, and that questions
                wait.
                  procwall notify &

Rules
  rules list    The rules in force, as they are tried, and the refused files.
                  procwall rules list
  rules check   Are these rule files right? Needs no daemon.
                  procwall rules check /etc/procwall/rules
  rules why     Which rule decides about a packet, and which others match?
                  procwall rules why --program /usr/bin/curl --to 192.0.2.1:443
  rules add     A new rule in few words; also edit, enable, disable, remove,
                import and export.
                  procwall rules add web --allow --program /bin/curl --port 443
  rules lint    Finds rules that are right, but questionable.
                  procwall rules lint
  rules test    Do the rules decide as they are expected to?
                  procwall rules test expectations.jsonc
  rules replay  Which past decisions would other rules change?
                  procwall rules replay --rules-path new-rules
  rules learn   Makes rules that allow what was let through.
                  procwall rules learn --events recorded.jsonl

About
  completion    Completion script for bash, zsh or fish.
                  source <(procwall completion bash)
  version       The version of this program.
  help COMMAND  All options of a command, as COMMAND --help does.
                  procwall help watch

For every command
  --address unix:PATH  The daemon's socket, else PROCWALL_ADDRESS, else
                       unix:/run/procwall/procwall.sock; HOST:PORT with
  --tls-ca FILE        who signs the daemon's certificate,
  --tls-cert FILE      your certificate, and
  --tls-key FILE       its key
  --color WHEN         auto (a terminal without NO_COLOR), always or never
  --json               For programs: one JSON object a line

Exit codes: 0 done; 1 it failed, or a check failed; 2 the command line is wrong.
)";

constexpr std::array kCommands = {"watch",  "top",    "explain",     "log",       "flows",
                                  "ask",    "notify", "connections", "processes", "status",
                                  "doctor", "rules",  "completion",  "version",   "help"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 26> kExamples = {{
    {"watch", R"(Examples:
  procwall watch --recent 50                  begin with the last 50 decisions
  procwall watch --program curl               "curl" somewhere in the path
  procwall watch --program /usr/bin/curl -e   exactly this one, with evidence
  procwall watch --number                     with the numbers for `explain`
  procwall watch --destination example.org    this name and all below it
  procwall watch --action deny --action reject --destination :53
  procwall watch --json | jq -r 'select(.confidence == "unknown").evidence'

VERDICT is what was done, WHY the rule that decided. Marks on a narrow terminal:
~ the program is likely, ? it is ambiguous or unknown; none: certain.
Next: `procwall explain NUMBER` tells how one of them is known, `procwall rules
why --event NUMBER` which rules match it, `procwall rules add` makes one.
)"},
    {"top", R"(Keys:
  up, down     another row; also k, j, PgUp, PgDn, Home, End
  right, left  open or shut a program; e opens or shuts all
  Enter        details: live connections, the decision, the evidence
  d, a         deny or allow it: the rule is shown before it is saved
  c            cut its live connections; asks before
  /            filter by words; Esc: no filter
  s            sort by the next; R rate, C count, D denied, N name, T time
  Space        pause;  ? all keys and columns;  q, Ctrl-C end

Examples:
  sudo procwall top
  procwall top --sort denied --filter firefox
  procwall top --once                         one screen, for a script or a mail
  procwall top --once --json | jq -r 'select(.live > 0).program'

Seeing needs the role "view", rules and cuts "administer": docs/UIS.md.
Next: `procwall explain N` for one decision, `procwall rules list` for the rules.
)"},
    {"explain", R"(Examples:
  procwall watch --number                     each line begins with its number
  procwall explain 123                        that decision
  procwall explain last                       the one made last
  procwall explain --pid 4211                 the last one on this process
  procwall explain --from 192.0.2.10:40000 --to 93.184.216.34:443
                                              a connection as it is now
  procwall explain --protocol udp --from [::1]:40000 --to [::1]:53
  procwall explain 123 --json | jq .event.evidence_details
)"},
    {"log", R"(Examples:
  procwall log --since today --program curl
  procwall log --to example.org --since 14:00 --until 15:00
  procwall log --to 10.0.0.0/8 --action deny
  procwall log --since 7d --sum destination   what was talked to, how often
  procwall log --json -n 0 | jq -r 'select(.kind == "flow-ended").sent_bytes'
  sudo procwall log --file /var/lib/procwall/journal.db    without the daemon
)"},
    {"ask", R"(Keys:
  1 2 3 4      allow: once, 15 minutes, until restart, always (Enter saves)
  5 6 7 8      deny, likewise
  s            how far the answer reaches: the host and port, the domain, ...
  up, down     another question; also k and j
  e            how the program was found
  x            the default action, at once
  q, Ctrl-C    end: questions go to the other UIs, or to the declared action

Examples:
  sudo procwall ask                           over ssh, too
  sudo procwall ask --json                    questions and answers, a line each
)"},
    {"notify", R"(Examples:
  procwall notify &                           as the user of the desktop

That user must be in the group "procwall" (ViewGroup of the configuration). The
same program and destination is told once a minute, and three in ten seconds.
Next: `procwall explain NUMBER`, as the notice says; `procwall rules list`.
)"},
    {"doctor", R"(Examples:
  sudo procwall doctor
  sudo procwall doctor > /dev/null || echo "not all is well"
  sudo procwall doctor --json | jq -r '.tiers[] | select(.cases).name'
)"},
    {"connections", R"(Examples:
  sudo procwall connections                    all sockets, all programs
  sudo procwall connections --listening --tcp  who accepts TCP connections
  procwall connections --json | jq 'select(.peer_port == 443)'
  sudo procwall connections --watch            what comes and goes, with alerts
  sudo procwall connections --watch --learn    what listens now is as it should be
  sudo procwall connections --watch --alerts --json >> /var/log/alerts.jsonl

Alerts: a listener on all addresses from /tmp, /var/tmp, /dev/shm or memory; a
program whose file was deleted or replaced; a listener that was never seen.
Next: `procwall explain --from IP:PORT --to IP:PORT` for one of them.
)"},
    {"processes", R"(Examples:
  procwall processes                          programs that begin and end
  procwall processes --event fork --event exec --event exit --event user
  procwall processes --pid 811                this process and its offspring
  procwall processes --json | jq -r 'select(.exit_code != 0).process_path'
)"},
    {"flows", R"(Examples:
  procwall flows                              most bytes first
  procwall flows --program curl --json        for programs
  procwall flows --watch --network 10.0.0.0/8 as they begin and end
  sudo procwall flows cut --program curl      shows them, asks, cuts
  sudo procwall flows cut --rule web --yes    without asking
)"},
    {"status", R"(Examples:
  procwall status
  procwall status --json | jq '.troubles[]'

Next: `procwall doctor`, when something is uncertain or was lost.
)"},
    {"list", R"(Examples:
  procwall rules list
  procwall rules list --json | jq -r 'select(.action == "allow").name'
)"},
    {"check", R"(Examples:
  procwall rules check /etc/procwall/rules
  procwall rules check new-rule.json && sudo cp new-rule.json /etc/procwall/rules/
)"},
    {"add", R"(Examples:
  procwall rules add web --allow --program /usr/bin/curl --to example.org --port 443
  procwall rules add 000-no-smtp --deny --port 25 --for 1h --dry-run
  procwall rules export web | procwall rules add - --rules-path other-rules
)"},
    {"enable", R"(Examples:
  procwall rules enable web
)"},
    {"disable", R"(Examples:
  procwall rules disable web 000-no-smtp
)"},
    {"remove", R"(Examples:
  procwall rules remove web
  procwall rules remove --yes --rules-path old-rules web
)"},
    {"edit", R"(Examples:
  EDITOR=nano procwall rules edit web
)"},
    {"import", R"(Examples:
  procwall rules import --dry-run /etc/opensnitchd/rules
  procwall rules import web.json
)"},
    {"export", R"(Examples:
  procwall rules export > rules.jsonl
  procwall rules export --to /root/backup web
)"},
    {"why", R"(Examples:
  procwall rules why --program /usr/bin/curl --user ada --to 192.0.2.1:443 --host example.org
  procwall rules why --to 192.0.2.7:22 --source 198.51.100.7 --direction incoming
  procwall rules why --to 192.0.2.1:443 --iface-out wg0 --at 22:30
  procwall rules why --event 1234
  procwall watch --json --count 1 | procwall rules why --events -
)"},
    {"lint", R"(Examples:
  procwall rules lint
  procwall rules lint --json new-rules | jq -r 'select(.kind == "too-broad").rule'
)"},
    {"test", R"(Examples:
  procwall rules test
  procwall rules test --rules-path new-rules expectations.jsonc
)"},
    {"replay", R"(Examples:
  procwall rules replay --rules-path new-rules
  procwall rules replay --rules-path new-rules --events recorded.jsonl
)"},
    {"learn", R"(Examples:
  procwall watch --json > recorded.jsonl
  procwall rules learn --events recorded.jsonl --to learned-rules
)"},
    {"completion", R"(Examples:
  source <(procwall completion bash)
  procwall completion zsh > "${fpath[1]}/_procwall"
  procwall completion fish > ~/.config/fish/completions/procwall.fish
  source <(procwall completion bash procwalld)     the daemon's flags
)"},
}};

// Levenshtein's distance.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view HelpText() { return kHelp; }

std::string_view ExamplesOf(std::string_view command) {
  for (const auto& [name, examples] : kExamples) {
    if (name == command) return examples;
  }
  return {};
}

std::string_view NearestCommand(std::string_view word) {
  constexpr std::size_t kClose = 2;
  // A stranger's long word is not close to anything, and not worth the table.
  if (word.size() > 32) return {};
  std::string_view nearest;
  std::size_t smallest = kClose + 1;
  for (const std::string_view command : kCommands) {
    const std::size_t distance = Distance(word, command);
    if (distance < smallest && distance < command.size()) {
      smallest = distance;
      nearest = command;
    }
  }
  return nearest;
}

std::string NoSuchCommandText(std::string_view word) {
  const std::string_view nearest = NearestCommand(word);
  const std::string guess = nearest.empty() ? "" : fmt::format(" Did you mean '{}'?", nearest);
  return fmt::format("procwall: there is no command '{}'.{}\nSee `procwall --help`.\n",
                     TerminalSafe(word), guess);
}

}  // namespace procwall
