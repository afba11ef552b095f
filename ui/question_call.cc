// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/question_call.h"

#include <utility>

namespace procwall {

QuestionCall::QuestionCall(v1::Procwall::Stub& stub, const std::string& name, const Wakeup& heard)
    : heard_(heard), stream_(stub.Questions(&context_)) {
  v1::QuestionsRequest hello;
  hello.mutable_hello()->set_name(name);
  stream_->Write(hello);
  reader_ = std::thread([this] { Read(); });
}

QuestionCall::~QuestionCall() {
  context_.TryCancel();
  reader_.join();
}

QuestionCall::Heard QuestionCall::TakeAll() {
  Heard heard;
  const auto news = news_.Lock();
  heard.responses.swap(news->responses);
  heard.ended = news->ended;
  return heard;
}

void QuestionCall::Read() {
  v1::QuestionsResponse response;
  while (stream_->Read(&response)) {
    news_.Lock()->responses.push_back(std::move(response));
    heard_.Wake();
  }
  grpc::Status status = stream_->Finish();
  news_.Lock()->ended = std::move(status);
  heard_.Wake();
}

}  // namespace procwall
