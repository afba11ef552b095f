// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_asker.h"

#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;

class AskerTest : public testing::Test {
 protected:
  void DoWhatWaits() {
    for (const auto& wish : mailbox_->TakeAll()) wish();
  }

  std::vector<QuestionId> asked_;
  std::vector<QuestionId> settled_;
  std::shared_ptr<LinkMailbox> mailbox_ =
      std::make_shared<LinkMailbox>(std::make_shared<const Wakeup>(Wakeup::Create().value()));
  OpensnitchAsker asker_{mailbox_,
                         {.ask = [this](const QuestionPtr& q) { asked_.push_back(q->id); },
                          .settled = [this](QuestionId id) { settled_.push_back(id); }}};
};

TEST_F(AskerTest, HandsEverythingToTheThreadOfTheLink) {
  asker_.Ask(std::make_shared<const Question>(Question{.id = 5}));
  asker_.Settled(5, {});
  EXPECT_TRUE(asked_.empty());
  DoWhatWaits();
  EXPECT_THAT(asked_, ElementsAre(5));
  EXPECT_THAT(settled_, ElementsAre(5));
}

TEST_F(AskerTest, DoesNotGrowWhenNobodyTakesItsQuestions) {
  const auto question = std::make_shared<const Question>(Question{.id = 1});
  for (std::size_t i = 0; i < LinkMailbox::kMostWaiting + 10; ++i) asker_.Ask(question);
  EXPECT_EQ(mailbox_->TakeAll().size(), LinkMailbox::kMostWaiting);
}

}  // namespace
}  // namespace procwall
