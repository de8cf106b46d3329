// Views with every member set, for tests of the pages.
#pragma once

#include <functional>
#include <string>

#include "exporters/page/view.h"

namespace smokeledger::tests {

namespace page = exporters::page;

// Called for each text that a ledger line, a configuration or a visitor can put into a page; may
// change it.
using Change = std::function<void(std::string&)>;

page::Overview sample_overview(const Change& = {});
page::LineView outcome_page(const Change& = {});
page::LineView attempt_page(const Change& = {});
page::LineView packet_page(const Change& = {});
page::LineView plain_page(const Change& = {});
page::Refusal sample_refusal(const Change& = {});

}  // namespace smokeledger::tests
