// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/question.h"
#include "daemon/question_desk.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Questions, and what became of them, as our API tells them. Texts that strangers control are made
// printable.
v1::Question ToMessage(const Question& question);
v1::QuestionSettled ToMessage(QuestionId id, const Settlement& settlement);
v1::AnswerReceipt ToMessage(QuestionId id, const AnswerReceipt& receipt);

}  // namespace procwall
