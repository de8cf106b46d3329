#include "exporters/web/mailbox.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace smokeledger::exporters::web {

void Mailbox::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (io_ != nullptr) boost::asio::post(*io_, std::move(work));
}

void Mailbox::shut() {
  const std::lock_guard lock(mutex_);
  io_ = nullptr;
}

}  // namespace smokeledger::exporters::web
