#include "app/predictions.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

/* The columns before the classes, as values. */
typedef struct {
  const char *prediction, *second, *plain; /* NULL: none */
  double confidence, second_confidence, plain_confidence;
} Reading;

static const char *pick(const HfAnswer *answer, const float *probabilities, int rank, double *confidence) {
  int class = probabilities ? hf_answer_class(answer, probabilities, rank) : -1;
  *confidence = class < 0 ? NAN : (double)probabilities[class];
  return class < 0 ? NULL : answer->names->target[class];
}

static Reading read_answer(const HfAnswer *answer) {
  Reading reading;
  reading.prediction = pick(answer, answer->on, 0, &reading.confidence);
  reading.second = pick(answer, answer->on, 1, &reading.second_confidence);
  reading.plain = pick(answer, answer->off, 0, &reading.plain_confidence);
  return reading;
}

static void add_text(GString *csv, const char *text) {
  g_autofree char *line = text_one_line(text ? text : "");
  bool quoted = strpbrk(line, ",\"") || *line == ' ' || g_str_has_suffix(line, " ");
  if (quoted)
    g_string_append_c(csv, '"');
  for (const char *c = line; *c; c++) {
    if (*c == '"')
      g_string_append_c(csv, '"');
    g_string_append_c(csv, *c);
  }
  if (quoted)
    g_string_append_c(csv, '"');
}

/* Nine digits give a float32 back bit for bit. */
static void add_number(GString *csv, double number) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_c(csv, ',');
  if (isfinite(number))
    g_string_append(csv, g_ascii_formatd(text, sizeof text, "%.9g", number));
}

static void add_text_column(GString *csv, const char *text) {
  g_string_append_c(csv, ',');
  add_text(csv, text);
}

GString *predictions_csv(HfAnswer *const *answers, guint n, const HfNames *names) {
  GString *csv = g_string_new("file,prediction,confidence,second,second_confidence,"
                              "plain_prediction,plain_confidence,error");
  int n_target = names ? names->n_target : 0;
  for (int i = 0; i < n_target; i++) {
    g_autofree char *name = g_strdup_printf("p(%s)", names->target[i]);
    add_text_column(csv, name);
  }
  g_string_append_c(csv, '\n');
  for (guint k = 0; k < n; k++) {
    const HfAnswer *answer = answers[k];
    Reading reading = read_answer(answer);
    add_text(csv, answer->name);
    add_text_column(csv, reading.prediction);
    add_number(csv, reading.confidence);
    add_text_column(csv, reading.second);
    add_number(csv, reading.second_confidence);
    add_text_column(csv, reading.plain);
    add_number(csv, reading.plain_confidence);
    add_text_column(csv, answer->error);
    for (int i = 0; i < n_target; i++)
      add_number(csv, answer->on ? (double)answer->on[i] : NAN);
    g_string_append_c(csv, '\n');
  }
  return csv;
}

void predictions_print_json(const HfAnswer *answer) {
  Reading reading = read_answer(answer);
  JsonLine *json = json_line_new();
  json_text(json, "file", answer->name);
  json_text(json, "prediction", reading.prediction);
  json_number(json, "confidence", reading.confidence);
  json_text(json, "second", reading.second);
  json_number(json, "second_confidence", reading.second_confidence);
  json_text(json, "plain_prediction", reading.plain);
  json_number(json, "plain_confidence", reading.plain_confidence);
  json_text(json, "error", answer->error);
  json_open(json, "probabilities", '{');
  for (int i = 0; answer->on && i < answer->names->n_target; i++)
    json_number(json, answer->names->target[i], (double)answer->on[i]);
  json_close(json, '}');
  json_print(json);
}
