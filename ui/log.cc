// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "record/journal_query.h"
#include "record/journal_reader.h"
#include "rules/accounts.h"
#include "ui/log_line.h"
#include "ui/log_sum.h"
#include "ui/moment.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

using Page = tl::expected<v1::ReadJournalResponse, DaemonError>;
using ReadPage = std::function<Page(const v1::ReadJournalRequest&)>;
using Request = tl::expected<v1::ReadJournalRequest, std::string>;

std::optional<std::uint32_t> UserNamed(const std::string& user) {
  std::uint32_t uid = 0;
  const char* const end = user.data() + user.size();
  const auto parsed = std::from_chars(user.data(), end, uid);
  if (parsed.ec == std::errc() && parsed.ptr == end) return uid;
  return SystemAccounts().FindUser(user);
}

Request RequestOf(const LogOptions& options, std::chrono::sys_seconds now) {
  v1::ReadJournalRequest request;
  request.set_program(options.program);
  request.set_destination(options.destination);
  request.set_rule(options.rule);
  request.set_action(options.action);
  request.set_port(options.port);
  if (!options.since.empty()) {
    const auto since = ParseMoment(options.since, now);
    if (!since) return tl::unexpected("--since: " + since.error());
    request.mutable_since()->set_seconds(since->time_since_epoch().count());
  }
  if (!options.until.empty()) {
    const auto until = ParseMoment(options.until, now);
    if (!until) return tl::unexpected("--until: " + until.error());
    request.mutable_until()->set_seconds(until->time_since_epoch().count());
  }
  if (request.has_since() && request.has_until() &&
      request.since().seconds() >= request.until().seconds()) {
    return tl::unexpected<std::string>("--since is not before --until: nothing lies between them");
  }
  if (!options.user.empty()) {
    const auto uid = UserNamed(options.user);
    if (!uid) return tl::unexpected("--user: there is no user " + options.user);
    request.set_uid(*uid);
  }
  // Said here already, so that a mistake is one whether or not a daemon runs.
  if (const auto query = QueryOf(request); !query) return tl::unexpected(query.error());
  return request;
}

// The newest `most` entries that fit, newest first.
std::optional<DaemonError> ReadAll(v1::ReadJournalRequest request, std::uint64_t most,
                                   const ReadPage& read,
                                   const std::function<bool(const v1::JournalEntry&)>& take,
                                   bool& is_cut) {
  is_cut = false;
  for (std::uint64_t left = most; left > 0;) {
    request.set_page_size(
        static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kMostJournalEntries)));
    const Page page = read(request);
    if (!page) return page.error();
    for (const v1::JournalEntry& entry : page->entries()) {
      if (!take(entry)) return {};
    }
    left -= std::min(left, static_cast<std::uint64_t>(page->entries_size()));
    if (page->next_page_token().empty()) return {};
    request.set_page_token(page->next_page_token());
  }
  is_cut = true;
  return {};
}

ReadPage FromFile(const std::string& path, std::optional<JournalReader>& reader) {
  return [&reader, path](const v1::ReadJournalRequest& request) -> Page {
    if (!reader) {
      auto opened = JournalReader::Open(path);
      if (!opened) {
        return tl::unexpected(
            DaemonError{fmt::format("{}: {}", path, opened.error().what),
                        "The journal is usually /var/lib/procwall/journal.db, and "
                        "root alone may read it."});
      }
      reader.emplace(*std::move(opened));
    }
    auto page = reader->Read(request);
    if (!page)
      return tl::unexpected(DaemonError{fmt::format("{}: {}", path, page.error().what), ""});
    return *std::move(page);
  };
}

// Shows entries, which come newest first, in the order that was asked for.
class LogPrinter {
 public:
  LogPrinter(const LogOptions& options, const Console& console)
      : options_(options), console_(console), lines_(console.terminal) {}

  bool Take(const v1::JournalEntry& entry) {
    const auto& time = entry.has_ended() ? entry.ended().time() : entry.event().time();
    std::string line = options_.form == OutputForm::kJson ? LogJson(entry) + "\n"
                                                          : lines_.Render(entry, UtcOffsetAt(time));
    ++count_;
    if (options_.order == LogOptions::Order::kNewestLast) {
      waiting_.push_back(std::move(line));
      return true;
    }
    if (count_ == 1) PrintTitles();
    console_.out << line;
    return static_cast<bool>(console_.out);
  }

  void End() {
    if (!waiting_.empty()) PrintTitles();
    for (auto line = waiting_.rbegin(); line != waiting_.rend() && console_.out; ++line) {
      console_.out << *line;
    }
    console_.out.flush();
  }
  std::uint64_t Count() const { return count_; }

 private:
  void PrintTitles() const {
    if (options_.form == OutputForm::kText && console_.terminal.is_tty) {
      console_.out << lines_.Titles();
    }
  }

  const LogOptions& options_;
  const Console& console_;
  const LogLines lines_;
  std::vector<std::string> waiting_;
  std::uint64_t count_ = 0;
};

}  // namespace

ExitCode RunLog(const LogOptions& options, DaemonClient& client, const Console& console,
                std::chrono::sys_seconds now) {
  const Request request = RequestOf(options, now);
  if (!request) {
    console.err << "procwall: " << TerminalSafe(request.error())
                << "\nSee `procwall log --help`.\n";
    return kUsage;
  }
  std::optional<JournalReader> reader;
  const ReadPage read = !options.file.empty() ? FromFile(options.file, reader)
                                              : [&client](const v1::ReadJournalRequest& page) {
                                                  return client.ReadJournal(page);
                                                };
  const bool sums = options.sum != LogOptions::Sum::kNone;
  std::uint64_t most = options.count.value_or(sums ? 0 : kUsualLogLines);
  if (most == 0) most = std::numeric_limits<std::uint64_t>::max();
  LogPrinter printer(options, console);
  LogSum sum(options.sum);
  std::uint64_t count = 0;
  bool is_cut = false;
  const auto take = [&](const v1::JournalEntry& entry) {
    ++count;
    if (!sums) return printer.Take(entry);
    sum.Add(entry);
    return true;
  };
  const auto error = ReadAll(*request, most, read, take, is_cut);
  if (error) {
    PrintDaemonError(*error, console.err);
    return kFailed;
  }
  printer.End();
  if (sums && count > 0) {
    console.out << (options.form == OutputForm::kJson ? sum.JsonLines()
                                                      : sum.Text(console.terminal));
  }
  if (count == 0) console.err << "procwall: the journal has nothing that fits\n";
  if (is_cut && !options.count) {
    console.err << fmt::format("procwall: these are the newest {}; -n 0 shows all\n", most);
  }
  return console.out ? kSuccess : kFailed;
}

}  // namespace procwall
