/* The questions about a model in process: guesses are filled in, questions follow the task, what is wrong is
 * said. Skips where no display can be had. */
#include "app/model-questions.h"
#include "ui/model-dialog.h"
#include "ui/picker.h"

#include <string.h>

static const HfModelChoice tasks[] = {
    {"image-classification", "Pictures"}, {"causal-lm", "Text"}, {NULL, NULL}};
static const HfModelQuestion questions[] = {
    {.key = "title", .title = "Name", .value = "net", .reason = "The file’s <name> & no more."},
    {.key = "task",
     .title = "What it takes",
     .value = "image-classification",
     .reason = "Shape.",
     .choices = tasks},
    {.key = "mean", .title = "Mean", .value = "0.5", .reason = "Usual.", .only = "image-classification"},
    {.key = "classes", .title = "Names", .value = "[\"a\"]", .reason = "CIFAR.", .from_file = TRUE},
    {.key = "tokenizer", .title = "Tokeniser", .value = "t.bin", .reason = "Beside.", .only = "causal-lm"},
};

static char *answered;

static void on_answered(HfModelDialog *dialog, char **answers, gpointer data) {
  g_free(answered);
  answered = g_strjoinv("|", answers);
}

static void settle(void) {
  gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;
  while (g_get_monotonic_time() < end && g_main_context_iteration(NULL, FALSE))
    ;
}

static void test_answers(void) {
  GtkWidget *parent = adw_window_new();
  HfModelDialog *dialog = HF_MODEL_DIALOG(
      hf_model_dialog_new(GTK_WINDOW(parent), "net.onnx", questions, G_N_ELEMENTS(questions)));
  g_signal_connect(dialog, "answered", G_CALLBACK(on_answered), NULL);
  gtk_window_present(GTK_WINDOW(dialog));
  settle();
  hf_model_dialog_accept(dialog);
  g_assert_cmpstr(answered, ==, "title|net|task|image-classification|mean|0.5|classes|[\"a\"]");
  hf_model_dialog_set_value(dialog, "task", "causal-lm", NULL);
  hf_model_dialog_set_value(dialog, "title", "Other", NULL);
  hf_model_dialog_set_value(dialog, "classes", "", "None & nothing.");
  hf_model_dialog_set_value(dialog, "nonsense", "x", NULL);
  g_assert_cmpstr(hf_model_dialog_get_value(dialog, "title"), ==, "Other");
  g_assert_null(hf_model_dialog_get_value(dialog, "nonsense"));
  hf_model_dialog_accept(dialog);
  g_assert_cmpstr(answered, ==, "title|Other|task|causal-lm|classes||tokenizer|t.bin");
  hf_model_dialog_refuse(dialog, "The mean has 2 numbers");
  settle();
  gtk_window_destroy(GTK_WINDOW(dialog));
  gtk_window_destroy(GTK_WINDOW(parent));
}

static void assert_text(const char *key, const char *answer, const char *wanted) {
  g_autofree char *text = model_answer_text(key, answer);
  g_assert_cmpstr(text, ==, wanted);
}

static void test_texts(void) {
  assert_text("mean", " 0.5, 0.25 ", "[0.5, 0.25]");
  assert_text("mean", "[1]", "[1]");
  assert_text("mean", "", "");
  assert_text("input_size", "3 × 8 x 9", "[3 , 8 , 9]");
  assert_text("title", " a, b ", "a, b");
}

/* A model without pictures' numbers in its card: all of it is asked but the size, which the graph fixes. */
static void test_questions(void) {
  g_autoptr(FrozenModel) model = frozen_model_new();
  ValueId x = graph_input(model->graph, "x", TENSOR_FLOAT32, &SHAPE(-1, 3, 8, 8));
  graph_set_output(model->graph, GRAPH_ADD(model->graph, "Relu", "y", x));
  g_autoptr(GPtrArray) entries = card_guess(model);
  ModelQuestions asked;
  model_questions_make(&asked, model, entries, false);
  g_autoptr(GString) keys = g_string_new(NULL);
  for (guint i = 0; i < asked.rows->len; i++) {
    const HfModelQuestion *question = &g_array_index(asked.rows, HfModelQuestion, i);
    g_string_append_printf(keys, "%s ", question->key);
    if (g_str_equal(question->key, "mean"))
      g_assert_cmpstr(question->value, ==, "0, 0, 0");
    if (g_str_equal(question->key, "task"))
      g_assert_cmpstr(question->choices[0].value, ==, "image-classification");
  }
  g_assert_cmpstr(keys->str, ==, "title task mean std input_range channel_order classes tokenizer license ");
  model_questions_clear(&asked);
}

static int picked, described, forgotten;

static void count(HfPicker *picker, const char *name, int *counter) {
  g_assert_cmpstr(name, ==, "/home/own.onnx");
  ++*counter;
}

static GtkWidget *find_button(GtkWidget *widget, const char *tip) {
  if (GTK_IS_BUTTON(widget) && g_strcmp0(gtk_widget_get_tooltip_text(widget), tip) == 0)
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_button(child, tip);
  return found;
}

/* Return takes the guesses: it does not fall upon Cancel. */
static void test_focus(void) {
  static const HfModelChoice choices[] = {{"a", "A"}, {"b", "B"}, {NULL, NULL}};
  const HfModelQuestion asked[] = {
      {.key = "task", .title = "Task", .value = "a", .reason = "a guess", .choices = choices}};
  GtkWindow *dialog = GTK_WINDOW(hf_model_dialog_new(NULL, "net.onnx", asked, 1));
  gtk_window_present(dialog);
  settle();
  g_assert_nonnull(gtk_window_get_default_widget(dialog));
  g_assert_true(gtk_window_get_focus(dialog) == gtk_window_get_default_widget(dialog));
  gtk_window_destroy(dialog);
}

/* Only the user's own can be described anew and taken off the list. */
static void test_picker(void) {
  const HfCard cards[] = {{.name = "came-along", .title = "Came along"},
                          {.name = "/home/own.onnx", .title = "Own", .own = true}};
  GtkWidget *window = adw_window_new();
  HfPicker *picker = HF_PICKER(hf_picker_new("Model"));
  adw_window_set_content(ADW_WINDOW(window), GTK_WIDGET(picker));
  g_signal_connect(picker, "picked", G_CALLBACK(count), &picked);
  g_signal_connect(picker, "describe", G_CALLBACK(count), &described);
  g_signal_connect(picker, "forget", G_CALLBACK(count), &forgotten);
  hf_picker_set_more(picker, "More…", "win.more");
  hf_picker_set_cards(picker, cards, 1);
  gtk_window_present(GTK_WINDOW(window));
  hf_picker_open(picker);
  settle();
  g_assert_null(find_button(GTK_WIDGET(picker), "Off the List"));
  hf_picker_set_cards(picker, cards, 2);
  hf_picker_open(picker);
  settle();
  GtkWidget *edit = find_button(GTK_WIDGET(picker), "What Is Known of It");
  g_assert_nonnull(edit);
  g_signal_emit_by_name(edit, "clicked");
  g_signal_emit_by_name(find_button(GTK_WIDGET(picker), "Off the List"), "clicked");
  g_assert_cmpint(described, ==, 1);
  g_assert_cmpint(forgotten, ==, 1);
  g_assert_cmpint(picked, ==, 0);
  gtk_window_destroy(GTK_WINDOW(window));
}

int main(int argc, char **argv) {
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GTK_A11Y", "test", FALSE);
  (g_test_init)(&argc, &argv, NULL);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  g_test_add_func("/model-dialog/answers", test_answers);
  g_test_add_func("/model-dialog/texts", test_texts);
  g_test_add_func("/model-dialog/questions", test_questions);
  g_test_add_func("/model-dialog/focus", test_focus);
  g_test_add_func("/model-dialog/picker", test_picker);
  int failed = g_test_run();
  g_free(answered);
  return failed;
}
