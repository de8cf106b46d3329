#include "daemon/checkpoints.h"

#include <utility>

#include "exporters/ledger/checkpoint_key.h"

namespace smokeledger::daemon {

Checkpoints::~Checkpoints() {
  cancel();
}

void Checkpoints::start(std::function<void()> done) {
  wait();
  journal_.checkpoint([done = std::move(done)](const Records* records) {
    if (records != nullptr) done();
  });
}

void Checkpoints::wait() {
  timer_ = clock_.at(clock_.now() + checkpoint_interval, [this] {
    wait();
    journal_.checkpoint([](const Records*) {});
  });
}

void Checkpoints::stop(std::function<void()> done) {
  cancel();
  journal_.checkpoint([done = std::move(done)](const Records*) { done(); });
}

void Checkpoints::cancel() {
  if (timer_) clock_.cancel(*timer_);
  timer_.reset();
}

std::function<exporters::ledger::Result<exporters::ledger::SignerKey>()> checkpoint_key_opener(
    const config::LedgerConfig& config, const std::string& credentials_directory) {
  namespace ledger = exporters::ledger;
  if (!config.checkpoint_key_file.empty()) {
    return [path = config.checkpoint_key_file, name = config.name] {
      return ledger::read_checkpoint_key(path, name);
    };
  }
  if (config.checkpoint_key_credential.empty()) {
    return [dir = config.dir, name = config.name] { return ledger::own_checkpoint_key(dir, name); };
  }
  if (credentials_directory.empty()) return {};
  return [path = credentials_directory + '/' + config.checkpoint_key_credential,
          name = config.name] { return ledger::read_checkpoint_key(path, name); };
}

std::string no_checkpoint_key(const config::LedgerConfig& config) {
  const std::string& name = config.checkpoint_key_credential;
  return "ledger.checkpoint_key_credential is the systemd credential " + name +
         ", and this process was given none: start it by systemd with LoadCredential=" + name +
         ":PATH, or name a checkpoint_key_file";
}

void log_checkpoints(Log& log, const Records& records) {
  for (const auto& record : records) {
    const auto* checkpoint = std::get_if<core::CheckpointLine>(&record.line());
    if (checkpoint != nullptr) log.info("checkpoint", {{"note", checkpoint->note}});
  }
}

}  // namespace smokeledger::daemon
