// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/alternative.h"

namespace procwall {

const char* AlternativeReasonName(AlternativeReason reason) {
  switch (reason) {
    case AlternativeReason::kEqual:
      return "equal";
    case AlternativeReason::kOtherUid:
      return "other-uid";
    case AlternativeReason::kOtherConnection:
      return "other-connection";
    case AlternativeReason::kFitsLess:
      return "fits-less";
    case AlternativeReason::kNoFile:
      return "no-file";
    case AlternativeReason::kNothingUnderWay:
      return "nothing-under-way";
    case AlternativeReason::kSentBefore:
      return "sent-before";
  }
  return "equal";
}

const char* AlternativeReasonSentence(AlternativeReason reason) {
  switch (reason) {
    case AlternativeReason::kEqual:
      return "it fits just as well and shares the suspicion";
    case AlternativeReason::kOtherUid:
      return "rejected, because it belongs to another user than the packet";
    case AlternativeReason::kOtherConnection:
      return "rejected, because it has another connection";
    case AlternativeReason::kFitsLess:
      return "rejected, because it fits the packet less well";
    case AlternativeReason::kNoFile:
      return "rejected, because it has no file, so that no process can hold it";
    case AlternativeReason::kNothingUnderWay:
      return "rejected, because nothing that it sent is under way, and the packet is";
    case AlternativeReason::kSentBefore:
      return "it sent the same flow moments before, and the packet may be one of its own";
  }
  return "it came into question";
}

}  // namespace procwall
