// The command line: argv to exit code.
#pragma once

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {

// `argv` as main() got it. Usage errors print to context.err and give exit_usage.
int dispatch(int argc, const char* const* argv, Context& context);

}  // namespace smokeledger::daemon::commands
