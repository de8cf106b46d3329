#include "exporters/packets/packet_files.h"

#include <utility>

#include "exporters/ledger/slice.h"
#include "exporters/packets/compose.h"

namespace smokeledger::exporters::packets {

ledger::Result<PacketFiles> packet_files(const std::filesystem::path& dir,
                                         std::string_view packet_id,
                                         const Circumstances& ours) {
  const auto evidence = gather(dir, packet_id, ours);
  if (!evidence) return evidence.error();
  const Packet packet = compose(*evidence);
  PacketFiles files{packet_json(packet), packet_markdown(packet), {}, {}};
  if (!packet.slice) return files;
  const ledger::Slice slice{packet.slice->first_seq, packet.slice->last_seq};
  const auto read =
      ledger::read_slice(dir, slice, [&](std::string_view bytes) { files.slice += bytes; });
  if (!read) return read.error();
  files.slice_name = packet.slice->file;
  return files;
}

}  // namespace smokeledger::exporters::packets
