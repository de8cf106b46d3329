// What can go wrong with a stream in particular. Each is played for a streamed request only.
#pragma once

#include "probes/stub/fault.h"
#include "probes/stub/streams.h"

namespace smokeledger::probes::stub {

// A whole stream, documented in its shape, with further header lines.
Act whole_stream(const Scene&, Shape, std::vector<std::string> headers = {});

// A whole stream in which the data of one event ends in the middle.
Act stream_with_cut_json(const Scene&);

// Complete events without the one that ends the stream; the transfer ends in order.
Act stream_truncated(const Scene&);
// The first half of the events and a part of the next.
Act stream_cut_mid_event(const Scene&);
// The first half of the events, and then: a TCP RST, an error event, silence.
Act stream_reset(const Scene&);
Act stream_error(const Scene&);
Act stream_stalls(const Scene&);
// Every event, but the transfer never ends.
Act stream_held_open(const Scene&);
Act stream_data_after_end(const Scene&);
Act stream_comments(const Scene&);
Act stream_unknown_events(const Scene&);
Act stream_two_starts(const Scene&);

}  // namespace smokeledger::probes::stub
