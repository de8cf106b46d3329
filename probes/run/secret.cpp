#include <string.h>

#include "probes/run/seams.h"

namespace smokeledger::probes::run {

Secret::~Secret() {
  explicit_bzero(value_.data(), value_.size());
}

}  // namespace smokeledger::probes::run
