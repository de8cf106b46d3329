#include "daemon/commands/ledger_export.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "daemon/commands/ledger_query.h"
#include "exporters/ledger/slice.h"

namespace smokeledger::daemon::commands {
namespace {

namespace ledger = exporters::ledger;

struct ExportFlags {
  std::string dir;
  std::string from;
  std::string to;
  std::string file;
};

int write(const ExportFlags& flags,
          const ledger::Slice& slice,
          std::ostream& out,
          Context& context) {
  const auto read =
      ledger::read_slice(flags.dir, slice, [&](std::string_view bytes) { out << bytes; });
  if (!read) return report(read.error(), context);
  if (out.flush()) return exit_ok;
  context.err << "smokeledger: the slice could not be written\n";
  return exit_unreadable;
}

// Half a slice is none: what could not be written whole is removed.
int write_file(const ExportFlags& flags, const ledger::Slice& slice, Context& context) {
  std::ofstream out(flags.file, std::ios::binary | std::ios::trunc);
  if (!out) {
    context.err << "smokeledger: cannot write " << flags.file << '\n';
    return exit_unreadable;
  }
  const int exit_code = write(flags, slice, out, context);
  out.close();
  std::error_code ignored;
  if (exit_code != exit_ok) std::filesystem::remove(flags.file, ignored);
  return exit_code;
}

int export_slice(const ExportFlags& flags, Context& context) {
  const std::string& to = flags.to.empty() ? flags.from : flags.to;
  const auto slice = ledger::find_slice(flags.dir, flags.from, to);
  if (!slice) return report(slice.error(), context);
  if (!*slice) {
    context.err
        << "smokeledger: no checkpoint stands behind " << to
        << " yet, so nothing would prove the slice. A running service writes one every hour, "
           "after 256 lines, and when it is stopped or started; `smokeledger once` writes "
           "one, too\n";
    return exit_failed;
  }
  return flags.file.empty() ? write(flags, **slice, context.out, context)
                            : write_file(flags, **slice, context);
}

}  // namespace

void add_ledger_export(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "export", "Print the lines from one to the next signed checkpoint, as they stand");
  auto flags = std::make_shared<ExportFlags>();
  command->add_option("--ledger", flags->dir, "ledger directory")->required();
  command->add_option("--from", flags->from, "ledger_id of the first line")->required();
  command->add_option(
      "--to", flags->to, "ledger_id of the last line that matters; none: the first");
  command->add_option("--file", flags->file, "write here instead; half a slice is removed");
  command->callback([flags, &context] { context.exit_code = export_slice(*flags, context); });
}

}  // namespace smokeledger::daemon::commands
