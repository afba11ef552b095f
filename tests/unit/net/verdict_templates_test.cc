// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/verdict_templates.h"

#include <gtest/gtest.h>

#include "tests/support/queue_message.h"

namespace procwall {
namespace {

constexpr std::array kAll = {Verdict::kAccept, Verdict::kDrop, Verdict::kAcceptAndMark,
                             Verdict::kAcceptAndUnmark};
static_assert(kAll.size() == kVerdicts);

TEST(VerdictTemplates, AreWhatIsBuiltForEachPacket) {
  for (const FlowMark mark : {0U, 0x20000000U}) {
    const QueueOptions queue{.number = 3, .flow_mark = mark};
    const VerdictTemplates templates(queue);
    for (const Verdict verdict : kAll) {
      for (const std::uint32_t id : {0U, 7U, 0x80000001U}) {
        ByteVector messages;
        templates.Append(id, verdict, messages);
        EXPECT_EQ(messages, EncodeVerdict(queue, id, verdict));
      }
    }
  }
}

TEST(VerdictTemplates, AreAppended) {
  const QueueOptions queue{.number = 3, .flow_mark = 0x20000000};
  const VerdictTemplates templates(queue);
  ByteVector messages;
  templates.Append(1, Verdict::kAcceptAndMark, messages);
  templates.Append(2, Verdict::kDrop, messages);
  EXPECT_EQ(messages, Join({EncodeVerdict(queue, 1, Verdict::kAcceptAndMark),
                            EncodeVerdict(queue, 2, Verdict::kDrop)}));
}

}  // namespace
}  // namespace procwall
