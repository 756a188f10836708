#include "app/train.h"

#include "app/interrupt.h"
#include "app/pattern-export.h"
#include "app/report.h"
#include "data/file.h"

#include <stdio.h>

static void tell_of_disk(void *data, const char *sentence) {
  fprintf(stderr, "hoarfrost: %s\n", sentence);
}

static bool write_png(const Session *session, const RecordedRun *recorded, const RunResult *result,
                      const char *path, GError **error) {
  g_autoptr(Tensor) pattern = program_pattern(run_program(recorded_run_run(recorded)), error);
  g_autoptr(GBytes) png =
      pattern ? pattern_export_png(session->spec, pattern, result->steps, result, error) : NULL;
  return png && file_replace(path, g_bytes_get_data(png, NULL), g_bytes_get_size(png), error);
}

bool train(const Session *session, RunStore *store, const TrainOptions *options, GError **error) {
  StopFlag *stop = interrupt_flag();
  g_autoptr(Report) report =
      report_new(options->json ? &report_json : &report_text, session, run_store_path(store), stop);
  RecordedOptions recorded_options = {.session = session,
                                      .store = store,
                                      .resume = options->resume,
                                      .observer = report_observer(report),
                                      .told = tell_of_disk,
                                      .stop = stop};
  g_autoptr(RecordedRun) recorded = recorded_run_new(&recorded_options, error);
  if (!recorded)
    return false;
  report->id = g_strdup(recorded_run_id(recorded));
  report->total_steps = run_total_steps(recorded_run_run(recorded));
  report->kind->start(report, recorded);
  if (options->seconds > 0)
    interrupt_after(options->seconds);
  RunProgress progress = RUN_GOES_ON;
  g_autoptr(GError) why = NULL;
  while (progress == RUN_GOES_ON)
    progress = recorded_run_step(recorded, &why);
  g_autoptr(GError) lost = NULL;
  const RunResult *result = recorded_run_finish(recorded, progress, why, &lost);
  if (why || lost) {
    g_propagate_error(error, why ? g_steal_pointer(&why) : g_steal_pointer(&lost));
    return false;
  }
  report->kind->result(report, result, progress);
  return !options->png || write_png(session, recorded, result, options->png, error);
}
