#include <sys/prctl.h>
#include <unistd.h>

#include <iostream>

#include "daemon/commands/commands.h"
#include "probes/transport/environment.h"

int main(int argc, char** argv) {
  using namespace smokeledger;
  // First: nothing may read a variable that redirects or records our traffic, and no core file may
  // hold a credential.
  probes::transport::clear_hostile_environment();
  prctl(PR_SET_DUMPABLE, 0);
  daemon::commands::Context context{
      std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, {}, 0, isatty(STDERR_FILENO) == 1};
  return daemon::commands::dispatch(argc, argv, context);
}
