// Runs an older check once more, by the policy that its outcome cites: `once --like`. io thread
// only; the ledger is read on the projections thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/projections.h"
#include "daemon/service.h"

namespace smokeledger::daemon {

struct Repeated {
  std::string then;  // the older outcome's line, without the newline; empty: it was not found
  ManualResult now;
};

class Repeater {
 public:
  using Done = std::function<void(Repeated)>;

  struct Parts {
    Projections& projections;
    Post post;
    Service& service;
    std::filesystem::path ledger_dir;
  };
  explicit Repeater(Parts parts) : parts_(std::move(parts)) {}

  // What the configuration has from now on.
  void use(const config::Config&);

  // Where it cannot be repeated, `now` says why: there is no such outcome, its policy cannot be
  // read, or the configuration differs in what that policy asks for.
  void repeat(const std::string& ledger_id, std::optional<std::uint32_t> caller_uid, Done);

 private:
  struct Found;
  void go_on(const Found&, std::optional<std::uint32_t> caller_uid, const Done&);

  Parts parts_;
  std::string ledger_name_;  // as configured
  std::vector<std::shared_ptr<const core::ProbePlan>> probes_;
  std::vector<std::shared_ptr<const core::Provider>> providers_;
  std::vector<std::shared_ptr<const core::Route>> routes_;
  config::Contracts contracts_;
};

}  // namespace smokeledger::daemon
