// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_asker.h"

namespace procwall {

void OpensnitchAsker::Ask(const QuestionPtr& question) {
  mailbox_->Post([ask = reactions_.ask, question] { ask(question); });
}

void OpensnitchAsker::Settled(QuestionId id, const Settlement& /*settlement*/) {
  mailbox_->Post([settled = reactions_.settled, id] { settled(id); });
}

}  // namespace procwall
