// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/log.h"

#include <memory>

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

namespace procwall {
namespace {

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
    case LogLevel::kImportant:  // opensnitchd's level between info and warning
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

tl::expected<void, std::string> StartLog(LogLevel level, const std::string& file) {
  try {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    auto logger = std::make_shared<spdlog::logger>("procwalld", std::move(sink));
    logger->set_level(LevelOf(level));
    logger->set_pattern("[%Y-%m-%d %H:%M:%S.%e] %l %v");
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
  } catch (const spdlog::spdlog_ex& error) {
    return tl::unexpected(fmt::format("cannot log to {}: {}", file, error.what()));
  }
  return {};
}

void SetLogLevel(LogLevel level) { spdlog::set_level(LevelOf(level)); }

void NotifyReady() { ::sd_notify(0, "READY=1"); }

void NotifyStopping() { ::sd_notify(0, "STOPPING=1"); }

}  // namespace procwall
