// One change of an otherwise right ledger, whose lines are then encoded and chained anew, and what
// replay finds.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/exporters/ledger/replay_scene.h"

namespace smokeledger::tests {

struct Edit {
  const char* name;
  void (*make)(Scene&);
  const char* field;  // that replay names
};

inline std::string edit_name(const testing::TestParamInfo<Edit>& info) {
  return info.param.name;
}

class EditedLedger : public testing::TestWithParam<Edit> {};

}  // namespace smokeledger::tests
