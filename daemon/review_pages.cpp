#include "daemon/review_pages.h"

#include <atomic>
#include <utility>

#include "exporters/page/compose.h"
#include "exporters/page/pages.h"

namespace smokeledger::daemon {
namespace {

using exporters::metrics::Metrics;
using exporters::page::Pages;
using exporters::web::Reply;
using exporters::web::WebRequest;
using exporters::web::WebResponse;
using exporters::web::WebRoute;

// How long one page may look for lines, and how many may wait for it: a scrape waits behind them.
constexpr core::Milliseconds search_at_most{500};
constexpr int pages_at_once = 4;

constexpr std::string_view line_folder = "/line/";

}  // namespace

struct ReviewPages::Shared {
  Shared(Pages::Setup setup, core::Stamp (*clock)()) : pages(std::move(setup)), now(clock) {}

  Pages pages;  // on the projections thread alone
  core::Stamp (*now)();
  std::atomic<bool> ended = false;
  std::atomic<int> waiting = 0;

  using Page = Pages::Answer (Pages::*)(const Pages::Asked&) const;
  void answer(Page page, const std::string& what, const Reply& reply) {
    const core::Stamp began = now();
    const auto out_of_time = [this, until = began.boot + search_at_most] {
      return ended || now().boot > until;
    };
    auto made = (pages.*page)({what, began.wall, out_of_time});
    --waiting;
    reply({made.status, std::string(exporters::page::content_type), std::move(made.html)});
  }

  // One stretch, then whatever has come meanwhile, then the next one.
  static void read_back(Projections& projections, const std::shared_ptr<Shared>& shared) {
    projections.post([&projections, shared](Metrics&) {
      if (shared->ended || !shared->pages.read_back(shared->now().wall)) return;
      read_back(projections, shared);
    });
  }
};

ReviewPages::ReviewPages(const Parts& parts)
    : projections_(parts.projections),
      shared_(std::make_shared<Shared>(Pages::Setup{parts.ledger_dir,
                                                    parts.ledger_name,
                                                    parts.build,
                                                    parts.newest_seq,
                                                    parts.waiting,
                                                    parts.packets},
                                       parts.now)) {}

ReviewPages::~ReviewPages() {
  shared_->ended = true;
}

void ReviewPages::use(const config::Config& config, const core::ContractReviews& reviews) {
  projections_.post([shared = shared_,
                     configured = Pages::Configured{config.environment, config.probes, reviews}](
                        Metrics&) { shared->pages.use(configured); });
}

void ReviewPages::set_next_due(const std::string& probe, std::optional<core::WallTime> due) {
  projections_.post(
      [shared = shared_, probe, due](Metrics&) { shared->pages.set_next_due(probe, due); });
}

void ReviewPages::observe(const Records& records) {
  projections_.post([shared = shared_, records](Metrics&) {
    for (const auto& record : records) shared->pages.observe(record);
  });
}

void ReviewPages::read_back() {
  Shared::read_back(projections_, shared_);
}

std::vector<WebRoute> ReviewPages::routes() {
  const auto serve = [&projections = projections_, shared = shared_](
                         Shared::Page page, std::string what, Reply reply) {
    if (shared->waiting >= pages_at_once) {
      return reply({503, "text/plain; charset=utf-8", "Other pages are being made; try again.\n"});
    }
    ++shared->waiting;
    projections.post([shared, page, what = std::move(what), reply = std::move(reply)](Metrics&) {
      shared->answer(page, what, reply);
    });
  };
  return {{"GET",
           "/",
           [serve](const WebRequest& request, Reply reply) {
             serve(&Pages::overview, request.query, std::move(reply));
           }},
          {"GET",
           "/line/*",
           [serve](const WebRequest& request, Reply reply) {
             serve(&Pages::line, request.path.substr(line_folder.size()), std::move(reply));
           }},
          {"GET", "/page.css", [](const WebRequest&, const Reply& reply) {
             reply({200,
                    std::string(exporters::page::style_content_type),
                    std::string(exporters::page::style())});
           }}};
}

}  // namespace smokeledger::daemon
