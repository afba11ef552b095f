// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"
#include "ui/key_reader.h"
#include "ui/rule_proposal.h"
#include "ui/top_request.h"
#include "ui/top_rows.h"

namespace procwall {

// How long a rule made here holds: as rules say it, and for people.
struct RuleTime {
  const char* duration;
  const char* label;
};
const std::vector<RuleTime>& RuleTimes();

// What `procwall top` shows, and what keys do to it. Pure: what is known and typed goes in, what is
// to be asked of the daemon comes out.
class TopDialogue {
 public:
  enum class Mode : std::uint8_t { kList, kFilter, kDetails, kRule, kCut, kHelp };

  // How much of it the screen shows: pages are so long, and details end there.
  struct Extent {
    std::size_t page = 10;
    std::size_t last_offset = 0;
  };
  // The rule that Enter would save.
  struct Draft {
    v1::Event event{};
    std::vector<RuleProposal> proposals{};
    std::size_t proposal = 0;
    RuleAction action = RuleAction::kDeny;
    std::size_t time = 0;  // of RuleTimes()
  };
  // What is known of the row whose details are shown.
  struct Details {
    std::string row{};
    bool is_explained = false;
    v1::ExplainResponse explanation{};
    std::string why_not{};  // empty and not explained: the daemon has not answered yet
    std::size_t offset = 0;
  };

  explicit TopDialogue(TopView view) : view_(std::move(view)) {}
  TopDialogue(const TopDialogue&) = delete;  // its rows point into it
  TopDialogue& operator=(const TopDialogue&) = delete;

  // Not taken over while it is paused.
  void OnPrograms(std::vector<TopProgram> programs);
  void OnReply(const TopReply& reply);
  // What the daemon has to be asked because of that key.
  std::vector<TopRequest> OnKey(Key key, const Extent& extent);

  Mode ShownMode() const { return mode_; }
  const TopView& View() const { return view_; }
  bool IsPaused() const { return is_paused_; }
  bool IsOver() const { return is_over_; }  // the person wants to end it
  const std::vector<TopProgram>& Programs() const { return programs_; }
  const std::vector<TopRow>& Rows() const { return rows_; }
  std::size_t Selected() const { return selected_; }        // of Rows(), if there are any
  const std::string& News() const { return news_; }         // what became of the last request
  const Draft& RuleDraft() const { return draft_; }         // kRule
  Rule DraftedRule() const;                                 // kRule
  const Details& ShownDetails() const { return details_; }  // kDetails
  // What would be cut: the flows of the row, as they were when `c` was pressed. kCut.
  const std::vector<v1::FlowFilter>& ToCut() const { return to_cut_; }
  const std::string& CutText() const { return cut_text_; }

 private:
  using Requests = std::vector<TopRequest>;

  void Refresh();
  const TopRow* Row() const;
  void Move(std::ptrdiff_t by);
  void Turn(std::optional<bool> open);
  void OnListKey(Key key, const Extent& extent, Requests& requests);
  void OnListCharacter(char character);
  void OnFilterKey(Key key);
  void OnDetailsKey(Key key, const Extent& extent);
  void OnRuleKey(Key key, Requests& requests);
  void OnCutKey(Key key, Requests& requests);
  void ShowDetails(Requests& requests);
  void BeginRule(RuleAction action);
  void BeginCut();
  void SortBy(TopSort sort);

  TopView view_;
  Mode mode_ = Mode::kList;
  bool is_paused_ = false;
  bool is_over_ = false;
  std::vector<TopProgram> programs_;
  std::vector<TopRow> rows_;  // point into programs_
  std::size_t selected_ = 0;
  std::string selected_key_;
  std::string news_;
  std::string filter_before_;
  Details details_;
  Draft draft_;
  std::vector<v1::FlowFilter> to_cut_;
  std::string cut_text_;
};

}  // namespace procwall
