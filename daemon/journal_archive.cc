// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_archive.h"

#include <utility>

#include "base/printable.h"
#include "record/journal_query.h"
#include "record/journal_reader.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

using RefusalKind = JournalRefusal::Kind;

tl::unexpected<JournalRefusal> Refuse(RefusalKind kind, std::string what) {
  return tl::unexpected(JournalRefusal{kind, std::move(what)});
}

}  // namespace

tl::expected<std::unique_ptr<JournalArchive>, std::string> JournalArchive::Start(
    State state, const Clock& clock) {
  auto asked = Wakeup::Create();
  if (!asked) return tl::unexpected(asked.error().ToString());
  return std::unique_ptr<JournalArchive>(
      new JournalArchive(std::move(state), clock, *std::move(asked)));
}

JournalArchive::JournalArchive(State state, const Clock& clock, Wakeup asked)
    : state_(std::move(state)),
      clock_(clock),
      worker_("archive", kMaxQuestions, std::move(asked),
              [this](const std::deque<JournalQuestion>& questions) {
                for (const JournalQuestion& question : questions) {
                  question.answer(Answer(question));
                }
              }) {}

void JournalArchive::Read(JournalQuestion question) {
  // What makes no sense need not wait.
  if (const auto query = QueryOf(question.request); !query) {
    return question.answer(Refuse(RefusalKind::kInvalid, query.error()));
  }
  if (worker_.TryAsk(std::move(question))) return;
  // A full queue leaves the question as it was.
  question.answer(
      Refuse(RefusalKind::kOverloaded, "too many questions to the journal at once: try again"));
}

JournalAnswer JournalArchive::Answer(const JournalQuestion& question) const {
  if (!question.is_wanted()) return Refuse(RefusalKind::kFailed, "nobody waits for it");
  const v1::Journal state = state_();
  if (state.path().empty())
    return Refuse(RefusalKind::kNoJournal, "no journal is kept: " + state.why_not());
  auto reader = JournalReader::Open(Unprintable(state.path()));
  if (!reader) {
    return Refuse(RefusalKind::kFailed, "the journal: " + Printable(reader.error().what));
  }
  const BootTime deadline = clock_.Now() + kPatience;
  auto read = reader->Read(question.request,
                           [&] { return clock_.Now() >= deadline || !question.is_wanted(); });
  if (read) return *std::move(read);
  if (read.error().kind == SqlError::Kind::kStopped) {
    return Refuse(RefusalKind::kTooSlow,
                  "the journal takes too long to look through: ask for a shorter time, a program "
                  "or a destination");
  }
  return Refuse(RefusalKind::kFailed, "the journal: " + Printable(read.error().what));
}

}  // namespace procwall
