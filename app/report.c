#include "app/report.h"

#include "app/output.h"

#include <math.h>

Report *report_new(const ReportKind *kind, const Session *session, const char *store_path, StopFlag *stop) {
  Report *self = g_new0(Report, 1);
  self->kind = kind;
  self->session = session;
  self->store_path = store_path;
  self->stop = stop;
  self->begun = g_get_monotonic_time();
  self->first_step = -1;
  self->validation_accuracy = NAN;
  return self;
}

void report_free(Report *self) {
  g_free(self->id);
  g_free(self->top);
  g_free(self);
}

RunObserver report_observer(Report *self) {
  RunObserver observer = self->kind->observer;
  observer.data = self;
  return observer;
}

void report_flush(Report *self) {
  if (!output_flush())
    atomic_store_explicit(self->stop, 1, memory_order_relaxed);
}
