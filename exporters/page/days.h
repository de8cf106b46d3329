// What was decided per day, as bars.
#pragma once

#include "exporters/page/markup.h"
#include "exporters/page/view.h"

namespace smokeledger::exporters::page {

// A row for each decision, for retries and for fallbacks. A day of which not all is counted is no
// bar of height 0.
Markup days_table(const Overview&);

}  // namespace smokeledger::exporters::page
