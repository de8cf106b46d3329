// The form that asks the overview for less, by GET: its address can be kept and handed on.
#pragma once

#include "exporters/page/markup.h"
#include "exporters/page/view.h"

namespace smokeledger::exporters::page {

Markup filter_form(const Overview&);

}  // namespace smokeledger::exporters::page
